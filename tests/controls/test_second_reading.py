"""Questions answered by hand from the facts, before rulebook and code were looked at, by a second reader.

Each row says what is expected, which texts have to be cited, and why. Where the second reader and the rules
disagreed at first and the rules were found right, `why` says so.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.controls.book import on_file

from lionrock.controls.rows import COLUMNS, answer_rows
from lionrock.controls.showing import row_data

FILE = Path(__file__).with_name("second_reading.csv")
WANTED = ("eccn_para", "authorisation", "review_policy")


def rows() -> list[dict[str, str]]:
    with FILE.open(newline="") as text:
        return list(csv.DictReader(text))


def answers(path: Path) -> dict[str, dict[str, object]]:
    return {answered.case: row_data(answered) for answered in answer_rows(on_file(), path)}


ANSWERS = answers(FILE)


@pytest.mark.parametrize("version", sorted({row["date"][:7] for row in rows()}))
def test_the_rules_agree_with_a_second_reader(version: str) -> None:
    asked = [row for row in rows() if row["date"].startswith(version)]
    found = {row["case_id"]: tuple(ANSWERS[row["case_id"]][name] for name in WANTED) for row in asked}
    assert found == {row["case_id"]: tuple(row[f"expected_{name}"] for name in WANTED) for row in asked}


def test_each_answer_cites_the_text_that_decides() -> None:
    lacking = {
        (row["case_id"], text): ANSWERS[row["case_id"]]["citations"]
        for row in rows()
        for text in filter(None, row["legal_hook"].split("; "))
        if text not in " | ".join(map(str, _listed(ANSWERS[row["case_id"]], "citations")))
    }
    assert lacking == {}


def _listed(data: Mapping[str, object], name: str) -> list[object]:
    found = data[name]
    assert isinstance(found, list)
    return found


def test_headquarters_are_cited_only_where_they_decide() -> None:
    for row in rows():
        cited = " | ".join(map(str, _listed(ANSWERS[row["case_id"]], "citations")))
        if row["destination"] == "CN" and row["expected_authorisation"] in ("licence_required", "NAC", "ACA"):
            assert "744.23" not in cited, row


def test_the_second_reading_has_both_sides_of_the_days_that_change_an_answer() -> None:
    days = {date.fromisoformat(row["date"]) for row in rows()}
    turns = ["2022-08-26", "2022-10-21", "2023-01-17", "2023-10-23", "2023-11-17", "2024-04-04", "2025-04-09"]
    for turn in map(date.fromisoformat, [*turns, "2026-01-15", "2020-12-23"]):
        assert {turn, turn - timedelta(days=1)} <= days
    assert len(rows()) > 160


def test_how_a_file_is_written_changes_no_answer(tmp_path: Path) -> None:
    """Another order, more columns, capitals, blanks, other separators, a mark at its head, other ends of line."""
    sample = rows()[10:60]
    again = tmp_path / "again.csv"
    names = ["Extra", *(name.upper() for name in reversed(COLUMNS))]
    words = {"yes": " Y ", "no": "FALSE"}
    lines = [";".join(names)]
    for row in sample:
        told = {**row, "chip_id": row["chip_id"].upper(), "destination": f" {row['destination'].lower()}"}
        told["datacentre_marketed"] = words[row["datacentre_marketed"]]
        lines.append(";".join(["x", *(told[name] for name in reversed(COLUMNS))]))
    again.write_bytes(("\ufeff" + "\r\n".join([*lines, ";" * len(COLUMNS), "", ""])).encode())
    assert answers(again) == {row["case_id"]: ANSWERS[row["case_id"]] for row in sample}


@pytest.mark.parametrize("blank", ["", "-", "n/a", "unknown", "None", "?"])
def test_a_cell_for_which_there_is_nothing_may_be_written_in_many_ways(tmp_path: Path, blank: str) -> None:
    file = tmp_path / "x.csv"
    row = ["1", "nvidia-h100-sxm5-80gb", "2026-02-01", "SG", blank, blank, blank]
    file.write_text("\n".join([",".join(COLUMNS), ",".join(row)]))
    (answer,) = answers(file).values()
    assert answer["authorisation"] == "unknown"
    assert answer["missing"] == ["end_user_hq_country"]
