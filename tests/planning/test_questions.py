"""The page of named questions: written by its command, and of the scenarios as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs.explanation.questions import PAGE, QUESTIONS, RULEBOOK, Question, page
from tests.planning.options import H800, fleet, option

from lionrock.planning.scenarios.reading import read_scenario
from lionrock.planning.sweeping import compared


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.scenarios[-1])
def test_the_numbers_on_the_page_are_of_the_scenarios_as_they_are(question: Question) -> None:
    section = PAGE.read_text("utf-8").partition(f"## {question.asked}\n")[2].partition("\n## ")[0]
    told = dict(re.findall(r"`([a-z0-9-]+)` ([0-9a-f]{12})", section))
    assert told == {file.stem: read_scenario(file, RULEBOOK).digest[:12] for file in question.files}


def test_every_scenario_of_the_rulebook_is_asked_about() -> None:
    asked = {name for question in QUESTIONS for name in question.scenarios}
    assert {file.stem for file in (RULEBOOK / "scenarios").glob("*.yaml")} == asked


def test_a_small_version_of_the_page_is_written(tmp_path: Path) -> None:
    less = option(tmp_path, "less", names="{en: Less}")
    more = option(
        tmp_path, "more", names="{en: More}", fleet=fleet(f"id: first, accelerator: {H800}, count: 24, week: 0")
    )
    how = {"results": tmp_path / "kept", "processes": 1, "engine": "fast"}
    found = compared([less.file, more.file], RULEBOOK, 2, "wait", **how)
    written = page([(Question("More?", "wait", ("less", "more"), "A remark."), found)])
    assert "## More?" in written
    assert re.search(r"\*\*(“More” is better|No difference is shown)", written)
    assert "| Mean wait of a job |" in written
    assert f"`more` {more.digest[:12]}" in written
