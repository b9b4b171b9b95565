"""Files of questions: the columns of the cases, bad rows that stop no others, and the command without a database."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.controls.book import RULEBOOK, asked

from lionrock.config.cli import main

COLUMNS = "case_id,chip_id,date,destination,exporting_from,end_user_hq_country,datacentre_marketed,expected_eccn_para"
GOOD = "G,nvidia-l40,2023-12-01,CN,US,CN,yes,x"


def called(*given: str) -> Result:
    return CliRunner().invoke(main, ["controls", *given, "--rulebook", str(RULEBOOK)])


def answered(tmp_path: Path, *rows: str) -> tuple[list[dict[str, Any]], Result]:
    file = tmp_path / "rows.csv"
    file.write_text("\n".join((COLUMNS, *rows)) + "\n")
    result = called("determine", "--csv", str(file), "--json")
    return [json.loads(line) for line in result.stdout.splitlines()], result


def test_a_row_is_answered_in_the_words_of_the_cases(tmp_path: Path) -> None:
    (row,), result = answered(tmp_path, GOOD)
    assert result.exit_code == 0
    assert [row[name] for name in ("case_id", "eccn_para", "authorisation", "review_policy")] == [
        "G", "3A090.b.1+b.2", "NAC", "case_by_case",
    ]  # fmt: skip
    assert row["citations"][0] == "15 CFR 740.8"
    assert any(text.startswith("88 FR 73458") and "govinfo.gov" in text for text in row["citations"])


BAD = [
    ("B,nvidia-h1000,2023-12-01,CN,US,CN,yes,", ["controls.chip.unknown"]),
    ("B,nvidia-l40,2019-01-01,CN,US,CN,yes,", ["controls.date.too_early"]),
    ("B,nvidia-l40,01/12/2023,CN,US,CN,yes,", ["controls.date.unreadable"]),
    ("B,nvidia-l40,2023-12-01,XX,US,CN,yes,", ["controls.country.unknown"]),
    ("B,nvidia-l40,2023-12-01,China,US,CN,yes,", ["controls.country.unknown"]),
    ("B,nvidia-l40,2023-12-01,,US,CN,yes,", ["controls.question.missing"]),
    ("B,nvidia-l40,2023-12-01,CN,US,CN,perhaps,", ["controls.question.marketing"]),
    (
        "B,,nonsense,CN,US,CN,perhaps,",
        ["controls.chip.unknown", "controls.date.unreadable", "controls.question.marketing"],
    ),
    ("B,nvidia-l40", ["controls.date.unreadable", "controls.question.missing"]),
]


@pytest.mark.parametrize(("bad", "codes"), BAD)
def test_a_bad_row_is_unknown_with_its_faults_and_stops_no_other(tmp_path: Path, bad: str, codes: list[str]) -> None:
    rows, result = answered(tmp_path, GOOD, bad, GOOD)
    assert [row["authorisation"] for row in rows] == ["NAC", "unknown", "NAC"]
    assert (rows[1]["eccn_para"], rows[1]["review_policy"]) == ("unknown", "n/a")
    assert [fault["code"] for fault in rows[1]["faults"]] == codes
    assert {fault["line"] for fault in rows[1]["faults"]} == {3}
    assert result.exit_code == 2
    assert "rows.csv:3" in result.stderr


def test_blank_marketing_is_the_catalogues_and_codes_may_be_small(tmp_path: Path) -> None:
    rows, _ = answered(tmp_path, "1,nvidia-l40,2023-12-01,cn,us,cn,,", "2,nvidia-rtx-3090,2023-12-01,CN,US,CN,,")
    assert [row["eccn_para"] for row in rows] == ["3A090.b.1+b.2", "excluded_note_2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lacks the columns"),
        ("case_id,chip_id\n1,x\n", "destination"),
        ("\ufeff" + COLUMNS + '\n"1,nv\n', "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_of_questions_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "x.csv"
    file.write_text(text)
    result = called("determine", "--csv", str(file), "--json")
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_command_needs_no_database(tmp_path: Path) -> None:
    """It runs where the database cannot be reached, and does not even import Django."""
    file = tmp_path / "rows.csv"
    with file.open("w", newline="") as written:
        csv.writer(written).writerows([COLUMNS.split(","), GOOD.split(",")])
    script = (
        "import sys; from lionrock.config.cli import main\n"
        f"main(['controls', 'determine', '--csv', {str(file)!r}, '--json'], standalone_mode=False)\n"
        "assert 'django.db' not in sys.modules"
    )
    given = {
        **os.environ,
        "LIONROCK_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "LIONROCK_HOME": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=given)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["authorisation"] == "NAC"


def test_a_determination_in_words_says_why_and_that_it_is_no_advice() -> None:
    journey = ("--to", "HK", "--from", "US", "--headquarters", "HK", "--date", "2023-12-01")
    result = called("determine", "--chip", "nvidia-a10", *journey)
    assert result.exit_code == 0
    for part in (
        "paragraph      not_3A090",
        "borderline, 0.47% off",
        "3A090.b.2: Performance density is 3.184",
        "no legal advice",
    ):
        assert part in result.stdout, part


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (
            ["compare", "--chip", "nvidia-h20-96gb", "--to", "HK", "--between", "2025-04-01", "--and", "2025-05-01"],
            "begins: Letter about the H20",
        ),
        (
            ["alternatives", "--to", "SG", "--headquarters", "SG", "--date", "2024-05-01", "--price", "nvidia-l4=2500"],
            "0.048",
        ),
        (["catalogue"], "nvidia-l40s"),
        (["catalogue", "nvidia-l4"], "fp8 = 242.5; https://"),
    ],
)
def test_the_other_commands_answer(given_: list[str], said: str) -> None:
    result = called(*given_)
    assert result.exit_code == 0, result.output
    assert said in result.stdout
    as_json = called(*given_, "--json")
    assert json.loads(as_json.stdout)


@pytest.mark.parametrize("given_", [["determine", "--chip", "nvidia-l4"], ["compare", "--between", "2024-01-01"]])
def test_what_is_not_asked_cannot_be_answered(given_: list[str]) -> None:
    result = called(*given_)
    assert result.exit_code == 2
    assert "--to" in result.stderr


def test_every_step_of_an_answer_leads_to_a_source() -> None:
    answer = asked("nvidia-h200-sxm-141gb", "2026-02-01", "HK")
    reads = [read for finding in answer.findings for read in finding.parameters]
    assert reads
    assert [read.path for read in reads if read.citation is None] == []
    figures = [read for read in reads if read.path.startswith("accelerators.")]
    assert figures
    assert all(read.citation and (read.citation.address or "").startswith("https://") for read in figures)
