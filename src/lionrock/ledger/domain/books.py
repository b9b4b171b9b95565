"""The books of one programme as values: what is exported, and the trial balance."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

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
