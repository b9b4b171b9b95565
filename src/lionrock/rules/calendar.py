"""Working days: every day but weekends and the public holidays of a calendar.

A calendar is written as `HK`, `GB-SCT` or `HK+optional`: a country or region as the package
`holidays` spells it, and after `+` further categories of its days, such as Hong Kong's general
holidays that no statute requires. None is no calendar: then Saturdays and Sundays alone are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import HolidayBase, country_holidays, list_supported_countries
from holidays.constants import PUBLIC

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

_SPELT = re.compile(r"(?P<country>[A-Z]{2,3})(-(?P<region>[A-Z0-9]+))?(?P<more>(\+[a-z_]+)*)")
_OFFICES_CLOSE = frozenset({5, 6})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The days of a calendar, and the weekdays on which offices are closed (Monday is 0)."""

    days: HolidayBase
    weekend: frozenset[int]


def check_calendar(text: str, *, field: str = "calendar") -> str:
    """Return the name of a calendar that is known; raises `Invalid` otherwise."""
    try:
        _calendar(text)
    except (NotImplementedError, ValueError) as unknown:
        said = message(
            gettext_noop(
                "“{value}” in {field} is no calendar of public holidays. Write a country such as HK, a region such as "
                "GB-SCT, or more of its days as in HK+optional."
            ),
            value=text,
            field=field,
        )
        fault = Fault("rules.calendar.unknown", said, field=field, value=text)
        raise Invalid("rules.calendar.unknown", said, faults=[fault]) from unknown
    return text


@lru_cache(maxsize=64)
def _calendar(text: str) -> _Calendar:
    """Return a calendar; the package raises `NotImplementedError` or `ValueError` for one it does not know."""
    spelt = _SPELT.fullmatch(text)
    if spelt is None or spelt["country"] not in list_supported_countries():
        raise ValueError(text)
    categories = (PUBLIC, *(more for more in spelt["more"].split("+") if more))
    days = country_holidays(spelt["country"], subdiv=spelt["region"], categories=categories)
    return _Calendar(days, _weekend(frozenset(days.weekend)))


def _weekend(stated: frozenset[int]) -> frozenset[int]:
    """Return a weekend of two days; where the law knows one day of rest, offices close on Saturday too."""
    return stated if len(stated) > 1 else stated | _OFFICES_CLOSE


def is_working_day(day: date, calendar: str | None) -> bool:
    """Tell whether a day is neither weekend nor holiday; raises `Invalid` for an unknown calendar."""
    if calendar is None:
        return day.weekday() not in _OFFICES_CLOSE
    known = _calendar(check_calendar(calendar))
    if day in known.days:
        return False
    return day.weekday() not in known.weekend or day in known.days.weekend_workdays


def due_after(start: date, days: int, calendar: str | None) -> date:
    """Return the working day that is `days` working days after `start`, which itself is not counted.

    With 0 it is `start` itself when that is a working day, otherwise the next one. Raises `Invalid`
    for an unknown calendar, `ValueError` for days below zero.
    """
    if days < 0:
        raise ValueError(days)
    due = start
    while not is_working_day(due, calendar) and days == 0:
        due += _DAY
    for _ in range(days):
        due = _next_working_day(due, calendar)
    return due


def _next_working_day(day: date, calendar: str | None) -> date:
    following = day + _DAY
    while not is_working_day(following, calendar):
        following += _DAY
    return following


def working_days(start: date, end: date, calendar: str | None) -> int:
    """Return how many working days `end` lies after `start`, which is not counted; below zero when before it.

    So many days after `start` fell due what `due_after` names. Raises `Invalid` for an unknown calendar.
    """
    if end < start:
        return -working_days(end, start, calendar)
    days = (start + _DAY * number for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day, calendar) for day in days)
