"""When a notice goes out by e-mail, by somebody's wish, its age and the hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.notices.domain import PAUSES, STALE_AFTER, Fate, Pace, Told, Wish, fate, last_daily, next_try

HONG_KONG, PARIS = ZoneInfo("Asia/Hong_Kong"), ZoneInfo("Europe/Paris")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Twelve in Hong Kong; the daily mail of eight o'clock was due four hours ago."""


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("pace", "age", "urgent", "read", "wanted"),
    [
        (Pace.AT_ONCE, hours(0), False, False, Fate.AT_ONCE),
        (Pace.AT_ONCE, hours(1), False, True, Fate.NEVER),
        (Pace.AT_ONCE, STALE_AFTER - hours(1), False, False, Fate.AT_ONCE),
        (Pace.AT_ONCE, STALE_AFTER, False, False, Fate.NEVER),
        (Pace.DAILY, hours(3), False, False, Fate.LATER),
        (Pace.DAILY, hours(4), False, False, Fate.LATER),
        (Pace.DAILY, hours(4.01), False, False, Fate.DIGEST),
        (Pace.DAILY, hours(3), True, False, Fate.AT_ONCE),
        (Pace.DAILY, hours(5), False, True, Fate.NEVER),
        (Pace.DAILY, STALE_AFTER, True, False, Fate.NEVER),
        (Pace.URGENT, hours(1), False, False, Fate.NEVER),
        (Pace.URGENT, hours(1), True, False, Fate.AT_ONCE),
    ],
)
def test_what_becomes_of_a_notice(pace: Pace, age: timedelta, urgent: bool, read: bool, wanted: Fate) -> None:
    told = Told(NOON - age, urgent, read)
    assert fate(told, Wish(pace, 8, HONG_KONG), NOON) is wanted


@pytest.mark.parametrize(
    ("zone", "hour", "now", "wanted"),
    [
        (HONG_KONG, 8, "2026-03-02T00:00", "2026-03-02T00:00"),
        (HONG_KONG, 8, "2026-03-01T23:59", "2026-03-01T00:00"),
        (HONG_KONG, 0, "2026-03-01T16:00", "2026-03-01T16:00"),
        (PARIS, 8, "2026-03-28T09:00", "2026-03-28T07:00"),
        (PARIS, 8, "2026-03-29T09:00", "2026-03-29T06:00"),
        (PARIS, 2, "2026-03-29T00:59", "2026-03-28T01:00"),
        (PARIS, 2, "2026-03-29T01:00", "2026-03-29T01:00"),
        (PARIS, 2, "2026-10-25T00:00", "2026-10-25T00:00"),
    ],
)
def test_the_daily_mail_is_due_by_the_clock_of_its_zone(zone: ZoneInfo, hour: int, now: str, wanted: str) -> None:
    at, due = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, wanted))
    assert last_daily(Wish(Pace.DAILY, hour, zone), at) == due


@given(
    st.integers(0, 10_000_000).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    st.integers(0, 23),
    st.sampled_from([HONG_KONG, PARIS, ZoneInfo("America/St_Johns")]),
)
def test_every_notice_of_a_day_goes_out_within_a_day_and_an_hour(at: datetime, hour: int, zone: ZoneInfo) -> None:
    wish, told = Wish(Pace.DAILY, hour, zone), Told(at, urgent=False, read=False)
    assert last_daily(wish, at) <= at
    assert fate(told, wish, at) is Fate.LATER
    assert fate(told, wish, at + hours(25.001)) is Fate.DIGEST


def test_a_mail_that_fails_waits_longer_each_time_and_is_given_up_in_the_end() -> None:
    waits = [next_try(failures, NOON) for failures in range(1, len(PAUSES) + 1)]
    assert waits == [NOON + pause for pause in PAUSES]
    assert list(PAUSES) == sorted(PAUSES)
    assert hours(40) < sum(PAUSES, timedelta()) < hours(48)
    assert next_try(len(PAUSES) + 1, NOON) is None
