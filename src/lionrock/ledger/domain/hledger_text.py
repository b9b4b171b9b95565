"""The books in hledger's language, for a second auditor that shares no code with the first.

Follows the journal format of hledger (https://hledger.org/hledger.html#journal): accounts are
parted by colons, a commodity with other signs than letters stands in quotation marks, and a
balance assertion (`=`) holds after the postings of its day that stand before it. Accounts and
commodities are declared, so that `hledger check --strict` can tell a name that is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Final

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.periods import local_date
from lionrock.ledger.domain.accounts import number_text
from lionrock.ledger.domain.books import Book, month_ends
from lionrock.ledger.domain.journals import PostedJournal

_ROOTS: Final = {
    "budget": "equity:budget",
    "quota": "equity:quota",
    "receivable": "assets:receivable",
    "cash": "assets:cash",
    "revenue": "revenues",
    "interest": "income:interest",
    "written-off": "expenses:written-off",
    "remitted": "equity:remitted",
    "opening": "equity:opening",
}
_DAY = timedelta(days=1)


def account_name(path: str) -> str:
    """Return hledger's name of an account: "equity:budget:committed:AW-2026-0001"."""
    kind, *parts = path.split("/")
    return ":".join([_ROOTS[kind], *parts])


def commodity_name(unit: str) -> str:
    """Return hledger's name of a unit: the currency's code, or "seconds:h800-node" in quotation marks for a quota."""
    return unit if unit in DECIMALS else f'"{unit}"'


def hledger_lines(book: Book) -> Iterator[str]:
    """Yield the lines of the book: commodities, accounts, transactions, month-end balances."""
    yield f"; Lionrock: {book.programme}"
    yield ""
    yield from _declarations(book)
    for journal in book.journals:
        yield from _transaction(journal, local_date(journal.at, book.zone))
    for month, stand in month_ends(book):
        yield from _assertions(month.next.first_day - _DAY, stand)


def _declarations(book: Book) -> Iterator[str]:
    for unit in sorted({journal.unit for journal in book.journals}):
        yield f"commodity {_written(0, unit, decimal_mark=True)}"
    for path in sorted({entry.account for journal in book.journals for entry in journal.entries}):
        yield f"account {account_name(path)}"
    yield ""


def _written(amount: int, unit: str, *, decimal_mark: bool = False) -> str:
    """Return an amount; where a format is declared, a decimal mark stands even without decimals."""
    number = number_text(amount, unit)
    return f"{number}{'.' if decimal_mark and '.' not in number else ''} {commodity_name(unit)}"


def _transaction(journal: PostedJournal, day: date) -> Iterator[str]:
    yield f"{day} * ({journal.number}) {_one_line(journal.memo)}"
    yield f"    ; cause: {_one_line(journal.cause)}"
    yield f"    ; actor: {_one_line(journal.actor)}"
    yield f"    ; at: {journal.at.astimezone(UTC).isoformat()}"
    yield f"    ; recorded: {journal.recorded_at.astimezone(UTC).isoformat()}"
    if journal.details:
        yield f"    ; details: {json.dumps(dict(journal.details), sort_keys=True)}"
    for entry in journal.entries:
        yield f"    {account_name(entry.account)}  {_written(entry.amount, journal.unit)}"
    yield ""


def _one_line(text: str) -> str:
    """Return text on one line; a semicolon would begin a comment, and a bar part the payee from the note."""
    return " ".join(text.split()).replace(";", ",").replace("|", "/")


def _assertions(day: date, stand: list[tuple[tuple[str, str], int]]) -> Iterator[str]:
    yield f"{day} * balances"
    for (path, unit), amount in stand:
        yield f"    {account_name(path)}  {_written(0, unit)} = {_written(amount, unit)}"
    yield ""
