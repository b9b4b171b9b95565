"""Half-open time, months in a zone, and local times where a clock jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.errors import Broken, Invalid
from lionrock.kernel.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    Interval,
    Month,
    add_months,
    local_date,
    local_instant,
    local_midnight,
    zone,
)

HONG_KONG, NEW_YORK, PARIS = ZoneInfo("Asia/Hong_Kong"), ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")
INSTANTS = st.integers(631_152_000, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "place", "instant"),
    [
        ("2026-04-01T00:00", HONG_KONG, "2026-03-31T16:00"),
        ("2026-03-08T02:30", NEW_YORK, "2026-03-08T07:30"),
        ("2026-11-01T01:30", NEW_YORK, "2026-11-01T05:30"),
        ("2026-03-29T02:30", PARIS, "2026-03-29T01:30"),
        ("2026-10-25T02:30", PARIS, "2026-10-25T00:30"),
    ],
    ids=["plain", "gap", "twice", "gap in Paris", "twice in Paris"],
)
def test_a_local_time_is_read_as_rfc_5545_says(local: str, place: ZoneInfo, instant: str) -> None:
    assert local_instant(datetime.fromisoformat(local), place) == utc(instant)


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "/etc/passwd", "Asia", "a\0b", "x" * 5000])
def test_a_zone_is_one_of_the_iana(name: str) -> None:
    with pytest.raises(Invalid):
        zone(name)
    assert zone("Asia/Hong_Kong") == HONG_KONG


@pytest.mark.parametrize(
    "text",
    ["2026-13", "2026-00", "2026-3", "2026-03-01", "26-03", "", "nope", "0000-01", "9999-12", "٢٠٢٦-03", "2026-03\n"],
)
def test_what_is_no_month_is_named(text: str) -> None:
    with pytest.raises(Invalid, match="is not a month") as wrong:
        Month.parse(text)
    assert wrong.value.faults[0].value == text


@given(st.integers(FIRST_YEAR, LAST_YEAR), st.integers(1, 12))
def test_every_month_that_can_be_read_has_its_instants_everywhere(year: int, number: int) -> None:
    month = Month.parse(f"{year:04d}-{number:02d}")
    assert Month.parse(str(month)) == month
    for place in (HONG_KONG, NEW_YORK, ZoneInfo("Pacific/Kiritimati")):
        whole = month.interval(place)
        assert whole.end == month.next.interval(place).start
        assert Month.of(whole.start, place) == month
        assert Month.of(whole.end - timedelta(microseconds=1), place) == month


@given(st.integers(1950, 2900), st.integers(1, 12), st.integers(-500, 500))
def test_months_count_forth_and_back(year: int, number: int, steps: int) -> None:
    month = Month(year, number)
    assert month.plus(steps).plus(-steps) == month
    assert month.plus(1) == month.next
    assert Month.containing(month.first_day) == month


def test_a_month_with_a_clock_change_is_an_hour_shorter_or_longer() -> None:
    assert Month(2026, 3).interval(PARIS).seconds == 31 * 86400 - 3600
    assert Month(2026, 10).interval(PARIS).seconds == 31 * 86400 + 3600
    assert Month(2026, 3).interval(HONG_KONG).seconds == 31 * 86400


@given(INSTANTS, INSTANTS, st.lists(INSTANTS, max_size=5))
def test_the_pieces_of_a_cut_are_the_whole(one: datetime, other: datetime, knives: list[datetime]) -> None:
    whole = Interval(min(one, other), max(one, other))
    pieces = list(whole.cut(knives))
    assert sum((piece.end - piece.start for piece in pieces), timedelta()) == whole.end - whole.start
    assert all(left.end == right.start for left, right in pairwise(pieces))
    assert all(piece.start < piece.end for piece in pieces)


@given(INSTANTS, INSTANTS, INSTANTS, INSTANTS)
def test_an_overlap_is_what_both_hold(a: datetime, b: datetime, c: datetime, d: datetime) -> None:
    one, other = Interval(min(a, b), max(a, b)), Interval(min(c, d), max(c, d))
    found = one.overlap(other)
    assert found == other.overlap(one)
    for instant in (a, b, c, d):
        assert (one.holds(instant) and other.holds(instant)) == (found is not None and found.holds(instant))


def test_an_interval_runs_forward_and_has_offsets() -> None:
    start = utc("2026-01-01T00:00")
    with pytest.raises(Broken):
        Interval(start, start - timedelta(seconds=1))
    with pytest.raises(Broken):
        Interval(start.replace(tzinfo=None), start)


def test_a_date_depends_on_the_zone() -> None:
    instant = utc("2026-03-31T16:00")
    assert local_date(instant, HONG_KONG) == date(2026, 4, 1)
    assert local_date(instant, NEW_YORK) == date(2026, 3, 31)
    assert local_midnight(date(2026, 4, 1), HONG_KONG) == instant
    assert instant.astimezone(timezone(timedelta(hours=8))).hour == 0


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 15), 3, date(2026, 6, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_months_are_added_to_a_day_within_the_calendar(day: date, months: int, after: date) -> None:
    assert add_months(day, months) == after
