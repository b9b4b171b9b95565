"""A bank statement in a plain CSV: every fault is named by its line, and the good rows are taken.

The columns are told in `docs/reference/bank-statements.md`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.texts import check_line
from lionrock.receivables.domain.matching import Wish

COLUMNS: Final = ("date", "amount", "currency", "reference", "payer")
"""What a file has to have; `documents` and `note` may be there too."""
OPTIONAL: Final = ("documents", "note")
LARGEST_FILE: Final = 20_000_000
"""Bytes of a file: a year of a busy account is a tenth of it."""
LONGEST_REFERENCE: Final = 100


@dataclass(frozen=True, slots=True)
class BankRow:
    """One payment of the file, well-formed; whether payer and documents are known is for the books to say."""

    line: int
    paid_on: date
    amount: Money
    reference: str
    payer: str
    wishes: tuple[Wish, ...]
    note: str
    raw: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A row that could not be taken: its line, its text and everything that is wrong with it."""

    line: int
    raw: str
    faults: tuple[Fault, ...]


def read_bank_file(content: bytes, name: str, currency: str) -> Iterator[BankRow | HeldLine]:
    """Yield each row of a bank statement, good or held, in order; empty lines are passed over.

    Raises `Invalid` when it is not a table at all: not UTF-8, no heading, columns missing, too large.
    """
    reader = csv.DictReader(io.StringIO(_text(content, name), newline=""), strict=True)
    _check_heading(reader.fieldnames, name)
    rows = iter(reader)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as wrong:
            yield HeldLine(reader.line_num, "", (_fault(name, reader.line_num, "row", str(wrong), _UNREADABLE),))
            continue
        yield _read(row, reader.line_num, name, currency)


_UNREADABLE = gettext_noop("Line {line} is no row of a table ({value}). Check its quotation marks.")
_LONG_ROW = gettext_noop("Line {line} has more cells than the heading has columns. Quote a cell that holds a comma.")


def _text(content: bytes, name: str) -> str:
    if len(content) > LARGEST_FILE:
        said = message(
            gettext_noop("{file} has {size} bytes; a bank statement has {most} at most. Send it in parts."),
            file=name,
            size=len(content),
            most=LARGEST_FILE,
        )
        raise _invalid(said, name)
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as wrong:
        said = message(
            gettext_noop("{file} is not text in UTF-8. Save it as CSV in UTF-8, and send it again."), file=name
        )
        raise _invalid(said, name) from wrong


def _check_heading(found: object, name: str) -> None:
    columns = list(found) if isinstance(found, (list, tuple)) else []
    missing = [column for column in COLUMNS if column not in columns]
    strange = [column for column in columns if column not in COLUMNS + OPTIONAL]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if missing or strange or twice:
        template = gettext_noop(
            "The first line of {file} is to name the columns {known}, and {optional} if there are any. "
            "Missing: {missing}; unknown: {strange}; twice: {twice}."
        )
        lists = {"missing": missing, "strange": strange, "twice": twice}
        words = {key: ", ".join(map(str, value)) or "–" for key, value in lists.items()}
        raise _invalid(
            message(template, file=name, known=", ".join(COLUMNS), optional=", ".join(OPTIONAL), **words), name
        )


def _invalid(said: Message, name: str) -> Invalid:
    return Invalid("receivables.file.table", said, faults=[Fault("receivables.file.table", said, file=name, line=1)])


def _read(row: Mapping[str | None, object], line: int, name: str, currency: str) -> BankRow | HeldLine:
    cells = {key: str(value or "").strip() for key, value in row.items() if key is not None}
    raw = ",".join(cells.values())[:500]
    faults: list[Fault] = []
    if None in row:
        faults.append(_fault(name, line, "row", "", _LONG_ROW))
    made = BankRow(
        line=line,
        paid_on=_day(cells["date"], faults, name, line),
        amount=_amount(cells["amount"], cells["currency"], currency, faults, name, line),
        reference=_line(cells["reference"], "reference", faults, name, line),
        payer=_line(cells["payer"], "payer", faults, name, line),
        wishes=tuple(Wish(each) for each in cells.get("documents", "").replace(";", " ").split()),
        note=cells.get("note", "")[:300],
        raw=raw,
    )
    return HeldLine(line, raw, tuple(faults)) if faults else made


def _day(text: str, faults: list[Fault], name: str, line: int) -> date:
    try:
        if len(text) == len("2026-01-31"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    template = gettext_noop("“{value}” on line {line} is not a date. Write it as 2026-01-31.")
    faults.append(_fault(name, line, "date", text, template))
    return date.min


def _amount(text: str, written: str, currency: str, faults: list[Fault], name: str, line: int) -> Money:
    if written != currency:
        template = gettext_noop("Line {line} is in “{value}”, and the books are kept in {currency}.")
        faults.append(_fault(name, line, "currency", written, template, currency=currency))
    try:
        amount = Money.parse(text, currency)
    except Invalid as wrong:
        faults += [Fault(each.code, each.message, name, line, "amount", text) for each in wrong.faults]
        return Money(0, currency)
    if amount.minor <= 0:
        template = gettext_noop(
            "“{value}” on line {line} is not an amount that came in. Money that went out is not taken."
        )
        faults.append(_fault(name, line, "amount", text, template))
    return amount


def _line(text: str, field: str, faults: list[Fault], name: str, line: int) -> str:
    try:
        return check_line(text, field=field, longest=LONGEST_REFERENCE)
    except Invalid as wrong:
        faults += [Fault(each.code, each.message, name, line, field, text) for each in wrong.faults]
        return ""


def _fault(name: str, line: int, field: str, value: str, template: str, **more: object) -> Fault:
    said = message(template, line=line, value=value, **more)
    return Fault(f"receivables.file.{field}", said, file=name, line=line, field=field, value=value)
