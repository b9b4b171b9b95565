"""The terms of an award over time: the first ones, and each variation from its day on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from lionrock.applications.domain import Request, ends
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Interval, add_months, local_midnight
from lionrock.kernel.quantities import SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class InForce:
    """What an award gives from `since` on, until a later version does.

    `count` devices up to, not including, `valid_to`; `hours` are those of each device of a metered
    award over the whole of its life, where that is less than all the time. `list_price` and `cap`
    are of the whole life too: what was committed to the award from its offer on.
    """

    since: date
    count: int
    hours: int | None
    valid_to: date
    list_price: Money
    cap: Money


@dataclass(frozen=True, slots=True)
class Piece:
    """A span [start, end) of days in which an award gives the same count."""

    start: date
    end: date
    count: int


def in_force_on(versions: Sequence[InForce], day: date) -> InForce:
    """Return the version that holds on a day: the latest not after it, else the first."""
    begun = [version for version in versions if version.since <= day]
    return begun[-1] if begun else versions[0]


def pieces(versions: Sequence[InForce]) -> tuple[Piece, ...]:
    """Return the spans of equal count, in order, without gaps and without empty ones."""
    found: list[Piece] = []
    for span in _spans(versions):
        if found and found[-1].count == span.count:
            found[-1] = Piece(found[-1].start, span.end, span.count)
        else:
            found.append(span)
    return tuple(found)


def _spans(versions: Sequence[InForce]) -> Iterator[Piece]:
    ends = [*(version.since for version in versions[1:]), versions[-1].valid_to]
    for version, end in zip(versions, ends, strict=True):
        if version.since < end:
            yield Piece(version.since, end, version.count)


def quota_of(versions: Sequence[InForce], zone: ZoneInfo) -> int:
    """Return the device-seconds that an award gives over all its life, as its terms stand.

    With a number of hours that is the hours of each device; otherwise every second of each span.
    """
    last = versions[-1]
    if last.hours is not None:
        return last.count * last.hours * SECONDS_PER_HOUR
    return sum(piece.count * seconds_between(piece.start, piece.end, zone) for piece in pieces(versions))


def seconds_asked(request: Request, zone: ZoneInfo) -> int:
    """Return the device-seconds that a request is for."""
    if request.hours is not None:
        return request.count * request.hours * SECONDS_PER_HOUR
    return request.count * seconds_between(request.starts, ends(request), zone)


def seconds_between(start: date, end: date, zone: ZoneInfo) -> int:
    """Return the seconds from 00:00 of one day to 00:00 of another, as the zone's clocks ran."""
    return Interval(local_midnight(start, zone), local_midnight(end, zone)).seconds


def months_between(start: date, end: date) -> Fraction:
    """Return the months from one day to another: whole ones from `start` on, and days of the last one.

    From 10 April to 15 June are 2 months and 5 of the 30 days of the month that begins on 10 June.
    """
    whole = 0
    while add_months(start, whole + 1) <= end:
        whole += 1
    begun, full = add_months(start, whole), add_months(start, whole + 1)
    return whole + Fraction((end - begun).days, (full - begun).days)


def the_day_after(day: date) -> date:
    """Return the next day."""
    return day + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Use:
    """How an award is used by a day: device-seconds granted in all, planned by then (evenly), and booked as used."""

    granted: int
    planned: int
    used: int


def use_by(versions: Sequence[InForce], day: date, used: int, zone: ZoneInfo) -> Use:
    """Return how an award is used by 00:00 of a day, as its terms stand."""
    granted, start, end = quota_of(versions, zone), versions[0].since, versions[-1].valid_to
    begun = seconds_between(start, max(start, min(day, end)), zone)
    return Use(granted, granted * begun // seconds_between(start, end, zone), used)
