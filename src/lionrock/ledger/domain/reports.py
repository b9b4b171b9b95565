"""What an accountant asks of the books for a span of months: the trial balance, and the statement of the fund."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account: what it held before, its debits and credits within the span (both zero or more)."""

    account: str
    unit: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """What it holds at the end of the span; debit positive."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts of a programme over a span of months, both included."""

    programme: str
    first: Month
    last: Month
    rows: tuple[TrialRow, ...]

    def totals(self) -> tuple[TrialRow, ...]:
        """Return the sum of each unit; opening and closing are zero, debits equal credits, or they are wrong."""
        units = sorted({row.unit for row in self.rows})
        return tuple(self._total(unit) for unit in units)

    def _total(self, unit: str) -> TrialRow:
        rows = [row for row in self.rows if row.unit == unit]
        return TrialRow(
            "",
            unit,
            sum(row.opening for row in rows),
            sum(row.debit for row in rows),
            sum(row.credit for row in rows),
        )


@dataclass(frozen=True, slots=True)
class AwardMoves:
    """What happened to the money of one award within a span; minor units, `opening` what was committed before."""

    award: str
    opening: int
    committed: int
    released: int
    spent: int

    @property
    def closing(self) -> int:
        """What is committed to it at the end."""
        return self.opening + self.committed - self.released - self.spent


@dataclass(frozen=True, slots=True)
class FundStatement:
    """How the free money of a fund changed over a span of months, and what became of each award's."""

    programme: str
    currency: str
    first: Month
    last: Month
    opening: int
    appropriated: int
    awards: tuple[AwardMoves, ...]

    @property
    def moves(self) -> AwardMoves:
        """The sum over all awards."""
        return added_up(self.awards)

    @property
    def closing(self) -> int:
        """What is free at the end: it began with `opening`, got more, gave to awards and got back."""
        return self.opening + self.appropriated - self.moves.committed + self.moves.released

    def money(self, minor: int) -> Money:
        """Return minor units as an amount."""
        return Money(minor, self.currency)


def added_up(rows: Iterable[AwardMoves]) -> AwardMoves:
    """Return the sum of rows."""
    found = list(rows)
    return AwardMoves(
        "",
        sum(row.opening for row in found),
        sum(row.committed for row in found),
        sum(row.released for row in found),
        sum(row.spent for row in found),
    )
