"""Traces made of the weeks that users had in another trace."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import duckdb
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from lionrock.config.cli import main
from lionrock.kernel.errors import Invalid
from lionrock.planning.domain.resampling import WEEK, resample

SUBMIT = [100, 200, 100 + WEEK, 300 + WEEK, 250, 100 + 2 * WEEK - 1, -1, 100 + 2 * WEEK + 5]
USERS = ["a", "a", "a", "b", "b", "b", "a", "a"]
USER_WEEKS = [{0, 1}, {4}, {2}, {3, 5}]
"""Rows of each user in each of the two whole weeks; the seventh has no time, the last is of a week cut short."""


@given(st.integers(0, 1_000), st.integers(1, 8), st.integers(1, 300))
def test_what_a_user_did_in_a_week_stays_together_at_the_same_second_of_the_week(
    seed: int, weeks: int, percent: int
) -> None:
    made = list(resample(SUBMIT, USERS, weeks=weeks, percent=percent, random=Random(seed)))
    assert [submit for _, submit in made] == sorted(submit for _, submit in made)
    assert all(submit % WEEK == (SUBMIT[row] - 100) % WEEK for row, submit in made)
    for week in range(weeks):
        drawn = Counter(row for row, submit in made if submit // WEEK == week)
        for rows in USER_WEEKS:
            assert len({drawn[row] for row in rows}) == 1
    draws = sum(Counter(row for row, _ in made)[min(rows)] for rows in USER_WEEKS)
    assert draws == len(USER_WEEKS) * weeks * percent // 200


def test_the_same_seed_gives_the_same_weeks_and_another_others() -> None:
    first, again, other = (
        list(resample(SUBMIT, USERS, weeks=9, percent=100, random=Random(seed))) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("submit", [[], [5], [-1, -1], [0, WEEK - 2]])
def test_a_trace_without_a_whole_week_is_refused(submit: list[int]) -> None:
    with pytest.raises(Invalid, match="shorter than a week"):
        list(resample(submit, ["a"] * len(submit), weeks=1, percent=100, random=Random(1)))


def _generate(folder: Path, user: str) -> Result:
    columns = "job_id, submit_time, duration, gpus, requested_time, user"
    rows = ", ".join(f"({job}, {job * 3600}, {job % 7}, {job % 5}, -1, {user})" for job in range(400))
    duckdb.sql(f"FROM (VALUES {rows}) AS t({columns})").write_parquet(str(folder / "trace.parquet"))
    words = ["plan", "generate", str(folder / "trace.parquet"), "--weeks", "10", "--load", "50"]
    return CliRunner().invoke(main, [*words, "--into", str(folder / "made.parquet")])


def test_a_trace_is_made_that_can_be_replayed(tmp_path: Path) -> None:
    result = _generate(tmp_path, "'user, 0'")
    assert result.exit_code == 0, result.output
    made = tmp_path / "made.parquet"
    assert duckdb.sql(f"SELECT DISTINCT user FROM '{made}'").fetchall() == [("user, 0",)]
    replayed = CliRunner().invoke(main, ["plan", "replay", str(made), "--capacity", "4", "--policy", "easy"])
    assert replayed.exit_code == 0, replayed.output


def test_jobs_of_nobody_in_particular_are_drawn_one_by_one(tmp_path: Path) -> None:
    assert "840 jobs in 10 weeks" in _generate(tmp_path, "'unknown'").output
