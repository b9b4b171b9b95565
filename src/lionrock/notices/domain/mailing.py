"""When a notice goes out by e-mail, and when a mail that failed is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.kernel.periods import local_instant

STALE_AFTER: Final = timedelta(days=7)
"""An older notice no longer goes out: it stands on the page, and mail that was off for a month brings no flood."""
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""How long a mail waits after each failure; after one more it is given up, some forty hours after it was due."""


class Pace(StrEnum):
    """When somebody wants notices by e-mail."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    URGENT = "urgent"


class Fate(StrEnum):
    """What becomes of a notice now: with the next mail, with the daily one, later, or never by e-mail."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Told:
    """What decides about one notice: when it was made, whether it is urgent, whether it was read."""

    at: datetime
    urgent: bool
    read: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants e-mail: at which pace, and at which hour of a zone the daily one."""

    pace: Pace
    hour: int
    zone: ZoneInfo


def fate(notice: Told, wish: Wish, now: datetime) -> Fate:
    """Return what becomes of a notice at `now`; what was read or is stale never goes out."""
    if notice.read or notice.at <= now - STALE_AFTER:
        return Fate.NEVER
    if notice.urgent or wish.pace is Pace.AT_ONCE:
        return Fate.AT_ONCE
    if wish.pace is Pace.URGENT:
        return Fate.NEVER
    return Fate.DIGEST if notice.at < last_daily(wish, now) else Fate.LATER


def last_daily(wish: Wish, now: datetime) -> datetime:
    """Return the last instant up to `now` at which the daily mail was due; summer time is minded."""
    today = now.astimezone(wish.zone).date()
    days = (today, today - timedelta(days=1))
    dues = [local_instant(datetime.combine(day, time(wish.hour)), wish.zone) for day in days]
    return dues[0] if dues[0] <= now else dues[1]


def next_try(failures: int, now: datetime) -> datetime | None:
    """Return when a mail that has failed so many times is tried again; None when it is given up."""
    return now + PAUSES[failures - 1] if failures <= len(PAUSES) else None
