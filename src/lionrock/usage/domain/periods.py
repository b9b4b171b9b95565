"""The period of a report, in whole days of a zone, and the steps in which it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import FIRST_YEAR, Interval, Month, local_date, local_midnight

LONGEST_DAYS: Final = 1100
"""Three years and a little: what a report reads at once stays bounded."""
USUAL_DAYS: Final = 30
"""What a report is of when nobody says."""
_MOST_DAYS_DRAWN: Final = 62
_MOST_WEEKS_DRAWN: Final = 400


class Step(StrEnum):
    """How long the steps are in which a period is drawn."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of a zone, `last` included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def span(self) -> Interval:
        """The period as instants."""
        return Interval(local_midnight(self.first, self.zone), local_midnight(_next(self.last), self.zone))

    def until(self, now: datetime) -> Interval:
        """Return as much of the period as has gone by."""
        span = self.span
        return Interval(span.start, max(span.start, min(span.end, now.replace(microsecond=0))))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Step:
        """In which steps it is drawn: days up to two months, weeks up to a year and a little, then months."""
        if self.days <= _MOST_DAYS_DRAWN:
            return Step.DAY
        return Step.WEEK if self.days <= _MOST_WEEKS_DRAWN else Step.MONTH

    def starts(self) -> tuple[date, ...]:
        """Return the first day of each step: weeks begin on Mondays, and the first and last step may be shorter."""
        found, day = [], self.first
        while day <= self.last:
            found.append(day)
            day = _following(day, self.step)
        return tuple(found)

    def edges(self) -> tuple[datetime, ...]:
        """Return the instants between which the steps lie, one more than there are steps."""
        days = (*self.starts(), _next(self.last))
        return tuple(local_midnight(day, self.zone) for day in days)


def usual_period(now: datetime, zone: ZoneInfo) -> Period:
    """Return the days up to today that a report is of when nobody says."""
    today = local_date(now, zone)
    return Period(today - timedelta(days=USUAL_DAYS - 1), today, zone)


def read_period(first: str, last: str, now: datetime, zone: ZoneInfo) -> Period:
    """Read a period from two dates; what is left empty is as usual.

    Raises `Invalid` with a fault for each of: no date, the wrong way round, all of it still to come, too long.
    """
    usual = usual_period(now, zone)
    faults: list[Fault] = []
    ends = _read(last, "to", faults) if last else usual.last
    before = ends - timedelta(days=USUAL_DAYS - 1) if ends and ends.year >= FIRST_YEAR else usual.first
    begins = _read(first, "from", faults) if first else before
    if begins and ends and not faults:
        faults += _faults(begins, ends, usual.last)
    if faults or begins is None or ends is None:
        said = message(gettext_noop("This is no period that can be reported on."))
        raise Invalid("usage.period", said, faults=faults)
    return Period(begins, ends, zone)


def _read(text: str, field: str, faults: list[Fault]) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if FIRST_YEAR <= day.year < date.max.year:
        return day
    said = message(gettext_noop("“{value}” is not a date. Write it as 2026-03-31."), value=text)
    faults.append(Fault("usage.period.date", said, field=field, value=text))
    return None


def _faults(first: date, last: date, today: date) -> list[Fault]:
    found: list[tuple[str, str, Message]] = []
    if first > last:
        said = gettext_noop("The period begins on {value}, after its end on {last}. Exchange the two.")
        found.append(("order", "from", message(said, value=str(first), last=str(last))))
    if first > today:
        said = gettext_noop("The period begins on {value}, which is still to come. Choose a day up to {today}.")
        found.append(("future", "from", message(said, value=str(first), today=str(today))))
    if (last - first).days >= LONGEST_DAYS:
        said = gettext_noop("The period up to {value} is longer than {most} days. Report on shorter ones.")
        found.append(("long", "to", message(said, value=str(last), most=LONGEST_DAYS)))
    values = {"from": str(first), "to": str(last)}
    return [Fault(f"usage.period.{code}", said, field=field, value=values[field]) for code, field, said in found]


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _following(day: date, step: Step) -> date:
    if step is Step.DAY:
        return _next(day)
    if step is Step.WEEK:
        return day + timedelta(days=7 - day.weekday())
    return Month.containing(day).next.first_day
