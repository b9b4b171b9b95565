"""Medians, shares within the pledge, ages in bands, and reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median as median_of

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calls.world import NOW, OPERATOR, SHIPPED, World, holder

from lionrock.applications.actions import submit_application
from lionrock.applications.domain.pledges import Pledges, elapsed
from lionrock.applications.domain.requests import ApplicationState
from lionrock.intake.actions import remind_applicants, remind_office, return_application, take_application
from lionrock.intake.domain import ages
from lionrock.intake.domain.ages import HEIGHT, WIDTH, Waited, bands, drawn
from lionrock.intake.domain.timeliness import Stay, median, served
from lionrock.kernel.periods import Month
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.rules.calendar import working_days
from lionrock.rules.rulebook import load_rulebook

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(DAYS, DAYS, st.sampled_from([None, "HK", "HK+optional", "FR"]))
@settings(max_examples=100, deadline=None)
def test_days_counted_by_years_are_the_days_counted_one_by_one(start: date, end: date, calendar: str | None) -> None:
    assert elapsed(start, end, calendar) == working_days(start, end, calendar)
    assert elapsed(end, start, calendar) == -elapsed(start, end, calendar)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 5)), min_size=1, max_size=20))
def test_the_median_is_that_of_the_numbers_written_out(weighted: list[tuple[int, int]]) -> None:
    written_out = [Fraction(value) for value, count in weighted for _ in range(count)]
    assert median(weighted) == median_of(written_out)


def test_a_month_counts_what_ended_in_it() -> None:
    pledges = Pledges(load_rulebook(SHIPPED).programme("hk-aiss-demo"))
    monday = date(2026, 3, 2)
    submitted = ApplicationState.SUBMITTED
    rows = served(
        [
            Stay(submitted, monday, date(2026, 3, 3), 2),
            Stay(submitted, monday, date(2026, 3, 10), 1),
            Stay(submitted, monday, date(2026, 4, 1), 1),
            Stay(ApplicationState.ASSESSED, monday, date(2026, 4, 1), 1),
        ],
        pledges,
    )
    assert [(row.month, row.state.value, row.count, row.median, row.longest, row.share) for row in rows] == [
        (Month(2026, 4), "submitted", 1, Decimal(22), 22, Decimal(0)),
        (Month(2026, 4), "assessed", 1, Decimal(22), 22, Decimal(1)),
        (Month(2026, 3), "submitted", 3, Decimal(1), 6, Decimal("0.666")),
    ]


def test_where_nothing_is_pledged_no_share_is_told() -> None:
    pledges = Pledges(load_rulebook(SHIPPED).programme("hk-aiss"))
    [row] = served([Stay(ApplicationState.SUBMITTED, date(2026, 3, 2), date(2026, 3, 5), 4)], pledges)
    assert (row.count, row.pledged, row.share, row.median) == (4, 0, None, Decimal(3))


def test_every_age_has_one_band() -> None:
    found = bands([Waited(age, 1, late=age > 60) for age in (0, 5, 6, 10, 11, 20, 21, 40, 41, 60, 61, 500)])
    assert [(band.first, band.last, band.count, band.late) for band in found] == [
        (0, 5, 2, 0),
        (6, 10, 2, 0),
        (11, 20, 2, 0),
        (21, 40, 2, 0),
        (41, 60, 2, 0),
        (61, None, 2, 2),
    ]


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 10_000), st.booleans()), max_size=12))
def test_what_is_drawn_stays_inside_and_whatever_there_is_can_be_seen(waited: list[tuple[int, int, bool]]) -> None:
    found = bands([Waited(age, count, late) for age, count, late in waited])
    assert sum(band.count for band in found) == sum(count for _, count, _ in waited)
    highest = max((band.count for band in found), default=0)
    for column in drawn(found, highest):
        assert 0 <= column.top <= column.middle <= column.base == HEIGHT
        assert column.x >= 0
        assert column.x + column.width <= WIDTH
        assert (column.late_height > 0) is (column.band.late > 0)
        assert (column.in_time_height > 0) is (column.band.count > column.band.late)
    assert len(found) == len(ages.EDGES) + 1


@pytest.fixture
def people(world: World) -> World:
    for email, place in (
        ("wong@example.org", {"role": Role.OFFICE, "programme": "hk-aiss-demo"}),
        ("ho@example.org", {"role": Role.OFFICE, "programme": "hk-aiss-demo"}),
        ("chan@example.org", {"role": Role.MEMBER, "organisation": "harbour-university"}),
    ):
        register_person(actor=OPERATOR, email=email, name=email, now=NOW)
        grant_role(actor=OPERATOR, email=email, now=NOW, **place)  # type: ignore[arg-type]
    return world


def told(since: int = 0) -> list[tuple[str, bool]]:
    found = Notice.objects.order_by("id")[since:]
    return sorted((notice.person.email, notice.urgent) for notice in found)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)


BY_DAY = [
    (date(2026, 3, 4), 0),
    (date(2026, 3, 5), 1),
    (date(2026, 3, 6), 0),
    (date(2026, 3, 9), 0),
    (date(2026, 3, 10), 1),
    (date(2026, 3, 13), 0),
    (date(2026, 3, 16), 0),
    (date(2026, 3, 17), 1),
    (date(2026, 3, 24), 1),
]
"""The check is pledged by 9 March: reminded two working days before, when it is broken, and each week after."""


def test_the_office_is_reminded_once_of_each_stage(people: World) -> None:
    people.submitted(people.open_call())
    Notice.objects.all().delete()
    assert [(day, remind_office(at(day)), remind_office(at(day))) for day, _ in BY_DAY] == [
        (day, count, 0) for day, count in BY_DAY
    ]
    each_of_them = [False, True, True, True]
    assert told() == [(email, late) for email in ("ho@example.org", "wong@example.org") for late in each_of_them]
    assert remind_applicants(at(date(2026, 3, 24))) == 0


def test_a_reminder_that_was_missed_goes_out_as_soon_as_somebody_looks(people: World) -> None:
    people.submitted(people.open_call())
    assert [remind_office(at(date(2026, 3, 12))) for _ in range(2)] == [1, 0]


def test_who_has_it_in_hand_is_reminded_alone(people: World) -> None:
    application = people.submitted(people.open_call())
    wong = holder(Role.OFFICE, "hk-aiss-demo")
    take_application(actor=type(wong)("wong@example.org", wong.grants), application=application.code, now=NOW)
    before = Notice.objects.count()
    remind_office(at(date(2026, 3, 10)))
    assert told(before) == [("wong@example.org", True)]


def test_applicants_are_reminded_of_a_question_until_they_answer(people: World) -> None:
    application = people.submitted(people.open_call())
    office = holder(Role.OFFICE, "hk-aiss-demo")
    return_application(actor=office, application=application.code, question="Which?", now=NOW)
    before = Notice.objects.count()
    days = [date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 17)]
    assert [remind_applicants(at(day)) for day in days] == [0, 1, 1]
    assert told(before) == [("chan@example.org", False), ("chan@example.org", True)]
    submit_application(actor=OPERATOR, application=application.code, now=at(date(2026, 3, 18)))
    assert remind_applicants(at(date(2026, 3, 30))) == 0
    application.refresh_from_db()
    assert application.state == "submitted"


@pytest.mark.parametrize("remind", [remind_office, remind_applicants])
def test_where_nothing_is_pledged_nobody_is_reminded(lagoon: World, remind: Callable[[datetime], int]) -> None:
    application = lagoon.submitted(lagoon.open_call())
    office = holder(Role.OFFICE, "lagoon")
    return_application(actor=office, application=application.code, question="Which?", now=lagoon.now)
    assert remind(lagoon.now + timedelta(days=90)) == 0


def test_a_second_round_is_reminded_of_anew(people: World) -> None:
    application = people.submitted(people.open_call())
    assert remind_office(at(date(2026, 3, 10))) == 1
    office = holder(Role.OFFICE, "hk-aiss-demo")
    return_application(actor=office, application=application.code, question="Which?", now=at(date(2026, 3, 11)))
    submit_application(actor=OPERATOR, application=application.code, now=at(date(2026, 3, 12)))
    assert [remind_office(at(day)) for day in (date(2026, 3, 13), date(2026, 3, 17), date(2026, 3, 20))] == [0, 1, 1]
