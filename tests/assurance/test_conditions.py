"""Conditions: laid down whole or not at all, reminded of in time, and binding at their point."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.assurance.book import assessed

from lionrock.assurance.domain.assessing import Assessment
from lionrock.assurance.domain.conditions import Condition, Due, check_condition, due_state, holds, meet
from lionrock.assurance.domain.rules import Binding
from lionrock.kernel.errors import Invalid

ON = date(2026, 12, 1)
WHOLE = Condition("c1", "RA-17", "Ms Chan", date(2026, 12, 31), "report of the validator", Binding.BEFORE_FIRST_JOB)


def clear(but: str) -> Assessment:
    """Return a high project on which all is on file but one item."""
    given = {
        "use": "health", "data": "", "reach": "team", "build": "trains", "dangerous": "no", "supervised": "no",
    }  # fmt: skip
    every = [each.item.id for each in assessed(**given).items]
    return assessed(items=[item for item in every if item != but], **given)


def test_a_whole_condition_may_be_laid_down_up_to_its_day() -> None:
    assert check_condition(WHOLE, ON) == WHOLE
    assert check_condition(WHOLE, WHOLE.due) == WHOLE


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"owner": " "}, ["owner"]),
        ({"proof": ""}, ["proof"]),
        ({"due": date(2026, 11, 30)}, ["due"]),
        ({"binds": Binding.BEFORE_MILESTONE}, ["milestone"]),
        ({"milestone": "pilot"}, ["milestone"]),
        ({"owner": "", "proof": " ", "due": date(2020, 1, 1)}, ["owner", "proof", "due"]),
    ],
)
def test_what_is_missing_is_told_at_once(change: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        check_condition(replace(WHOLE, **change), ON)
    assert [fault.code for fault in refused.value.faults] == [f"assurance.condition.{code}" for code in codes]


@pytest.mark.parametrize(
    ("on", "met_on", "expected"),
    [
        (date(2026, 12, 16), None, Due.AHEAD),
        (date(2026, 12, 17), None, Due.REMIND),
        (date(2026, 12, 31), None, Due.REMIND),
        (date(2027, 1, 1), None, Due.OVERDUE),
        (date(2027, 1, 1), date(2026, 12, 20), Due.MET),
        (date(2026, 12, 19), date(2026, 12, 20), Due.REMIND),
    ],
)
def test_reminders_come_before_the_day_and_escalation_after(on: date, met_on: date | None, expected: Due) -> None:
    assert due_state(replace(WHOLE, met_on=met_on), on, remind_days=14) is expected


def test_an_open_item_holds_the_first_job_and_says_what_lifts_it() -> None:
    (held,) = holds(clear("RA-17"), (), Binding.BEFORE_FIRST_JOB)
    assert held.rule == "item.RA-17"
    assert "Named validator" in str(held.remedy)


def test_a_condition_carries_an_item_to_its_own_point() -> None:
    found, later = clear("RA-17"), replace(WHOLE, binds=Binding.BEFORE_RELEASE)
    assert not holds(found, [later], Binding.BEFORE_FIRST_JOB)
    (held,) = holds(found, [later], Binding.BEFORE_RELEASE)
    assert held.rule == "condition.c1"
    assert "Ms Chan" in str(held.remedy)
    assert not holds(found, [meet(later, ON)], Binding.BEFORE_RELEASE)


def test_a_condition_before_a_milestone_binds_at_that_one_and_at_release() -> None:
    found, pilot = clear("RA-17"), replace(WHOLE, binds=Binding.BEFORE_MILESTONE, milestone="pilot")
    assert not holds(found, [pilot], Binding.BEFORE_FIRST_JOB)
    assert not holds(found, [pilot], Binding.BEFORE_MILESTONE, "scale-up")
    assert holds(found, [pilot], Binding.BEFORE_MILESTONE, "pilot")
    assert holds(found, [pilot], Binding.BEFORE_RELEASE)


def test_no_condition_lets_an_unacceptable_use_through() -> None:
    found = assessed(use="subliminal")
    assert "tier.unacceptable" in {hold.rule for hold in holds(found, [meet(WHOLE, ON)], Binding.BEFORE_AWARD)}
