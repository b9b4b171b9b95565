"""Real months, where they lie beside the project: the kernel against the definition. `ricc-2010` is in the bench."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from lionrock.planning.domain import pool
from lionrock.planning.domain.cleaning import Changed, LeftOut, clean
from lionrock.planning.domain.jobs import Estimates, Unit
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.summary import fixed, summarise
from lionrock.planning.kernel import fast
from lionrock.planning.replaying import Engine, Wish, replay
from lionrock.planning.traces.reading import read_trace

TRACES = Path(__file__).parents[3] / "shared" / "data" / "traces"
TOLD = Path(__file__).parents[2] / "docs" / "explanation" / "planning.md"
CASES = [
    ("kth-sp2-1996", 100, Passes.EACH_TIME),
    ("kth-sp2-1996", 100, Passes.EACH_EVENT),
    ("alibaba-gpu-2023", 500, Passes.EACH_EVENT),
    ("philly-2017", 900, Passes.EACH_TIME),
    ("itp-2021", 1_500, Passes.EACH_TIME),
]


def _path(name: str) -> Path:
    path = TRACES / f"{name}.parquet"
    if not path.exists():
        pytest.skip(f"{name} does not lie beside the project")
    return path


@pytest.mark.parametrize("policy", [Policy.FCFS, Policy.EASY])
@pytest.mark.parametrize(("name", "capacity", "passes"), CASES)
def test_a_real_trace_gives_one_schedule(name: str, capacity: int, passes: Passes, policy: Policy) -> None:
    jobs = clean(read_trace(_path(name)), capacity, Estimates.REQUESTED).jobs
    assert fast.starts(jobs, capacity, policy, passes).tolist() == pool.starts(jobs, capacity, policy, passes)


@pytest.mark.parametrize("policy", [Policy.FCFS, Policy.EASY, Policy.SJF])
def test_real_gangs_on_virtual_clusters_give_one_schedule(policy: Policy) -> None:
    machine = _path("philly-2017-vcs")
    fast_done, done = (
        replay(_path("philly-2017"), Wish(policy, machine=machine, engine=engine))
        for engine in (Engine.FAST, Engine.REFERENCE)
    )
    assert list(fast_done.starts) == list(done.starts)
    assert fast_done.cleaned.left_out == {LeftOut.NO_CLUSTER: 18}


def test_what_its_collectors_say_about_a_trace_is_found_in_it() -> None:
    trace = read_trace(_path("kth-sp2-1996"))
    cleaned = clean(trace, 100, Estimates.REQUESTED)
    found = summarise(cleaned.jobs, cleaned.jobs.submit, 100)
    assert (trace.unit, len(trace), found.used // 3600) == (Unit.CPUS, 28_489, 562_394)
    assert cleaned.left_out == {LeftOut.NO_LENGTH: 8}
    assert cleaned.changed == {Changed.ESTIMATE_RAISED: 475}


def _rows(first: str) -> list[list[str]]:
    """Return the rows of the table in the explanation that begin so."""
    lines = TOLD.read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(first, line)]


def test_what_is_told_of_the_virtual_clusters_of_helios_is_in_the_data() -> None:
    path = _path("helios-earth-2020-05-vc-minutes")
    sums = "sum(total_gpu_num), sum(running_gpu_num), sum(pending_gpu_num), count_if(pending_gpu_num > 0), count(*)"
    found = {name: row for name, *row in duckdb.sql(f"SELECT vc, {sums} FROM '{path}' GROUP BY vc").fetchall()}
    largest = sorted(found, key=lambda name: (-found[name][0], name))[:10]
    rows = _rows(r"\| `vc")
    assert [row[0].strip("`") for row in rows] == largest
    for name, *told in rows:
        total, used, pending, minutes_pending, minutes = (Fraction(each) for each in found[name.strip("`")])
        shares = fixed(used * 100 / total, 1), fixed(minutes_pending * 100 / minutes, 1)
        assert told == [
            str(total / minutes),
            f"{shares[0]}%",
            fixed(pending / minutes, 1),
            f"{shares[1]}%",
        ]
    # As those who published the table say themselves: 0.667 of 856, and 61.4 waiting.
    of_all = [sum(Fraction(row[place], row[4]) for row in found.values()) for place in range(3)]
    [[_, *told]] = _rows(r"\| all 16")
    assert told == [str(of_all[0]), f"{fixed(of_all[1] * 100 / of_all[0], 1)}%", fixed(of_all[2], 1), ""]


@pytest.mark.parametrize("policy", [Policy.FCFS, Policy.SJF, Policy.EASY])
def test_what_is_told_of_philly_is_what_a_replay_finds(policy: Policy) -> None:
    done = replay(_path("philly-2017"), Wish(policy, machine=_path("philly-2017-vcs")))
    found = summarise(done.cleaned.jobs, done.starts, done.capacity)
    told = [f"{found.waited:,}", fixed(found.mean_wait, 1), f"{fixed(found.utilisation * 100, 2)}%"]
    [row] = [row for row in _rows(rf"\| {policy.value} \|") if len(row) == 4]
    assert row[1:] == told
