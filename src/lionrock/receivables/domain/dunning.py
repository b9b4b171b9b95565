"""What follows when nobody pays: reminders level by level, and interest where the programme sets it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from lionrock.kernel.messages import Message
from lionrock.kernel.money import settle
from lionrock.rules.shape import Names

DAYS_OF_A_YEAR: Final = 365
"""Interest is reckoned actual/365, in leap years too."""


@dataclass(frozen=True, slots=True)
class Level:
    """A reminder: so many days after the day due; `suspends` stops the use of the debtor's awards."""

    id: str
    label: Names | Message
    days: int
    suspends: bool = False


def levels_reached(levels: Sequence[Level], days_late: int) -> int:
    """Return how many of the levels, in order of their days, a document so many days late has reached."""
    return sum(max(level.days, 1) <= days_late for level in levels)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which the same amount (minor units) was open: from `first` up to, not including, `end`."""

    first: date
    end: date
    amount: int


def interest_of(stretches: Iterable[Stretch], rate: Fraction) -> int:
    """Return simple interest in minor units at a rate per year, rounded once, halves away from zero.

    Nothing is reckoned on a credit, nor on a stretch that ends before it begins.
    """
    exact = sum(
        (max(each.amount, 0) * rate * max((each.end - each.first).days, 0) / DAYS_OF_A_YEAR for each in stretches),
        Fraction(0),
    )
    return settle(exact)
