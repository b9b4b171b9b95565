"""What part of a calendar month a lease pays for: the programme chooses the rule."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from lionrock.kernel.periods import Interval, Month, local_date


class Proration(StrEnum):
    """By the seconds of the month, by its days (a day begun counts whole), or whole months only."""

    BY_SECOND = "by_second"
    BY_DAY = "by_day"
    WHOLE_MONTHS = "whole_months"


def part_of_month(rule: Proration, lease: Interval, month: Month, tz: ZoneInfo) -> Fraction:
    """Return the part, from 0 to 1, of a month's price that a lease owes for that month in that zone.

    A month with a change to summer time is shorter in seconds and equal in days.
    """
    whole = month.interval(tz)
    held = lease.overlap(whole)
    if held is None:
        return Fraction(0)
    if rule is Proration.BY_SECOND:
        return Fraction(held.seconds, whole.seconds)
    if rule is Proration.BY_DAY:
        return Fraction(_days_touched(held, tz), (month.next.first_day - month.first_day).days)
    return Fraction(1)


def _days_touched(held: Interval, tz: ZoneInfo) -> int:
    last_moment = held.end - timedelta(microseconds=1)
    return (local_date(last_moment, tz) - local_date(held.start, tz)).days + 1
