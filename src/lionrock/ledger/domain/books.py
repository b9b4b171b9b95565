"""The books of one programme as values: what is exported, and the trial balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lionrock.kernel.periods import Month
from lionrock.ledger.domain.journals import PostedJournal


@dataclass(frozen=True, slots=True)
class Book:
    """All journals of a programme, in the order of their instants, then of their numbers."""

    programme: str
    currency: str
    zone: ZoneInfo
    journals: tuple[PostedJournal, ...]


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account of the trial balance: its debits, its credits (both zero or more), their difference."""

    account: str
    unit: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        """Debits less credits."""
        return self.debit - self.credit


def month_ends(book: Book) -> Iterator[tuple[Month, list[tuple[tuple[str, str], int]]]]:
    """Yield how every account (path and unit) stands at the end of each month, from the first to the book's last."""
    changes: dict[Month, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for journal in book.journals:
        for entry in journal.entries:
            changes[Month.of(journal.at, book.zone)][entry.account, journal.unit] += entry.amount
    if not changes:
        return
    stand: dict[tuple[str, str], int] = defaultdict(int)
    month, last = min(changes), max(changes)
    while month <= last:
        for account, amount in changes.get(month, {}).items():
            stand[account] += amount
        yield month, sorted(stand.items())
        month = month.next
