"""Our own billing cases: worked out by hand, agreed with by the oracle, told through the product's command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.charging.oracle import answer
from tests.charging.told import first_difference

from lionrock.charging.commands.replay import difference, plain, replay
from lionrock.charging.replay.located import read_located

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))
CASES = [case for file in FILES for case in read_located(file)["cases"]]


def _by_id(case: dict[str, Any]) -> str:
    return str(case["id"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_columnar_path_gives_the_answers_of_the_file(file: Path) -> None:
    shown = CliRunner().invoke(replay, [str(file), "--path", "columnar"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.count("as expected") == len(read_located(file)["cases"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_replay_gives_the_answers_of_the_file(file: Path) -> None:
    shown = CliRunner().invoke(replay, [str(file)])
    assert shown.exit_code == 0, shown.output
    assert shown.output.count("as expected") == len(read_located(file)["cases"])
    printed = json.loads(CliRunner().invoke(replay, [str(file), "--json"]).output)
    wanted = [{"id": case["id"], "expect": plain(case["expect"])} for case in read_located(file)["cases"]]
    assert difference(wanted, printed) is None


@pytest.mark.parametrize("case", CASES, ids=_by_id)
def test_the_oracle_agrees(case: dict[str, Any]) -> None:
    assert first_difference(case["expect"], answer(case["input"])) is None


def test_every_case_says_what_it_is_about() -> None:
    assert len(CASES) >= 100
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert all(case["title"] and case["why"] for case in CASES)
