"""The fund over time: appropriated, committed, spent and free, as they stood at each month's end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.domain.accounts import APPROPRIATION, COMMITTED_PREFIX, FREE, SPENT_PREFIX


@dataclass(frozen=True, slots=True)
class FundMonth:
    """How the fund stood at the end of a month; appropriated = free + committed + spent."""

    month: Month
    appropriated: Money
    committed: Money
    spent: Money
    free: Money


@dataclass(frozen=True, slots=True)
class FundOverview:
    """How the fund stands with everything booked, and how it stood at the end of each month.

    `months` runs without a gap from the first month with a journal to the last.
    """

    programme: str
    currency: str
    appropriated: Money
    committed: Money
    spent: Money
    free: Money
    months: tuple[FundMonth, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """The sum of a month's postings on one budget account, in minor units."""

    month: Month
    account: str
    amount: int


def _part(account: str) -> str:
    if account.startswith(COMMITTED_PREFIX):
        return COMMITTED_PREFIX
    return SPENT_PREFIX if account.startswith(SPENT_PREFIX) else account


def overview(programme: str, currency: str, movements: Iterable[Movement]) -> FundOverview:
    """Add a fund's movements up to its overview."""
    changes: dict[Month, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for movement in movements:
        changes[movement.month][_part(movement.account)] += movement.amount
    stand: dict[str, int] = defaultdict(int)
    months = []
    for month in _gapless(changes):
        for part, change in changes[month].items() if month in changes else ():
            stand[part] += change
        months.append(FundMonth(month, *_parts(stand, currency)))
    return FundOverview(programme, currency, *_parts(stand, currency), months=tuple(months))


def _gapless(months: Iterable[Month]) -> Iterable[Month]:
    known = sorted(months)
    month = known[0] if known else None
    while month is not None and month <= known[-1]:
        yield month
        month = month.next


def _parts(stand: dict[str, int], currency: str) -> tuple[Money, Money, Money, Money]:
    return (
        Money(-stand[APPROPRIATION], currency),
        Money(stand[COMMITTED_PREFIX], currency),
        Money(stand[SPENT_PREFIX], currency),
        Money(stand[FREE], currency),
    )
