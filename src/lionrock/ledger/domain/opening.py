"""Balances that books begin with: a table of accounts, checked whole before any of it is booked."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money, parse_decimal
from lionrock.ledger.domain.accounts import amount_text, fits, floor_of
from lionrock.ledger.domain.journals import LARGEST, Entry

COLUMNS: Final = ("account", "unit", "amount")


def read_opening(text: str, name: str) -> Mapping[str, tuple[Entry, ...]]:
    """Return the entries of a table by unit; amounts are in the major unit of a currency, or device-seconds.

    Raises one `Invalid` with every fault: an unknown account, an amount that is none, an account twice,
    less than the account may hold, a book (budget, quota, all else) that does not sum to zero.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        said = message(
            gettext_noop("The first line of {file} is to be: {columns}."), file=name, columns=",".join(COLUMNS)
        )
        raise Invalid("ledger.opening.columns", said, faults=[Fault("ledger.opening.columns", said, file=name, line=1)])
    faults: list[Fault] = []
    found: dict[tuple[str, str], int] = {}
    for row in reader:
        _take(row, reader.line_num, name, found, faults)
    faults += _unbalanced(found, name)
    if faults or not found:
        empty = message(gettext_noop("{file} has no balance to bring in."), file=name)
        raise Invalid("ledger.opening.invalid", faults[0].message if faults else empty, faults=faults)
    units = sorted({unit for _, unit in found})
    return {
        unit: tuple(Entry(path, n) for (path, of), n in sorted(found.items()) if of == unit and n) for unit in units
    }


def _take(
    row: Mapping[str, str | None], line: int, name: str, found: dict[tuple[str, str], int], faults: list[Fault]
) -> None:
    path, unit, written = ((row.get(column) or "").strip() for column in COLUMNS)
    if not fits(path, unit):
        template = gettext_noop("There is no account “{account}” in {unit} (line {line}).")
        faults.append(_fault("account", message(template, account=path, unit=unit, line=line), name, line, path))
        return
    if (path, unit) in found:
        template = gettext_noop("The account {account} stands twice in the table, again on line {line}.")
        faults.append(_fault("twice", message(template, account=path, line=line), name, line, path))
    amount = _amount(written, unit, name, line, faults)
    floor = floor_of(path)
    if floor is not None and amount < floor:
        template = gettext_noop("{account} cannot begin below zero (line {line}).")
        faults.append(_fault("floor", message(template, account=path, line=line), name, line, written))
    found[path, unit] = amount


def _amount(written: str, unit: str, name: str, line: int, faults: list[Fault]) -> int:
    here: list[Fault] = []
    amount = 0
    with collecting(here):
        money = unit in DECIMALS
        amount = Money.parse(written, unit).minor if money else int(parse_decimal(written, places=0, field="amount"))
    faults += [Fault(each.code, each.message, name, line, "amount", written) for each in here]
    if abs(amount) > LARGEST:
        template = gettext_noop("“{value}” is more than an account can hold (line {line}).")
        faults.append(_fault("large", message(template, value=written, line=line), name, line, written))
    return amount


def _unbalanced(found: Mapping[tuple[str, str], int], name: str) -> list[Fault]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for (path, unit), amount in found.items():
        head = path.split("/")[0]
        sums[head if head in ("budget", "quota") else "opening", unit] += amount
    template = gettext_noop(
        "The balances of “{book}” in {unit} sum to {amount} instead of zero. Debits are positive, credits negative."
    )
    return [
        Fault(
            "ledger.opening.balance",
            message(template, book=book, unit=unit, amount=amount_text(amount, unit)),
            file=name,
        )
        for (book, unit), amount in sorted(sums.items())
        if amount
    ]


def _fault(reason: str, said: Message, name: str, line: int, value: str) -> Fault:
    return Fault(f"ledger.opening.{reason}", said, file=name, line=line, field="account", value=value)
