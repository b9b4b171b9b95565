"""What part of a month a lease owes, under each rule that a programme can choose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.periods import Interval, Month, local_midnight
from lionrock.rules.proration import Proration, part_of_month

HONG_KONG, PARIS = ZoneInfo("Asia/Hong_Kong"), ZoneInfo("Europe/Paris")


def _days(first: date, end: date, tz: ZoneInfo) -> Interval:
    return Interval(local_midnight(first, tz), local_midnight(end, tz))


CASES = [
    ("a whole month", date(2026, 4, 1), date(2026, 5, 1), HONG_KONG, (Fraction(1), Fraction(1), Fraction(1))),
    ("half of April", date(2026, 4, 16), date(2026, 5, 1), HONG_KONG, (Fraction(1, 2), Fraction(1, 2), Fraction(1))),
    ("from March on", date(2026, 3, 1), date(2026, 4, 11), HONG_KONG, (Fraction(1, 3), Fraction(1, 3), Fraction(1))),
    ("all of another month", date(2026, 6, 1), date(2026, 7, 1), HONG_KONG, (Fraction(0),) * 3),
    ("one day", date(2026, 4, 30), date(2026, 5, 1), HONG_KONG, (Fraction(1, 30), Fraction(1, 30), Fraction(1))),
]


@pytest.mark.parametrize(("first", "end", "tz", "parts"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_part_of_april(first: date, end: date, tz: ZoneInfo, parts: tuple[Fraction, ...]) -> None:
    lease, april = _days(first, end, tz), Month(2026, 4)
    rules = (Proration.BY_SECOND, Proration.BY_DAY, Proration.WHOLE_MONTHS)
    assert tuple(part_of_month(rule, lease, april, tz) for rule in rules) == parts


def test_a_month_that_loses_an_hour_is_shorter_in_seconds_only() -> None:
    """In March 2026 Paris has 743 hours; the day of the change has 23."""
    change = _days(date(2026, 3, 29), date(2026, 3, 30), PARIS)
    march = Month(2026, 3)
    assert part_of_month(Proration.BY_SECOND, change, march, PARIS) == Fraction(23, 743)
    assert part_of_month(Proration.BY_DAY, change, march, PARIS) == Fraction(1, 31)


def test_a_day_begun_counts_whole_by_day() -> None:
    start = datetime(2026, 4, 10, 15, 59, 59, tzinfo=UTC)
    lease = Interval(start, start + timedelta(seconds=2))
    assert part_of_month(Proration.BY_DAY, lease, Month(2026, 4), HONG_KONG) == Fraction(2, 30)


@given(
    st.integers(0, 334 * 86400),
    st.integers(0, 90 * 86400),
    st.sampled_from(list(Proration)),
    st.sampled_from([HONG_KONG, PARIS]),
)
def test_a_part_is_never_below_nothing_nor_above_the_whole(
    offset: int, seconds: int, rule: Proration, tz: ZoneInfo
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=offset)
    lease = Interval(start, start + timedelta(seconds=seconds))
    for month in (Month(2026, number) for number in range(1, 13)):
        assert 0 <= part_of_month(rule, lease, month, tz) <= 1
