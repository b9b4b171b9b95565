"""Real months, where they lie beside the project: the kernel against the definition. `ricc-2010` is in the bench."""

from __future__ import annotations

from pathlib import Path

import pytest

from lionrock.planning.domain import pool
from lionrock.planning.domain.cleaning import Changed, LeftOut, clean
from lionrock.planning.domain.jobs import Estimates, Unit
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.summary import summarise
from lionrock.planning.kernel import fast
from lionrock.planning.replaying import Engine, Wish, replay
from lionrock.planning.traces.reading import read_trace

TRACES = Path(__file__).parents[3] / "shared" / "data" / "traces"
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
