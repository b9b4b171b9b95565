"""Working days, worked out by hand on the wall calendars of Hong Kong, Portugal, Scotland and Saudi Arabia."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.errors import Invalid
from lionrock.rules.calendar import check_calendar, due_after, is_working_day, working_days

GENERAL = "HK+optional"
"""Hong Kong's general holidays: the statutory ones, Good Friday and the day after it."""

CLOSED = [
    ("2026-02-16", GENERAL, True),  # Monday, the eve of Lunar New Year
    ("2026-02-17", GENERAL, False),  # Lunar New Year, a Tuesday
    ("2026-02-18", GENERAL, False),
    ("2026-02-19", GENERAL, False),
    ("2026-02-20", GENERAL, True),  # Friday
    ("2026-02-21", GENERAL, False),  # Saturday
    ("2026-02-22", GENERAL, False),  # Sunday
    ("2025-01-29", GENERAL, False),  # Lunar New Year of the year before
    ("2024-02-13", GENERAL, False),  # the fourth day, as one of the first three was a Sunday
    ("2026-04-03", GENERAL, False),  # Good Friday
    ("2026-04-03", "HK", True),  # which is no statutory holiday
    ("2026-04-06", GENERAL, False),  # Easter Monday
    ("2026-04-07", GENERAL, False),  # in lieu of Ching Ming, on Easter Sunday
    ("2026-04-08", GENERAL, True),
    ("2026-04-06", "PT", True),  # Easter Monday is none in Portugal
    ("2026-06-10", "PT", False),  # the day of Portugal, a Wednesday
    ("2026-06-10", GENERAL, True),
    ("2026-01-02", "GB-SCT", False),  # the second of January, in Scotland only
    ("2026-01-02", "GB-ENG", True),
    ("2026-03-06", "SA", False),  # a Friday
    ("2026-03-08", "SA", True),  # a Sunday
    ("2026-02-28", "CN", True),  # a Saturday worked for the long New Year
    ("2026-03-07", "CN", False),  # a Saturday
    ("2026-02-17", None, True),  # without a calendar only weekends count
    ("2026-02-21", None, False),
]


@pytest.mark.parametrize(("day", "calendar", "works"), CLOSED)
def test_a_day_is_worked_or_not(day: str, calendar: str | None, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day), calendar) is works


DUE = [
    ("2026-02-13", 1, GENERAL, "2026-02-16"),  # from Friday to Monday
    ("2026-02-13", 2, GENERAL, "2026-02-20"),  # over the three days of New Year
    ("2026-02-13", 5, GENERAL, "2026-02-25"),
    ("2026-02-13", 5, None, "2026-02-20"),
    ("2026-02-14", 1, GENERAL, "2026-02-16"),  # received on a Saturday
    ("2026-02-17", 1, GENERAL, "2026-02-20"),  # received on New Year's day
    ("2026-02-16", 0, GENERAL, "2026-02-16"),
    ("2026-02-17", 0, GENERAL, "2026-02-20"),
    ("2026-04-02", 1, GENERAL, "2026-04-08"),  # five days of Easter and Ching Ming
    ("2026-04-02", 1, "PT", "2026-04-06"),
    ("2026-06-08", 2, "PT", "2026-06-11"),  # over 10 June
    ("2026-06-03", 1, "PT", "2026-06-05"),  # over Corpus Christi
    ("2025-12-24", 3, GENERAL, "2025-12-31"),  # 25 and 26 December, then a weekend
    ("2025-12-31", 1, GENERAL, "2026-01-02"),
    ("2026-03-05", 1, "SA", "2026-03-08"),  # from Thursday to Sunday
]


@pytest.mark.parametrize(("start", "days", "calendar", "due"), DUE)
def test_a_pledge_falls_due(start: str, days: int, calendar: str | None, due: str) -> None:
    assert due_after(date.fromisoformat(start), days, calendar) == date.fromisoformat(due)


BETWEEN = [
    ("2026-02-13", "2026-02-13", GENERAL, 0),
    ("2026-02-13", "2026-02-15", GENERAL, 0),  # Sunday
    ("2026-02-13", "2026-02-20", GENERAL, 2),
    ("2026-02-20", "2026-02-13", GENERAL, -2),
    ("2026-02-01", "2026-02-28", GENERAL, 17),  # twenty weekdays less three
    ("2026-02-01", "2026-02-28", None, 20),
    ("2026-04-30", "2026-05-31", "PT", 20),  # twenty-one weekdays less 1 May
]


@pytest.mark.parametrize(("start", "end", "calendar", "days"), BETWEEN)
def test_working_days_between_two_days(start: str, end: str, calendar: str | None, days: int) -> None:
    assert working_days(date.fromisoformat(start), date.fromisoformat(end), calendar) == days


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
calendars = st.sampled_from([GENERAL, "PT", "GB-SCT", "SA", None])


@given(start=days, count=st.integers(1, 60), calendar=calendars)
def test_what_falls_due_after_so_many_days_lies_so_many_days_away(
    start: date, count: int, calendar: str | None
) -> None:
    due = due_after(start, count, calendar)
    assert is_working_day(due, calendar)
    assert working_days(start, due, calendar) == count
    assert working_days(start, due - timedelta(days=1), calendar) == count - 1


@given(first=days, between=st.integers(0, 60), then=st.integers(0, 60), calendar=calendars)
def test_stretches_add_up(first: date, between: int, then: int, calendar: str | None) -> None:
    second = first + timedelta(days=between)
    third = second + timedelta(days=then)
    whole = working_days(first, third, calendar)
    assert working_days(first, second, calendar) + working_days(second, third, calendar) == whole
    assert working_days(third, first, calendar) == -whole


def test_days_below_zero_are_no_pledge() -> None:
    with pytest.raises(ValueError, match="-1"):
        due_after(date(2026, 2, 13), -1, None)


@pytest.mark.parametrize("name", ["HK", "HKG", "GB-SCT", "HK+optional", "PT+optional", "US-CA"])
def test_a_calendar_that_is_known_keeps_its_name(name: str) -> None:
    assert check_calendar(name) == name


@pytest.mark.parametrize("name", ["", "XX", "hk", "GB-ZZ", "HK+", "HK+lunar", "HK optional", "../HK", "Hong Kong"])
def test_a_calendar_that_nobody_keeps_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="no calendar of public holidays") as refused:
        check_calendar(name, field="calendar.holidays")
    assert [(fault.field, fault.value) for fault in refused.value.faults] == [("calendar.holidays", name)]
    with pytest.raises(Invalid):
        due_after(date(2026, 2, 13), 1, name)
