"""Every case of every rulebook: a sentence, a date, given facts, the expected result."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lionrock.kernel.periods import local_midnight
from lionrock.rules.cases import Case, read_cases, run_case
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.rulebook import load_rulebook

TESTS = Path(__file__).resolve().parents[1]
RULEBOOKS = (TESTS.parent / "rulebook", TESTS / "rulebook")


def _cases() -> list[tuple[Path, Case]]:
    log = FaultLog()
    folders = [folder for book in RULEBOOKS for folder in sorted((book / "programmes").iterdir())]
    found = [(folder, case) for folder in folders for case in read_cases(folder / "cases", log)]
    assert not log.faults
    return found


CASES = _cases()


@pytest.mark.parametrize(("folder", "case"), CASES, ids=[f"{folder.name}: {case.says}" for folder, case in CASES])
def test_case(folder: Path, case: Case) -> None:
    programme = load_rulebook(folder.parents[1]).programme(folder.name)
    answer = run_case(programme, case)
    assert {key: answer.get(key, "null") for key in case.expect} == dict(case.expect)


def _first_day(starts: datetime, tz: ZoneInfo) -> date:
    """The first day whose beginning is not before the instant: the first that is quoted at the price."""
    day = starts.astimezone(tz).date()
    return day if local_midnight(day, tz) >= starts else day + timedelta(days=1)


@pytest.mark.parametrize("book", RULEBOOKS, ids=["real", "invented"])
def test_every_date_on_which_a_programme_changes_has_cases_on_both_sides(book: Path) -> None:
    for name, programme in load_rulebook(book).programmes.items():
        changes = {version.since for each in programme.parameters.values() for version in each.values}
        for item in programme.items.values():
            changes |= {_first_day(listed.starts, item.zone) for listed in item.prices}
        asked = {case.on for folder, case in CASES if folder.parents[1] == book}
        for change in changes:
            assert any(on >= change for on in asked), (name, change)
            assert any(0 < (change - on).days <= 1 for on in asked), (name, change)
