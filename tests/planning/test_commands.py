"""`lionrock plan replay`, from a file to a schedule and its summary."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from lionrock.config.cli import main
from lionrock.kernel.errors import Invalid
from lionrock.planning.domain.jobs import Unit
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.priority import Priority
from lionrock.planning.replaying import Wish, replay
from lionrock.planning.traces.machines import read_machines

Plan = Callable[..., Result]
ROWS = "(11, 0, 10, 3, 10), (12, 1, 5, 2, 5), (13, 2, 1, 1, 1), (14, 3, 0, 1, 9), (15, 4, 9, 99, 9)"


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "trace.parquet"
    columns = "job_id, submit_time, duration, gpus, requested_time"
    duckdb.sql(f"SELECT * FROM (VALUES {ROWS}) AS t({columns})").write_parquet(str(path))
    return path


def _replay(trace: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["plan", "replay", str(trace), "--capacity", "4", *words])


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(
    ("policy", "starts"),
    [
        ("fcfs", [(11, 0), (12, 10), (13, 10)]),
        ("easy", [(11, 0), (12, 10), (13, 2)]),
        ("conservative", [(11, 0), (12, 10), (13, 2)]),
        ("sjf", [(11, 0), (12, 10), (13, 2)]),
    ],
)
def test_a_schedule_is_written_in_the_order_of_the_queue(
    trace: Path, policy: str, engine: str, starts: list[tuple[int, int]]
) -> None:
    into = trace.with_name("starts.parquet")
    result = _replay(trace, "--policy", policy, "--engine", engine, "--starts", str(into))
    assert result.exit_code == 0, result.output
    assert duckdb.sql(f"FROM '{into}'").fetchall() == starts
    assert [row[:2] for row in duckdb.sql(f"DESCRIBE FROM '{into}'").fetchall()] == [
        ("job_id", "BIGINT"),
        ("start", "BIGINT"),
    ]
    assert sorted(each.name for each in trace.parent.iterdir()) == ["starts.parquet", "trace.parquet"]


EVENTS = "(1, 0, 10, 8, 10, 'a'), (2, 0, 10, 8, 20, 'a'), (3, 1, 5, 16, 5, 'a'), (4, 2, 3, 8, 3, 'b')"


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(
    ("words", "starts"),
    [
        (["--policy", "easy"], [0, 0, 10, 15]),
        # The first ends alone; the second is believed to go on until 20.
        (["--policy", "easy", "--passes", "each-event"], [0, 0, 13, 10]),
        (["--policy", "fcfs", "--priority", "fair_share=1,period=5"], [0, 0, 13, 10]),
        (["--policy", "fcfs", "--priority", "age=1"], [0, 0, 10, 15]),
    ],
)
def test_gangs_with_a_pass_after_each_event_and_by_priority(
    tmp_path: Path, words: list[str], starts: list[int], engine: str
) -> None:
    trace, into = tmp_path / "trace.parquet", tmp_path / "starts.parquet"
    columns = "job_id, submit_time, duration, gpus, requested_time, user"
    duckdb.sql(f"FROM (VALUES {EVENTS}) AS t({columns})").write_parquet(str(trace))
    command = ["plan", "replay", str(trace), "--capacity", "16", "--per-node", "8", "--starts", str(into)]
    result = CliRunner().invoke(main, [*command, "--engine", engine, *words])
    assert result.exit_code == 0, result.output
    assert [start for _, start in duckdb.sql(f"FROM '{into}'").fetchall()] == starts


@pytest.mark.parametrize("said", ["luck=1", "age", "age=much", "age=-1"])
def test_a_priority_that_cannot_be_read_is_refused(trace: Path, said: str) -> None:
    result = _replay(trace, "--policy", "easy", "--priority", said)
    assert result.exit_code == 2
    assert "fair_share" in result.stderr


def test_what_a_schedule_comes_to(trace: Path) -> None:
    result = _replay(trace, "--policy", "fcfs", "--json")
    assert json.loads(result.stdout) == {
        "capacity": 4,
        "unit": "gpus",
        "rows": 5,
        "left_out": {"no_length": 1, "too_large": 1},
        "changed": {},
        "jobs": 3,
        "jobs_that_waited": 2,
        "mean_wait_seconds": "5.667",
        "median_wait_seconds": 8,
        "longest_wait_seconds": 9,
        "first_submit": 0,
        "last_end": 15,
        "used_unit_seconds": 41,
        "capacity_unit_seconds": 60,
        "utilisation": "0.683333",
        "clusters": {},
    }


def test_people_read_what_was_left_out_and_of_what_the_share_is(trace: Path) -> None:
    told = _replay(trace, "--policy", "easy").stdout
    assert "5 rows; 3 jobs replayed on 4 gpus" in told
    assert "left out: 1 larger than the pool" in told
    assert "68.33%" in told
    assert "Used is a share of the 0 gpu-hours from the first submission (second 0) to the last end (15)" in told


def test_a_place_that_cannot_be_written_is_said(trace: Path) -> None:
    result = _replay(trace, "--policy", "easy", "--starts", str(trace.with_name("none") / "starts.parquet"))
    assert result.exit_code == 7
    assert "cannot be written" in result.stderr


def test_a_trace_that_is_not_there(trace: Path) -> None:
    assert _replay(trace.with_name("none"), "--policy", "easy").exit_code == 5


@pytest.mark.parametrize("words", [("--policy", "luck"), (), ("--policy", "easy", "--unit", "horses")])
def test_an_unknown_choice_is_refused(trace: Path, words: tuple[str, ...]) -> None:
    assert _replay(trace, *words).exit_code == 2


CLUSTERED = "(1, 0, 10, 8, 'a'), (2, 0, 5, 12, 'b'), (3, 1, 5, 8, 'a'), (4, 2, 5, 4, 'b'), (5, 3, 5, 1, 'c')"


def test_virtual_clusters_run_their_own_jobs_on_their_own_nodes(tmp_path: Path) -> None:
    trace, machine, into = tmp_path / "trace.parquet", tmp_path / "machine.csv", tmp_path / "starts.parquet"
    duckdb.sql(f"FROM (VALUES {CLUSTERED}) AS t(job_id, submit_time, duration, gpus, vc)").write_parquet(str(trace))
    machine.write_text("vc,nodes,gpus_per_node\na,1,8\nb,2,8\n")
    words = ["plan", "replay", str(trace), "--machine", str(machine), "--policy", "fcfs", "--starts", str(into)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert duckdb.sql(f"FROM '{into}'").fetchall() == [(1, 0), (2, 0), (3, 10), (4, 2)]
    assert "1 in a virtual cluster that the machine has not" in result.stdout
    found = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)["clusters"]
    assert {name: each["utilisation"] for name, each in found.items()} == {"a": "1.000000", "b": "0.714286"}


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ("vc,nodes,gpus_per_node\na,1,8\na,2,8\nb,0,8\n,1,8\nc,1,\n", ["vc", "nodes", "vc", "nodes"]),
        ("vc,nodes\na,1\n", ["file"]),
        ("vc,nodes,gpus_per_node\n", []),
    ],
)
def test_what_is_wrong_with_a_machine_is_all_named(tmp_path: Path, content: str, fields: list[str]) -> None:
    path = tmp_path / "machine.csv"
    path.write_text(content)
    with pytest.raises(Invalid) as refused:
        read_machines(path, Unit.GPUS)
    assert [fault.field for fault in refused.value.faults] == fields


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        (Wish(Policy.EASY), ["capacity"]),
        (Wish(Policy.EASY, capacity=8, machine=Path("machine.csv")), ["capacity"]),
        (Wish(Policy.EASY, capacity=9, per_node=8), ["per_node"]),
        (Wish(Policy.EASY, capacity=9, per_node=8, passes=Passes.EACH_EVENT), ["per_node"]),
        (Wish(Policy.CONSERVATIVE, capacity=8, passes=Passes.EACH_EVENT), ["passes"]),
        (Wish(Policy.SJF, capacity=8, priority=Priority(age=1)), ["priority"]),
        (Wish(Policy.EASY, machine=Path("machine.csv"), priority=Priority(age=1)), ["priority"]),
        (Wish(Policy.CONSERVATIVE, capacity=8, per_node=4), ["policy"]),
    ],
)
def test_wishes_that_do_not_go_together_are_refused(trace: Path, wish: Wish, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        replay(trace, wish)
    assert [fault.field for fault in refused.value.faults] == fields
