"""Pledges: which runs in which state, from when, until when, by which value of the rulebook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.calls.world import INVENTED, SHIPPED

from lionrock.applications.domain.pledges import DUTIES, SOON, WAITED_FOR, Holder, Pledge, Pledges, Standing, elapsed
from lionrock.applications.domain.requests import OPEN_TO_AUTHORS, TRANSITIONS, UNDECIDED, ApplicationState
from lionrock.rules.programme import Programme
from lionrock.rules.rulebook import load_rulebook
from lionrock.rules.values import Parameter

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def demo() -> Programme:
    return load_rulebook(SHIPPED).programme("hk-aiss-demo")


def of(programme: Programme, state: str, since: date) -> Pledge:
    pledge = Pledges(programme).of(ApplicationState(state), since)
    assert pledge is not None
    return pledge


@pytest.mark.parametrize(
    ("state", "holder", "days", "due"),
    [
        ("submitted", Holder.OFFICE, 5, date(2026, 3, 9)),
        ("returned", Holder.APPLICANT, 10, date(2026, 3, 16)),
        ("eligible", Holder.ASSESSORS, 20, date(2026, 3, 30)),
        ("assessed", Holder.COMMITTEE, 60, date(2026, 6, 1)),
    ],
)
def test_each_state_has_its_pledge(demo: Programme, state: str, holder: Holder, days: int, due: date) -> None:
    pledge = of(demo, state, MONDAY)
    assert (pledge.holder, pledge.since, pledge.days, pledge.due) == (holder, MONDAY, days, due)


def test_public_holidays_are_no_working_days(demo: Programme) -> None:
    """Easter of 2026 with Ching Ming: 3, 4, 6 and 7 April are general holidays in Hong Kong."""
    assert of(demo, "submitted", date(2026, 4, 1)).due == date(2026, 4, 13)
    assert elapsed(date(2026, 4, 1), date(2026, 4, 13), None) == 8


def test_each_pledge_names_the_values_that_it_rests_on(demo: Programme) -> None:
    reads = of(demo, "submitted", MONDAY).reads
    assert [(read.path, read.value) for read in reads] == [
        ("pledges.completeness_days", "5"),
        ("calendar.holidays", "HK+optional"),
    ]
    assert all(read.citation is not None for read in reads)


@pytest.mark.parametrize("state", sorted(ApplicationState))
def test_a_programme_that_sets_nothing_pledges_nothing(state: ApplicationState) -> None:
    assert Pledges(load_rulebook(SHIPPED).programme("hk-aiss")).of(state, MONDAY) is None


@pytest.mark.parametrize("state", sorted(set(ApplicationState) - set(WAITED_FOR)))
def test_nobody_waits_for_a_draft_or_for_what_has_ended(demo: Programme, state: ApplicationState) -> None:
    assert Pledges(demo).of(state, MONDAY) is None


def test_every_state_between_draft_and_end_asks_something_of_somebody() -> None:
    assert set(WAITED_FOR) == set(UNDECIDED)
    leads_on = {state for state, _verb in TRANSITIONS}
    assert leads_on == set(WAITED_FOR) | {ApplicationState.DRAFT}
    assert all(duty.next_step for duty in DUTIES.values())
    assert ApplicationState.RETURNED in OPEN_TO_AUTHORS


def test_the_pledge_is_that_of_the_day_its_clock_started(demo: Programme) -> None:
    shorter = _changed(demo, "pledges.completeness_days", date(2026, 3, 4), 1)
    pledges = Pledges(shorter)
    dues = [pledges.of(ApplicationState.SUBMITTED, MONDAY + DAY * number) for number in (0, 1, 2)]
    assert [(pledge.days, pledge.due) for pledge in dues if pledge] == [
        (5, date(2026, 3, 9)),
        (5, date(2026, 3, 10)),
        (1, date(2026, 3, 5)),
    ]


def test_before_a_programme_pledges_anything_nothing_is_pledged() -> None:
    lagoon = Pledges(load_rulebook(INVENTED).programme("lagoon"))
    assert lagoon.of(ApplicationState.SUBMITTED, date(2026, 1, 31)) is None
    pledge = lagoon.of(ApplicationState.SUBMITTED, date(2026, 2, 2))
    assert pledge is not None
    assert (pledge.due, pledge.calendar) == (date(2026, 2, 5), "FR")


def _changed(programme: Programme, path: str, since: date, value: int) -> Programme:
    parameter: Parameter = programme.parameters[path]
    added = replace(parameter.values[-1], since=since, value=value)
    changed = replace(parameter, values=(*parameter.values, added))
    return replace(programme, parameters={**programme.parameters, path: changed})


@pytest.mark.parametrize(
    ("today", "left", "standing"),
    [
        (date(2026, 3, 2), 5, Standing.IN_TIME),
        (date(2026, 3, 4), 3, Standing.IN_TIME),
        (date(2026, 3, 5), SOON, Standing.DUE_SOON),
        (date(2026, 3, 7), 1, Standing.DUE_SOON),
        (date(2026, 3, 9), 0, Standing.DUE_SOON),
        (date(2026, 3, 10), -1, Standing.LATE),
        (date(2026, 3, 16), -5, Standing.LATE),
    ],
)
def test_how_a_pledge_stands(demo: Programme, today: date, left: int, standing: Standing) -> None:
    pledge = of(demo, "submitted", MONDAY)
    assert (pledge.left(today), pledge.standing(today)) == (left, standing)


def test_a_pledge_is_kept_on_its_last_day_and_missed_on_the_next(demo: Programme) -> None:
    pledge = of(demo, "submitted", MONDAY)
    assert pledge.outcome(pledge.due) is Standing.KEPT
    assert pledge.outcome(pledge.due + DAY) is Standing.MISSED


def test_a_day_off_after_the_due_day_is_late_although_no_working_day_has_gone_by(demo: Programme) -> None:
    pledge = of(demo, "submitted", date(2026, 2, 27))
    assert pledge.due == date(2026, 3, 6)
    assert (pledge.left(date(2026, 3, 7)), pledge.standing(date(2026, 3, 7))) == (0, Standing.LATE)


def test_age_is_counted_in_working_days(demo: Programme) -> None:
    pledges = Pledges(demo)
    assert [pledges.age(MONDAY, MONDAY + DAY * number) for number in (0, 1, 4, 5, 7)] == [0, 1, 4, 4, 5]
