"""Half-open intervals, calendar months in a zone, and local times as RFC 5545 reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lionrock.kernel.errors import Broken, Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
FIRST_YEAR = 1900
LAST_YEAR = 2999
"""Months beyond are slips of the pen, and the calendar has room for their neighbours on both sides."""


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name; raises `Invalid` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as missing:
        said = message(
            gettext_noop("“{value}” is not an IANA time zone. Write one such as Asia/Hong_Kong."), value=name
        )
        fault = Fault("kernel.periods.zone", said, field="time_zone", value=name)
        raise Invalid("kernel.periods.zone", said, faults=[fault]) from missing


def local_instant(local: datetime, tz: ZoneInfo) -> datetime:
    """Return the UTC instant of a local date-time without offset.

    A time in a clock gap is read with the offset before the gap, an ambiguous time is its first
    occurrence (RFC 5545, section 3.3.5; Python's fold=0).
    """
    return local.replace(tzinfo=tz, fold=0).astimezone(UTC)


@lru_cache(maxsize=65536)
def local_midnight(day: date, tz: ZoneInfo) -> datetime:
    """Return the UTC instant of 00:00 local on that day."""
    return local_instant(datetime.combine(day, time()), tz)


def local_date(instant: datetime, tz: ZoneInfo) -> date:
    """Return the calendar date of an instant in a zone."""
    return instant.astimezone(tz).date()


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open span of time [start, end) in UTC; `end` is not before `start`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None or self.end < self.start:
            raise Broken(
                "kernel.periods.interval",
                message(
                    gettext_noop("An interval from {start} to {end} was built."),
                    start=self.start,
                    end=self.end,
                ),
            )

    @property
    def seconds(self) -> int:
        """Length in whole seconds."""
        length = self.end - self.start
        return length.days * 86400 + length.seconds

    def overlap(self, other: Interval) -> Interval | None:
        """Return what both have in common, or None when that is empty."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None

    def holds(self, instant: datetime) -> bool:
        """Tell whether the instant lies inside."""
        return self.start <= instant < self.end

    def cut(self, instants: Iterable[datetime]) -> Iterator[Interval]:
        """Yield the non-empty pieces between the given instants, in order of time."""
        edges = sorted({instant for instant in instants if self.start < instant < self.end})
        starts, ends = [self.start, *edges], [*edges, self.end]
        for start, end in zip(starts, ends, strict=True):
            if start < end:
                yield Interval(start, end)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; its instants depend on the programme's zone."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2026-03"; raises `Invalid`."""
        found = _MONTH.fullmatch(text)
        if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            said = message(gettext_noop("“{value}” is not a month. Write it as 2026-03."), value=text)
            fault = Fault("kernel.periods.month", said, field="month", value=text)
            raise Invalid("kernel.periods.month", said, faults=[fault])
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, instant: datetime, tz: ZoneInfo) -> Month:
        """Return the month that an instant falls in, in that zone."""
        local = instant.astimezone(tz)
        return cls(local.year, local.month)

    @classmethod
    def containing(cls, day: date) -> Month:
        """Return the month of a date."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The first of the month."""
        return date(self.year, self.month, 1)

    @property
    def next(self) -> Month:
        """The month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def plus(self, months: int) -> Month:
        """Return the month that many months later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def interval(self, tz: ZoneInfo) -> Interval:
        """Return the month as an interval of instants in that zone."""
        return Interval(local_midnight(self.first_day, tz), local_midnight(self.next.first_day, tz))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_touched(span: Interval, tz: ZoneInfo) -> Iterator[Month]:
    """Yield every month that the interval has a part in, in order."""
    month = Month.of(span.start, tz)
    while month.interval(tz).start < span.end:
        yield month
        month = month.next


def add_months(day: date, months: int) -> date:
    """Return the same day of the month that many months later, or that month's last day.

    31 January plus one month is 28 (or 29) February.
    """
    target = Month.containing(day).plus(months)
    last = (target.next.first_day - timedelta(days=1)).day
    return date(target.year, target.month, min(day.day, last))
