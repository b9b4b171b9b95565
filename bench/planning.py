"""The planner's kernel beside the readable definition, on real traces: `python -m bench.planning`.

A second counts as CPU time of the process, the best of some rounds; reading and cleaning a file stand apart.
The definition walks over every job that waits, so it gets the first jobs of a trace where queues are
long; both must give the same schedule of those, or the bench ends with an error. `python -m bench.planning
--whole` lets it replay every job of every trace, which takes some minutes.

One case has a machine that changes: a tenth of the nodes is maintained for a day, one after the other, every
hundredth job gives way, and the queue is by priority.

The large workload is made by the model of Lublin and Feitelson (see `lionrock.demo.workload`), with as many
jobs and GPUs as Hu et al. (SC'21) say of Helios; it and the eightfold trace have processes of their own,
so that their peak memory is seen.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click
import duckdb

from bench import accasim
from bench.measuring import Measured, cpu
from lionrock.demo.workload.model import draw_arrivals, draw_runtime, draw_size
from lionrock.demo.workload.parameters import GPU_CLUSTER
from lionrock.planning.domain import gangs, operating, pool
from lionrock.planning.domain.cleaning import clean
from lionrock.planning.domain.estate import Estate, Kind, Manner, Window, Work
from lionrock.planning.domain.gangs import Machine
from lionrock.planning.domain.jobs import Estimates, Jobs
from lionrock.planning.domain.operating import Rules
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.priority import DAY, Priority
from lionrock.planning.kernel import fast
from lionrock.planning.kernel import operating as fast_operating
from lionrock.planning.traces.reading import read_trace
from lionrock.terminal.output import Table

TRACES = Path(__file__).parents[2] / "shared" / "data" / "traces"
HEADINGS = ["replay", "jobs", "jobs a CPU second", "÷ definition", "read and clean, s", "peak"]
FIRST = 20_000
FIRST_GANGS = 1_000
ACCASIM_JOBS = 5_000
TIMES = 8
JOBS, GPUS = 3_300_000, 6_416
YEAR = 365 * 86_400


@dataclass(frozen=True)
class Case:
    """A trace, the units that it is replayed on, and how many a node has where jobs are gangs."""

    trace: str
    capacity: int
    policy: Policy
    per_node: int = 0
    changes: bool = False

    def __str__(self) -> str:
        nodes = f", gangs on nodes of {self.per_node}" if self.per_node else ""
        changes = " that change" if self.changes else ""
        return f"{Path(self.trace).stem} on {self.capacity:,}, {self.policy.value}{nodes}{changes}"

    def fast(self, jobs: Jobs) -> Sequence[int]:
        """Return the schedule of the kernel."""
        if self.changes:
            return fast_operating.operate(*self._changing(jobs)).starts(len(jobs))
        if self.per_node:
            return fast.gang_starts(jobs, self._machine, self.policy)
        return fast.starts(jobs, self.capacity, self.policy, Passes.EACH_TIME)

    def plain(self, jobs: Jobs) -> Sequence[int]:
        """Return the schedule of the definition."""
        if self.changes:
            return operating.operate(*self._changing(jobs)).starts(len(jobs))
        if self.per_node:
            return gangs.starts(jobs, self._machine, self.policy)
        return pool.starts(jobs, self.capacity, self.policy, Passes.EACH_TIME)

    def _changing(self, jobs: Jobs) -> tuple[Work, Estate, Rules]:
        nodes = self.capacity // self.per_node
        days = (Window(node, (node + 1) * DAY, (node + 2) * DAY) for node in range(0, nodes, 10))
        manners = [Manner.STAYS if place % 100 else Manner.QUEUES_AGAIN for place in range(len(jobs))]
        rules = Rules(self.policy, Priority(age=1_000, size=500), depth=500)
        return Work.of(jobs, manners=manners), Estate([Kind("node", nodes, self.per_node)], list(days)), rules

    @property
    def _machine(self) -> Machine:
        return Machine(self.capacity // self.per_node, self.per_node)


def _cases(trace: str, capacity: int, per_node: int) -> Iterable[Case]:
    yield Case(trace, capacity, Policy.FCFS)
    yield Case(trace, capacity, Policy.EASY)
    if per_node:
        yield Case(trace, capacity - capacity % per_node, Policy.EASY, per_node)


def _measure(case: Case, *, whole: bool) -> list[str]:
    began = time.process_time()
    jobs = clean(read_trace(Path(case.trace)), case.capacity, Estimates.REQUESTED).jobs
    reading = time.process_time() - began
    ours = cpu(str(case), len(jobs), lambda: case.fast(jobs))
    first = len(jobs) if whole else FIRST_GANGS if case.per_node else FIRST
    some = jobs.chosen(range(min(first, len(jobs))))
    plain = Measured("", len(some), _seconds(lambda: _agree(case, some)))
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0])
    ratio = f"{ours.rate / plain.rate:,.0f}"
    return [ours.what, f"{len(jobs):,}", f"{ours.rate:,.0f}", ratio, f"{reading:.2f}", f"{peak // 1024:,} MB"]


def _agree(case: Case, jobs: Jobs) -> None:
    if list(case.plain(jobs)) != list(case.fast(jobs)):
        raise SystemExit(f"{case}: the kernel and the definition give other schedules")


def _seconds(act: Callable[[], None]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def _generate(into: Path, jobs: int, gpus: int) -> None:
    """Write a year of jobs, and as many GPUs' worth of work as keeps nine tenths of the machine busy."""
    random = Random(1)  # noqa: S311 - the same jobs each time
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.csv"
        work = 0
        with rows.open("w") as file:
            for number, submit in enumerate(draw_arrivals(random, GPU_CLUSTER, jobs, YEAR), 1):
                size = draw_size(random, GPU_CLUSTER)
                seconds = draw_runtime(random, GPU_CLUSTER, size).seconds
                work += size * seconds
                file.write(f"{number},{submit},{seconds},{size}\n")
        columns = {"job_id": "BIGINT", "submit_time": "BIGINT", "duration": "BIGINT", "gpus": "INTEGER"}
        with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as database:
            found = database.read_csv(str(rows), header=False, columns=columns)
            stretch = f"(submit_time::HUGEINT * {work * 10} // {gpus * 9 * YEAR})::BIGINT"
            found.project(f"job_id, {stretch} AS submit_time, duration, gpus").write_parquet(str(into))


def _repeat(trace: Path, into: Path, times: int) -> None:
    """Write a trace so often in a row, each time from where the last submission was."""
    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as database:
        database.read_parquet(str(trace)).create_view("jobs")
        database.sql(_REPEATED, params=[times]).write_parquet(str(into))


_REPEATED = """
SELECT job_id + time * 10000000 AS job_id, submit_time + time * span AS submit_time,
  duration, gpus, cpus, requested_time
FROM jobs, range($1) AS t(time), (SELECT max(submit_time) - min(submit_time) + 1 AS span FROM jobs)
ORDER BY time, submit_time, job_id
"""


def _alone(case: Case) -> list[str]:
    """Measure in a process of its own."""
    words = [case.trace, str(case.capacity), case.policy.value, str(case.per_node)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.planning", "--alone", *words], check=True, capture_output=True, text=True
    )
    return done.stdout.rstrip("\n").split("\t")


@click.command()
@click.option("--whole", is_flag=True, help="Let the definition replay every job of the real traces.")
@click.option("--jobs", default=JOBS, show_default=True, help="Jobs of the large workload.")
@click.option("--alone", nargs=4, hidden=True)
def bench(whole: bool, jobs: int, alone: tuple[str, str, str, str] | None) -> None:
    """Measure the planner: jobs a second, beside the readable definition, with the time to read apart."""
    if alone:
        case = Case(alone[0], int(alone[1]), Policy(alone[2]), int(alone[3]))
        click.echo("\t".join(_measure(case, whole=False)))
        return
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        ricc = TRACES / "ricc-2010.parquet"
        for name, capacity, per_node in [("kth-sp2-1996", 100, 0), ("itp-2021", 1_300, 8), ("ricc-2010", 8_192, 8)]:
            file = TRACES / f"{name}.parquet"
            if file.exists():
                rows += [_measure(case, whole=whole) for case in _cases(str(file), capacity, per_node)]
            if name == "itp-2021" and file.exists():
                rows.append(_measure(Case(str(file), 1_304, Policy.EASY, 8, changes=True), whole=whole))
        if ricc.exists():
            eight = Path(folder) / f"ricc-2010-x{TIMES}.parquet"
            _repeat(ricc, eight, TIMES)
            rows += [_alone(case) for case in _cases(str(eight), 8_192, 0)]
        made = Path(folder) / "generated.parquet"
        _generate(made, jobs, GPUS)
        rows += [_alone(case) for case in _cases(str(made), GPUS, 8)]
    click.echo(Table(HEADINGS, rows, right=frozenset(HEADINGS[1:])).render() + "\n")
    _beside_accasim()


def _beside_accasim() -> None:
    file = TRACES / "kth-sp2-1996.parquet"
    if not file.exists():
        return
    jobs = clean(read_trace(file), 100, Estimates.REQUESTED).jobs.chosen(range(ACCASIM_JOBS))
    rows = []
    for policy in (Policy.FCFS, Policy.EASY):
        took = accasim.seconds(jobs, 100, policy)
        if took is None:
            click.echo(accasim.MISSING + "\n")
            return
        ours = cpu(policy.value, len(jobs), lambda policy=policy: fast.starts(jobs, 100, policy, Passes.EACH_TIME))
        rows.append([policy.value, f"{ours.rate:,.0f}", f"{len(jobs) / took:,.0f}"])
    headings = [f"first {len(jobs):,} of {file.stem}, jobs a second", "kernel", "AccaSim, on the clock"]
    click.echo(Table(headings, rows, right=frozenset(headings[1:])).render() + "\n")


if __name__ == "__main__":
    bench()
