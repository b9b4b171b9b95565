"""Every case of the rulebook, worked out by hand on both sides of each day, is answered so by the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.assurance.book import RULEBOOK, on_file

from lionrock.assurance.reading.cases import Case, read_cases, run_case
from lionrock.kernel.findings import Grade
from lionrock.rules.faultlog import FaultLog

LOG = FaultLog()
CASES = read_cases(RULEBOOK / "assurance" / "cases", LOG)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_the_rules_answer_as_worked_out_by_hand(case: Case) -> None:
    assert run_case(on_file(), case) == dict(case.expect)


def test_no_case_is_misspelt_or_there_twice() -> None:
    assert not LOG.faults
    assert len({case.says for case in CASES}) == len(CASES) > 25


def test_both_sides_of_each_day_on_which_a_rule_changes_have_a_case() -> None:
    first = min(tier.since for tier in on_file().tiers)
    entries = on_file().entries()
    changes = {day for entry in entries for day in (entry.since, entry.until) if day is not None and day >= first}
    assert len(changes) >= 6
    assert changes | {day - timedelta(days=1) for day in changes} <= {case.on for case in CASES}


def test_every_entry_rests_on_something_that_was_there_on_its_first_day() -> None:
    """A source that came later may explain an entry; it cannot be all that the entry rests on."""
    for entry in on_file().entries():
        cited = [each.citation for each in entry.citations]
        own = {Grade.OWN_DECISION, Grade.RECALLED}
        assert any(each.grade in own or each.dated is None or each.dated <= entry.since for each in cited), entry.id


def test_every_one_of_the_thirty_seven_items_is_on_file() -> None:
    ids = {item.id for item in on_file().items}
    assert {f"RA-{number:02}" for number in range(1, 38)} <= ids
