"""What the programme pledges for each state: from when, how many working days, until when, and who keeps it.

A programme that has not set a number of days pledges nothing there. The pledge of a state is the one
in force on the day its clock started: a later change of the rulebook neither takes away what somebody
was promised nor makes late what was in time.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import Final

from lionrock.applications.domain.requests import ApplicationState
from lionrock.kernel.findings import ParameterRead
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.rules.calendar import due_after, is_working_day
from lionrock.rules.programme import Programme
from lionrock.rules.terms import Terms

SOON: Final = 2
"""So many working days before a pledge falls due, those who keep it are reminded."""
_CALENDAR: Final = "calendar.holidays"


class Holder(StrEnum):
    """Who has an application in hand, and so whose time runs."""

    OFFICE = "office"
    APPLICANT = "applicant"
    ASSESSORS = "assessors"
    COMMITTEE = "committee"


class Standing(StrEnum):
    """How a pledge stands on a day."""

    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    LATE = "late"
    KEPT = "kept"
    MISSED = "missed"


class Clock(StrEnum):
    """The day from which a pledge counts."""

    SINCE = "since"
    """The day on which the application came into its state."""
    SUBMITTED = "submitted"
    """The day on which it was last handed in."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What a state asks of whom: the parameter that limits it, and what is to be done next."""

    holder: Holder
    path: str
    days: Callable[[Terms], int | None]
    clock: Clock
    next_step: Message


DUTIES: Final[Mapping[ApplicationState, Duty]] = MappingProxyType(
    {
        ApplicationState.SUBMITTED: Duty(
            Holder.OFFICE,
            "pledges.completeness_days",
            Terms.completeness_days,
            Clock.SINCE,
            message(gettext_noop("The office checks that it is complete and eligible.")),
        ),
        ApplicationState.RETURNED: Duty(
            Holder.APPLICANT,
            "pledges.clarification_days",
            Terms.clarification_days,
            Clock.SINCE,
            message(gettext_noop("The applicant answers the office's question and hands it in again.")),
        ),
        ApplicationState.ELIGIBLE: Duty(
            Holder.ASSESSORS,
            "pledges.assessment_days",
            Terms.assessment_days,
            Clock.SINCE,
            message(gettext_noop("The office assigns assessors, and they score it.")),
        ),
        ApplicationState.ASSESSED: Duty(
            Holder.COMMITTEE,
            "pledges.decision_days",
            Terms.decision_days,
            Clock.SUBMITTED,
            message(gettext_noop("The committee decides.")),
        ),
    }
)
"""Every state in which somebody is waited for: not a draft, which is its authors' affair, nor what has ended."""
WAITED_FOR: Final = tuple(DUTIES)


@dataclass(frozen=True, slots=True)
class Pledge:
    """A promise that runs: `days` working days after `since` it falls due, with the values that say so."""

    holder: Holder
    since: date
    days: int
    due: date
    calendar: str | None
    reads: tuple[ParameterRead, ...]

    def left(self, today: date) -> int:
        """Return the working days that are left; below zero: so many too late."""
        return elapsed(today, self.due, self.calendar)

    def standing(self, today: date) -> Standing:
        """Return how it stands while it runs: late from the day after it fell due."""
        if today > self.due:
            return Standing.LATE
        return Standing.DUE_SOON if self.left(today) <= SOON else Standing.IN_TIME

    def outcome(self, done: date) -> Standing:
        """Return how it ended, when what was promised was done on that day."""
        return Standing.KEPT if done <= self.due else Standing.MISSED


def elapsed(start: date, end: date, calendar: str | None) -> int:
    """Return how many working days `end` lies after `start`; below zero when it lies before.

    The same as `rules.calendar.working_days`, by years counted once: a board asks for thousands.
    """
    whole = sum(_year(year, calendar)[-1] for year in range(start.year, end.year))
    whole -= sum(_year(year, calendar)[-1] for year in range(end.year, start.year))
    return whole + _in_year(end, calendar) - _in_year(start, calendar)


def _in_year(day: date, calendar: str | None) -> int:
    """Return the working days of its year up to and including a day."""
    return _year(day.year, calendar)[day.timetuple().tm_yday]


@lru_cache(maxsize=512)
def _year(year: int, calendar: str | None) -> tuple[int, ...]:
    """Return for each day of a year how many of its days up to that one are working days; 0 before the first."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366 if isleap(year) else 365))
    return tuple(accumulate((is_working_day(day, calendar) for day in days), initial=0))


@lru_cache(maxsize=16384)
def _due(start: date, days: int, calendar: str | None) -> date:
    return due_after(start, days, calendar)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one version of the rulebook says of a state: its days, if any, and the calendar."""

    days: int | None
    calendar: str | None
    reads: tuple[ParameterRead, ...]


class Pledges:
    """The pledges of one programme, each version of its rules read once however many applications ask."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._rules: dict[tuple[ApplicationState, date], _Rule] = {}
        self._changes: dict[ApplicationState, tuple[date, ...]] = {}

    def of(self, state: ApplicationState, since: date) -> Pledge | None:
        """Return the pledge of a state whose clock started on that day; None where nothing is pledged.

        Nothing is for states in which nobody is waited for, and where the programme sets no days.
        """
        if state not in DUTIES:
            return None
        rule = self._rule(state, since)
        if rule.days is None:
            return None
        due = _due(since, rule.days, rule.calendar)
        return Pledge(DUTIES[state].holder, since, rule.days, due, rule.calendar, rule.reads)

    def calendar(self, on: date) -> str | None:
        """Return the calendar of public holidays in force on that day."""
        return self._rule(ApplicationState.SUBMITTED, on).calendar

    def age(self, since: date, today: date) -> int:
        """Return the working days that have gone by since a day."""
        return elapsed(since, today, self.calendar(since))

    def _rule(self, state: ApplicationState, on: date) -> _Rule:
        """Return the rule in force on a day; days between two changes of the rulebook share one."""
        version = max((change for change in self._starts(state) if change <= on), default=date.min)
        found = self._rules.get((state, version))
        if found is None:
            found = self._rules[state, version] = self._read(state, version)
        return found

    def _starts(self, state: ApplicationState) -> tuple[date, ...]:
        if state not in self._changes:
            known = self.programme.parameters
            dated = [known[path] for path in (DUTIES[state].path, _CALENDAR) if path in known]
            self._changes[state] = tuple(value.since for parameter in dated for value in parameter.values)
        return self._changes[state]

    def _read(self, state: ApplicationState, on: date) -> _Rule:
        terms = self.programme.at(on)
        days, calendar = DUTIES[state].days(terms), terms.calendar()
        return _Rule(days, calendar, tuple(terms.record(path) for path in (DUTIES[state].path, _CALENDAR)))
