"""How well the service was: how long each step took that ended in a month, and how often its pledge was kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lionrock.applications.domain.pledges import WAITED_FOR, Pledges, Standing, elapsed
from lionrock.applications.domain.requests import ApplicationState
from lionrock.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Stay:
    """So many applications that left a state on one day, their clock having started on another."""

    state: ApplicationState
    since: date
    left: date
    count: int


@dataclass(frozen=True, slots=True)
class Served:
    """The steps of one kind that ended in one month.

    `median` is in working days, a half where two stand in the middle; `pledged` counts those for which
    the programme pledged a time, and `kept` those of them that were done in it.
    """

    month: Month
    state: ApplicationState
    count: int
    median: Decimal
    longest: int
    pledged: int
    kept: int

    @property
    def share(self) -> Decimal | None:
        """The share within the pledge, between 0 and 1 with at most three decimals; None where nothing was pledged."""
        return Decimal(self.kept * 1000 // self.pledged).scaleb(-3).normalize() if self.pledged else None


def served(stays: Iterable[Stay], pledges: Pledges) -> tuple[Served, ...]:
    """Return a row for each month and state in which anything was done, the latest month first."""
    grouped: dict[tuple[Month, ApplicationState], list[Stay]] = defaultdict(list)
    for stay in stays:
        grouped[Month.containing(stay.left), stay.state].append(stay)
    order = {state: number for number, state in enumerate(WAITED_FOR)}
    keys = sorted(grouped, key=lambda key: (-key[0].year, -key[0].month, order[key[1]]))
    return tuple(_served(month, state, grouped[month, state], pledges) for month, state in keys)


def _served(month: Month, state: ApplicationState, stays: Sequence[Stay], pledges: Pledges) -> Served:
    lengths = [(elapsed(stay.since, stay.left, pledges.calendar(stay.since)), stay.count) for stay in stays]
    judged = [(pledge.outcome(stay.left), stay.count) for stay in stays if (pledge := pledges.of(state, stay.since))]
    return Served(
        month=month,
        state=state,
        count=sum(stay.count for stay in stays),
        median=median(lengths),
        longest=max(length for length, _ in lengths),
        pledged=sum(count for _, count in judged),
        kept=sum(count for outcome, count in judged if outcome is Standing.KEPT),
    )


def median(weighted: Iterable[tuple[int, int]]) -> Decimal:
    """Return the median of whole numbers, each given with how often it stands; there is at least one."""
    ordered = sorted(weighted)
    total = sum(count for _, count in ordered)
    twice = _at(ordered, (total - 1) // 2) + _at(ordered, total // 2)
    return Decimal(twice * 5).scaleb(-1).normalize()


def _at(ordered: Sequence[tuple[int, int]], place: int) -> int:
    """Return the number that stands at a place, counted from 0."""
    for value, count in ordered:
        if place < count:
            return value
        place -= count
    raise IndexError(place)
