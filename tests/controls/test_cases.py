"""Every case of the rulebook: worked out by hand, on both sides of each version's day, and answered by the rules."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.controls.book import RULEBOOK, on_file

from lionrock.controls.domain.rules import Version
from lionrock.controls.reading.cases import read_cases, run_case
from lionrock.rules.faultlog import FaultLog

LOG = FaultLog()
CASES = read_cases(RULEBOOK / "controls" / "cases", LOG)


@pytest.mark.parametrize("file", sorted({case.place.file for case in CASES}), ids=lambda file: Path(file).stem)
def test_the_rules_answer_as_worked_out_by_hand(file: str) -> None:
    asked = [case for case in CASES if case.place.file == file]
    answers = {case.says: run_case(on_file(), case) for case in asked}
    assert answers == {case.says: dict(case.expect) for case in asked}


def test_no_case_is_misspelt_or_there_twice() -> None:
    assert not LOG.faults
    assert len({case.says for case in CASES}) == len(CASES) > 140


@pytest.mark.parametrize("version", on_file().versions, ids=lambda version: version.id)
def test_both_sides_of_each_boundary_have_a_case(version: Version) -> None:
    days = {case.on for case in CASES}
    assert {version.since, version.since - timedelta(days=1)} <= days


def test_both_sides_of_each_letter_that_decides_have_a_case() -> None:
    days = {case.on for case in CASES}
    deciding = [notice for notice in on_file().notices if notice.over]
    assert len(deciding) >= 6
    for notice in deciding:
        assert {notice.since, notice.since - timedelta(days=1)} <= days, notice.id
