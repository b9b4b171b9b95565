"""Capacity over time: what is certain, what is licensed, what is applied for, and what is at risk.

The planner calls `capacity_over_time` with changes of its own to see what another order would do.
Petaflops are exact fractions of 10^15 operations a second, at the precision of the rates given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.figures import Figure
from lionrock.controls.domain.story import PER_PETAFLOP
from lionrock.supply.domain.holding import Reason, Why


class Standing(StrEnum):
    """How far capacity can be counted on, the surest first."""

    CERTAIN = "certain"
    """Commissioned, less what is retired."""
    LICENSED = "licensed"
    """Ordered, with all that is required."""
    APPLIED = "applied"
    """Ordered; all that lacks is an answer to what was applied for."""
    AT_RISK = "at_risk"
    """Ordered, and held, expired, late, lost or not known."""


@dataclass(frozen=True, slots=True)
class Change:
    """From a day on so many chips more (or fewer); `cause` names the order, the equipment or the scenario."""

    on: date
    chip: str
    chips: int
    standing: Standing
    cause: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """So many petaflops by a day."""

    petaflops: int
    by: date
    source: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """From a day on: petaflops of each standing, and what changed on that day."""

    on: date
    petaflops: Mapping[Standing, Fraction]
    changes: tuple[Change, ...] = ()

    def up_to(self, standing: Standing) -> Fraction:
        """Petaflops of a standing and of all that is surer."""
        ranks = list(Standing)
        return sum((self.petaflops[each] for each in ranks[: ranks.index(standing) + 1]), Fraction(0))

    @property
    def total(self) -> Fraction:
        """Petaflops of all standings."""
        return self.up_to(Standing.AT_RISK)


@dataclass(frozen=True, slots=True)
class Capacity:
    """Levels from the first day to the last; `unrated` are chips without a stated rate, left out of all levels."""

    levels: tuple[Level, ...]
    first: date
    last: date
    goal: Goal | None = None
    unrated: Mapping[str, int] = field(default_factory=dict)

    def on(self, day: date) -> Level:
        """Return the level that holds on a day, from the first day on."""
        return next(level for level in reversed(self.levels) if level.on <= max(day, self.first))

    def gap(self, standing: Standing) -> Fraction | None:
        """Petaflops that lack on the goal's day when all is counted that is as sure as this; None without a goal."""
        if self.goal is None:
            return None
        return max(self.goal.petaflops - self.on(self.goal.by).up_to(standing), Fraction(0))

    def reached(self, standing: Standing) -> date | None:
        """Return the first day from which the goal is met by what is as sure as this; None when it is not."""
        if self.goal is None:
            return None
        return next((level.on for level in self.levels if level.up_to(standing) >= self.goal.petaflops), None)


def rates_of(items: Mapping[str, Item], precision: Figure = Figure.FP16) -> dict[str, Fraction]:
    """Return the petaflops of one chip, without sparsity, for each whose rate is stated."""
    known = {chip: item.figures.known.get(precision) for chip, item in items.items()}
    return {chip: Fraction(rate) / PER_PETAFLOP for chip, rate in known.items() if rate is not None}


def capacity_over_time(
    changes: Iterable[Change], rates: Mapping[str, Fraction], *, first: date, last: date, goal: Goal | None = None
) -> Capacity:
    """Return the levels from the first day to the last, the first level on the first day.

    `rates` are petaflops of one chip. What changed before the first day is in its level; what is after
    the last is left out.
    """
    counted = sorted((change for change in changes if change.on <= last), key=lambda change: change.on)
    unrated: Counter[str] = Counter()
    for change in counted:
        if change.chip not in rates:
            unrated[change.chip] += change.chips
    sums = dict.fromkeys(Standing, Fraction(0))
    levels: list[Level] = []
    dated = groupby(counted, key=lambda change: max(change.on, first))
    for on, each in dated:
        group = tuple(each)
        for change in group:
            sums[change.standing] += change.chips * rates.get(change.chip, Fraction(0))
        levels.append(Level(on, dict(sums), group))
    if not levels or levels[0].on > first:
        levels.insert(0, Level(first, dict.fromkeys(Standing, Fraction(0))))
    return Capacity(tuple(levels), first, last, goal, {chip: count for chip, count in unrated.items() if count})


@dataclass(frozen=True, slots=True)
class Batch:
    """Chips of a line that come (or came) on one day; `lost` when they did not and are to be sent again."""

    chips: int
    on: date
    arrived: bool = False
    lost: bool = False


def standing_of(reasons: Sequence[Reason], batch: Batch, today: date) -> Standing:
    """Return how far a batch can be counted on, given what holds its line."""
    if batch.lost or (batch.on < today and not batch.arrived):
        return Standing.AT_RISK
    if not reasons:
        return Standing.LICENSED
    return Standing.APPLIED if all(reason.why is Why.APPLIED for reason in reasons) else Standing.AT_RISK


def changes_of(
    chip: str, batches: Iterable[Batch], reasons: Sequence[Reason], today: date, *, cause: str, site: str
) -> list[Change]:
    """Return what the batches of a line add that is not commissioned: none of it before today.

    Where all that lacks is that a paper covers too few chips, those at the end of the line are at risk alone.
    """
    short = sum(reason.chips or 0 for reason in reasons) if all(reason.chips for reason in reasons) else 0
    whole = () if short else reasons
    found: list[Change] = []
    for batch in sorted(batches, key=lambda each: (not each.arrived, each.on), reverse=True):
        uncovered, on = min(short, batch.chips), max(batch.on, today)
        short -= uncovered
        parts = ((uncovered, Standing.AT_RISK), (batch.chips - uncovered, standing_of(whole, batch, today)))
        found += [Change(on, chip, chips, standing, cause, site) for chips, standing in parts if chips]
    return found
