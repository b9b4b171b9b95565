"""The books in Beancount's language, for an independent auditor to check.

Follows the syntax of Beancount 3 (https://beancount.github.io/docs/beancount_language_syntax.html):
account components begin with a capital or a digit, commodities are capitals of at most 24
characters, and a balance holds at the *start* of its day. Exact sums are demanded: with its default
tolerance Beancount would accept a balance that is a cent wrong.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date
from typing import Final

from lionrock.kernel.periods import local_date
from lionrock.ledger.domain.accounts import QUOTA_UNIT_PREFIX, number_text
from lionrock.ledger.domain.books import Book, month_ends
from lionrock.ledger.domain.journals import PostedJournal

_ROOTS: Final = {
    "budget": "Equity:Budget",
    "quota": "Equity:Quota",
    "receivable": "Assets:Receivable",
    "cash": "Assets:Cash",
    "revenue": "Income:Revenue",
    "interest": "Income:Interest",
    "written-off": "Expenses:WrittenOff",
    "remitted": "Equity:Remitted",
    "opening": "Equity:Opening",
}
_LONGEST_COMMODITY = 24


def account_name(path: str) -> str:
    """Return Beancount's name of an account: "Equity:Budget:Committed:AW-2026-0001".

    Each part gets a capital first letter. Award codes are all capitals and slugs all small, and the
    two never stand in the same place, so that no two paths share a name.
    """
    kind, *parts = path.split("/")
    return ":".join([_ROOTS[kind], *(part[0].upper() + part[1:] for part in parts)])


def commodity_name(unit: str) -> str:
    """Return Beancount's name of a unit: the currency's code, or "SEC.H800-NODE" for a quota.

    An item too long for a commodity keeps its first letters and a hash of the whole.
    """
    if not unit.startswith(QUOTA_UNIT_PREFIX):
        return unit
    item = unit.removeprefix(QUOTA_UNIT_PREFIX)
    name = f"SEC.{item.upper()}"
    if len(name) <= _LONGEST_COMMODITY:
        return name
    return f"SEC.{item[:9].upper()}.{hashlib.sha256(item.encode()).hexdigest()[:10].upper()}"


def beancount_lines(book: Book) -> Iterator[str]:
    """Yield the lines of the book: options, commodities, accounts, transactions, month-end balances."""
    yield f"option {_quoted('title')} {_quoted(f'Lionrock: {book.programme}')}"
    yield f'option "operating_currency" "{book.currency}"'
    yield 'option "tolerance_multiplier" "0"'
    yield ""
    yield from _openings(book)
    for journal in book.journals:
        yield from _transaction(journal, local_date(journal.at, book.zone))
    yield from _balances(book)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _openings(book: Book) -> Iterator[str]:
    units: dict[str, date] = {}
    opened: dict[str, date] = {}
    for journal in book.journals:
        day = local_date(journal.at, book.zone)
        units.setdefault(journal.unit, day)
        for entry in journal.entries:
            opened.setdefault(entry.account, day)
    for unit, day in sorted(units.items()):
        yield f"{day} commodity {commodity_name(unit)}"
        yield f"  name: {_quoted(unit)}"
    for path, day in sorted(opened.items()):
        yield f"{day} open {account_name(path)}"
        yield f"  path: {_quoted(path)}"
    yield ""


def _transaction(journal: PostedJournal, day: date) -> Iterator[str]:
    yield f"{day} * {_quoted(journal.memo)}"
    yield f'  journal: "{journal.number}"'
    yield f"  cause: {_quoted(journal.cause)}"
    yield f"  actor: {_quoted(journal.actor)}"
    yield f'  at: "{journal.at.astimezone(UTC).isoformat()}"'
    yield f'  recorded: "{journal.recorded_at.astimezone(UTC).isoformat()}"'
    if journal.details:
        yield f"  details: {_quoted(json.dumps(dict(journal.details), ensure_ascii=False, sort_keys=True))}"
    commodity = commodity_name(journal.unit)
    for entry in journal.entries:
        yield f"  {account_name(entry.account)}  {number_text(entry.amount, journal.unit)} {commodity}"
    yield ""


def _balances(book: Book) -> Iterator[str]:
    for month, stand in month_ends(book):
        for (path, unit), amount in stand:
            number = number_text(amount, unit)
            yield f"{month.next.first_day} balance {account_name(path)}  {number} {commodity_name(unit)}"
        yield ""
