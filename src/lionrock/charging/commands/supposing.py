"""`lionrock charge what-if`: months at other prices, shares or caps; nothing is written."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import click

from lionrock.charging.domain.prices import PriceVersion
from lionrock.charging.domain.supposing import ALL, Comparison, Sums, Supposition
from lionrock.charging.what_if import what_if
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, Price, parse_share
from lionrock.kernel.periods import Month, local_instant, local_midnight
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.rules.programme import Programme
from lionrock.terminal.output import Table, json_option, show

Value = TypeVar("Value")
MOST_MONTHS = 120


@click.command("what-if")
@click.option("--programme", required=True, metavar="ID", help="Whose months they are.")
@click.option("--month", required=True, help="The first of them, such as 2026-10; closed or open.")
@click.option("--until", "last", help="The last of them, itself included (default: the first).")
@click.option(
    "--prices",
    type=click.Path(path_type=Path),
    help="A CSV file with the columns item, from and price: the whole list of each item that is in it.",
)
@click.option("--share", "shares", multiple=True, metavar="[AWARD=]SHARE", help="Such as 0.5; of one award or of all.")
@click.option("--cap", "caps", multiple=True, metavar="[AWARD=]AMOUNT", help="Over an award's life; of one or of all.")
@as_option
@json_option
def compare(
    programme: str,
    month: str,
    last: str | None,
    prices: Path | None,
    shares: tuple[str, ...],
    caps: tuple[str, ...],
    actor: Actor,
    as_json: bool,
) -> None:
    """Compare what months come to with what they would at other prices, shares or caps. Nothing is written.

    Example: lionrock charge what-if --programme hk-aiss-demo --month 2026-10 --share 0.5
    """
    rules = programme_on_file(programme)
    supposed = Supposition(
        prices=read_prices(prices, rules) if prices else {},
        shares=_by_award(shares, parse_share),
        caps=_by_award(caps, lambda text: Money.parse(text, rules.currency, field="cap").minor),
    )
    found = what_if(actor, programme, _months(month, last or month), supposed)
    show(comparison_data(found), _table(found), as_json=as_json)


def _months(first: str, last: str) -> list[Month]:
    month, until = Month.parse(first), Month.parse(last)
    months = [month.plus(number) for number in range(MOST_MONTHS) if month.plus(number) <= until]
    if not months or months[-1] != until:
        said = message(
            gettext_noop("“{value}” is before the first month, or more than {most} months after it."),
            value=last,
            most=MOST_MONTHS,
        )
        raise Invalid(
            "charging.what_if.months", said, faults=[Fault("charging.what_if.months", said, field="until", value=last)]
        )
    return months


def _by_award(given: Iterable[str], read: Callable[[str], Value]) -> dict[str, Value]:
    """Return what is said of each award; without an award, of all."""
    found = {}
    for text in given:
        award, equals, value = text.rpartition("=")
        found[award if equals else ALL] = read(value)
    return found


def read_prices(file: Path, programme: Programme) -> dict[str, tuple[PriceVersion, ...]]:
    """Return the price lists in a CSV file; raises `Invalid` with every fault by its line."""
    faults: list[Fault] = []
    found: dict[str, list[PriceVersion]] = {}
    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as wrong:
        raise _unreadable(file, str(wrong)) from wrong
    for line, row in enumerate(rows, 2):
        own: list[Fault] = []
        with collecting(own):
            _take(row, programme, found)
        faults += [replace(fault, file=str(file), line=line) for fault in own]
    if not rows:
        faults += [replace(fault, file=str(file), line=1) for fault in _wrong(_EMPTY, "item", "").faults]
    if faults:
        raise Invalid("charging.what_if.prices", faults[0].message, faults=faults)
    return {item: tuple(versions) for item, versions in found.items()}


_EMPTY = gettext_noop("There is no price in the file. Write the columns item, from and price, and a row for each.")
_TWICE = gettext_noop("Two prices of the item begin at “{value}”. Keep one of them.")
_NO_START = gettext_noop("“{value}” is not a date or date-time. Write 2026-10-01, or 2026-10-01T09:00.")
_LACKING = gettext_noop("There is no “{field}” in the row. Write the columns item, from and price.")


def _take(row: Mapping[str, str | None], programme: Programme, found: dict[str, list[PriceVersion]]) -> None:
    version = _version(row, programme)
    known = found.setdefault(version.item, [])
    if any(one.starts == version.starts for one in known):
        raise _wrong(_TWICE, "from", version.label)
    known.append(version)


def _version(row: Mapping[str, str | None], programme: Programme) -> PriceVersion:
    for name in ("item", "from", "price"):
        if not row.get(name):
            raise _wrong(_LACKING, name, "")
    item = programme.item(str(row["item"]))
    label = str(row["from"])
    try:
        if len(label) > len("2026-10-01"):
            given = datetime.fromisoformat(label)
            starts = given.astimezone(UTC) if given.tzinfo else local_instant(given, item.zone)
        else:
            starts = local_midnight(date.fromisoformat(label), item.zone)
    except (ValueError, OverflowError) as wrong:
        raise _wrong(_NO_START, "from", label) from wrong
    price = Price.parse(str(row["price"]), programme.currency)
    return PriceVersion(item.id, None, starts, label, price, item.unit)


def _wrong(template: str, field: str, value: str) -> Invalid:
    said = message(template, field=field, value=value)
    fault = Fault("charging.what_if.price", said, field=field, value=value)
    return Invalid("charging.what_if.price", said, faults=[fault])


def _unreadable(file: Path, reason: str) -> Invalid:
    said = message(gettext_noop("{file} cannot be read: {reason}."), file=str(file), reason=reason)
    return Invalid("charging.what_if.file", said, faults=[Fault("charging.what_if.file", said, str(file))])


def comparison_data(found: Comparison) -> dict[str, object]:
    """Return a comparison as plain values, in minor units of its currency."""
    return {
        "currency": found.currency,
        "accounts": [
            {
                "account": account,
                "as_is": _sums(found.as_is.get(account, Sums())),
                "supposed": _sums(found.supposed.get(account, Sums())),
                "difference": _sums(found.difference(account)),
            }
            for account in found.accounts
        ],
        "as_is": _sums(found.total_as_is),
        "supposed": _sums(found.total_supposed),
        "difference": _sums(found.total_supposed - found.total_as_is),
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {"gross": sums.gross, "subsidy": sums.subsidy, "user": sums.user}


def _table(found: Comparison) -> Table:
    whole = found.total_supposed - found.total_as_is
    rows = [[one, *_amounts(found.supposed.get(one, Sums()), found.difference(one), found)] for one in found.accounts]
    rows.append(["all", *_amounts(found.total_supposed, whole, found)])
    headings = ["account", "list price", "scheme", "user", "± list price", "± scheme", "± user"]
    return Table(headings, rows, right=frozenset(headings[1:]))


def _amounts(supposed: Sums, more: Sums, found: Comparison) -> list[str]:
    amounts = (supposed.gross, supposed.subsidy, supposed.user, more.gross, more.subsidy, more.user)
    return [str(Money(amount, found.currency)) for amount in amounts]
