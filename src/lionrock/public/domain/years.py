"""The year that a programme reports on: the calendar year, or twelve months from a month that it has set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Interval, Month, local_date, local_midnight
from lionrock.rules.programme import Programme

_YEAR = re.compile(r"\d{4}", re.ASCII)
JANUARY = 1


@dataclass(frozen=True, slots=True)
class ReportYear:
    """Twelve months from `first` on, named by the year in which they begin."""

    first: Month

    @property
    def number(self) -> int:
        """The year in which it begins; so it is asked for."""
        return self.first.year

    @property
    def label(self) -> str:
        """How people write it: "2026", or "2026/27" where it runs into the next year."""
        return str(self.number) if self.first.month == JANUARY else f"{self.number}/{(self.number + 1) % 100:02d}"

    @property
    def last(self) -> Month:
        """Its last month."""
        return self.first.plus(11)

    def months(self) -> tuple[Month, ...]:
        """Return its twelve months."""
        return tuple(self.first.plus(number) for number in range(12))

    def interval(self, zone: ZoneInfo) -> Interval:
        """Return it as instants in the programme's zone."""
        return Interval(*(local_midnight(month.first_day, zone) for month in (self.first, self.last.next)))


def years_of(programme: Programme, now: datetime) -> tuple[ReportYear, ...]:
    """Return the years that can be reported on, the latest first: from the programme's first day to now."""
    today = local_date(now, programme.zone)
    begins = programme.at(today).report_year_begins() or JANUARY
    newest, oldest = _holding(today, begins), _holding(min(programme.opens, today), begins)
    return tuple(ReportYear(Month(year, begins)) for year in range(newest, oldest - 1, -1))


def _holding(day: date, begins: int) -> int:
    return day.year if day.month >= begins else day.year - 1


def chosen_year(programme: Programme, asked: str | None, now: datetime) -> ReportYear:
    """Return the year that is asked for, such as "2026"; the one that runs where none is.

    Raises `Invalid` naming those that there are.
    """
    known = years_of(programme, now)
    if not asked:
        return known[0]
    found = [year for year in known if _YEAR.fullmatch(asked) and year.number == int(asked)]
    if found:
        return found[0]
    said = message(
        gettext_noop("“{value}” is not a year of {programme}. There are results of: {known}."),
        value=asked,
        programme=programme.id,
        known=", ".join(str(year.number) for year in known),
    )
    raise Invalid("public.results.year", said, faults=[Fault("public.results.year", said, field="year", value=asked)])
