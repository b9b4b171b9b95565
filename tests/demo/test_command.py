"""`lionrock demo` as people call it, in a home of its own: a trace, a portal, twice, and never over other work."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.integration.home import Home

pytestmark = pytest.mark.integration

TRACE = """
COPY (
    SELECT 100 + number AS job_id, 'user' || number % 3 AS user, ['alpha', 'beta', 'gamma'][1 + number % 3] AS vc,
        number * 20000 AS submit_time, CASE number WHEN 7 THEN 0 WHEN 8 THEN -5 ELSE 3600 * (1 + number % 5) END AS duration,
        (1 + number % 4)::INTEGER AS gpus, 8 AS cpus, 1 AS nodes,
        ['COMPLETED', 'FAILED', 'CANCELLED', 'NODE_FAIL'][1 + number % 4] AS state,
        7200 AS requested_time, 60 AS recorded_wait
    FROM range(200) AS rows(number)
) TO '{file}' (FORMAT parquet)
"""  # noqa: E501


@pytest.fixture
def home(migrated: Home, tmp_path: Path) -> Iterator[Home]:
    made = migrated.copy(tmp_path / "home")
    yield made
    made.gone()


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    yield made
    made.run("demo", "--stop")
    made.gone()


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    file = tmp_path / "trace.parquet"
    duckdb.sql(TRACE.format(file=file))
    return file


def _answers(portal: str) -> bool:
    try:
        with urllib.request.urlopen(f"{portal}sign-in", timeout=30) as page:
            return bool(page.status == 200)
    except urllib.error.URLError:
        return False


def _told(home: Home, *words: str) -> dict[str, Any]:
    return dict(json.loads(home.good("demo", *words, "--json")))


def test_a_trace_becomes_a_demonstration_that_can_be_looked_at_and_told_again(nothing: Home, trace: Path) -> None:
    home = nothing
    first = _told(home, "--trace", str(trace))
    # 20,000 seconds apart, the last 66 begin after the month of at most 31 days; one has no length, one a negative one.
    tally = first["import"]
    assert tally["rows"] == 200
    assert tally["held"] == tally["skipped"]["zero length"] == 1
    assert tally["skipped"]["outside period"] > 60
    assert tally["rows"] == tally["new"] + tally["held"] + sum(tally["skipped"].values())
    assert first["checks"] == []
    assert _answers(first["portal"])
    assert Path(first["statement"]).read_bytes().startswith(b"%PDF-")
    assert "balance" in Path(first["books"]).read_text()

    again = _told(home, "--trace", str(trace), "--check")
    assert [answer for answer in again["checks"] if answer["problem"]] == []
    assert len(again["checks"]) == 9
    assert (again["import"], again["month"]) == (tally, first["month"])
    assert again["statements"] == first["statements"]
    assert again["password"] != first["password"]
    assert not _answers(first["portal"])
    assert not _answers(again["portal"])
    assert home.good("demo", "--stop") == "No portal was running.\n"


def test_a_home_with_other_work_is_left_alone_and_says_whose(home: Home, trace: Path) -> None:
    home.good("organisation", "add", "harbour", "--name", "Harbour University")
    refused = home.run("demo", "--trace", str(trace))
    assert (refused.returncode, refused.stdout) == (6, "")
    assert "demo.database.in_use" in refused.stderr
    assert "Harbour University" in home.good("organisation", "list")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--trace", "nowhere.parquet"), 2, "nowhere.parquet is not a trace that can be read"),
        (("--check", "extra"), 2, "unexpected extra argument"),
    ],
)
def test_what_cannot_be_told_ends_with_a_sentence(home: Home, words: tuple[str, ...], code: int, said: str) -> None:
    ended = home.run("demo", *words)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
