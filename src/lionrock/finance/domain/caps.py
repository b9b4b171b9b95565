"""How close awards are to what they may spend, and when they reach it at their present pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from lionrock.kernel.periods import Month

LITTLE: Final = Fraction(1, 5)
"""Less than this part of its cap left is little."""


class Nearness(StrEnum):
    """How close an award is to its cap, the closest first."""

    USED_UP = "used_up"
    BEFORE_ITS_END = "before_its_end"
    LITTLE_LEFT = "little_left"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an award may spend in all and what is left of it, in minor units, at a pace of so much a month.

    `pace` is the mean of those of the latest closed months in which the award paid, None before the first.
    `through` is the last closed month, `ends` the day from which the award pays no more.
    """

    cap: int
    left: int
    pace: Fraction | None
    through: Month
    ends: date

    @property
    def share_left(self) -> Fraction:
        """What is left of the cap; an award of nothing has nothing left."""
        return Fraction(self.left, self.cap) if self.cap else Fraction(0)

    @property
    def months_left(self) -> int | None:
        """For how many whole months what is left lasts at the present pace; None when it is not known or for ever."""
        return None if not self.pace or self.pace <= 0 else int(self.left / self.pace)

    @property
    def lasts_through(self) -> Month | None:
        """The last month that is covered in full at the present pace."""
        return None if self.months_left is None else self.through.plus(self.months_left)

    @property
    def nearness(self) -> Nearness:
        """How close it is: a pace that uses it up before its last month counts before a small rest."""
        if self.left <= 0:
            return Nearness.USED_UP
        lasts = self.lasts_through
        if lasts is not None and lasts < last_month(self.ends):
            return Nearness.BEFORE_ITS_END
        return Nearness.LITTLE_LEFT if self.share_left < LITTLE else Nearness.FAR


def last_month(ends: date) -> Month:
    """Return the last month in which an award pays, that ends at 00:00 of a day."""
    month = Month.containing(ends)
    return month.plus(-1) if ends.day == 1 else month
