"""The gate from a terminal, and files that cannot stand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.assurance.book import RULEBOOK

from lionrock.assurance.commands import assurance
from lionrock.assurance.reading.book import load_book
from lionrock.kernel.errors import Invalid

ANSWERS = "on: 2026-11-23\nanswers:\n  use: credit\n  data: [personal]\nitems:\n  RA-01: Ms Chan\n"


def called(*words: str) -> Result:
    return CliRunner().invoke(assurance, [*words, "--rulebook", str(RULEBOOK)])


def written(folder: Path, text: str, name: str = "answers.yaml") -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_the_tier_says_why_what_would_lower_it_and_what_is_open(tmp_path: Path) -> None:
    said = called("tier", written(tmp_path, ANSWERS)).output
    assert said.startswith("Tier: High. ")
    assert "high-risk-uses-recalled (recalled)" in said
    assert "use: none instead of credit → Limited" in said
    assert "RA-01 " not in said
    assert "RA-17 " in said
    assert "May still apply: " in said


def test_json_answers_are_read_and_json_is_given(tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps({"answers": {"use": ["credit"], "data": ["personal"]}}), "answers.json")
    data = json.loads(called("tier", file, "--on", "2026-11-23", "--json").stdout)
    assert (data["tier"]["id"], data["editions"]) == ("high", ["core@2025-04-15", "finance@2024-11-12"])
    states = {item["id"]: item["state"] for item in data["items"]}
    assert (states["RA-17"], states["RA-11"]) == ("open", "not_applicable")
    assert {hold["rule"] for hold in data["holds"]["before_award"]} >= {"item.RA-01", "question.reach"}
    assert data["items"][0]["question"]["zh-hant"]


def test_only_what_the_answers_make_relevant_is_asked(tmp_path: Path) -> None:
    data = json.loads(called("ask", written(tmp_path, ANSWERS), "--json").stdout)
    assert [question["id"] for question in data["next"]] == [
        "reach", "build", "dangerous", "supervised", "volume", "zone",
    ]  # fmt: skip
    assert data["later"] == ["advice"]


def test_an_item_names_its_sources() -> None:
    data = json.loads(called("items", "ra-37", "--on", "2024-11-11", "--json").stdout)
    assert [source["source"] for source in data["answers_to"]] == ["hkma-genai-2024", "assurance-own"]
    assert called("items", "RA-99", "--on", "2026-11-23").exit_code == 5
    assert "FS-08" in called("items", "--on", "2026-11-23").output


def test_every_fault_of_a_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, "on: 2026-11-23\nanswers:\n  usse: []\n  data: [pets]\nitems:\n  RA-99: x\n")
    result = called("tier", file)
    assert result.exit_code == 2
    assert [f"{file}:{line}: " in result.output for line in (3, 4, 6)] == [True] * 3


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("finance.yaml", "{advice: [", "{advize: [", "assurance.file.word"),
        ("core.yaml", "when: [{use: [subliminal]}]", "when: [{declaration: [no]}]", "assurance.file.circle"),
        ("core.yaml", "    until: 2025-03-31\n", "", "assurance.file.twice"),
        ("core.yaml", "binds: before_award", "binds: sometime", "assurance.file.word"),
        ("core.yaml", ', zh-hant: "所有項目"', "", "assurance.file.language"),
        ("core.yaml", "answers_to: [{source: assurance-own}]", "answers_to: []", "assurance.file.source"),
        ("core.yaml", "{source: assurance-own}", "{source: assurance-won}", "rules.source.unknown"),
    ],
)
def test_a_rulebook_with_a_fault_is_not_used(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    shutil.copytree(RULEBOOK / "assurance", tmp_path / "assurance")
    shutil.copy(RULEBOOK / "sources.yaml", tmp_path)
    path = tmp_path / "assurance" / file
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(Invalid) as refused:
        load_book(tmp_path)
    assert code in {fault.code for fault in refused.value.faults}
