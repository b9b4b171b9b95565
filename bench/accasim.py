"""AccaSim, a simulator of other people, on the same jobs.

C. Galleguillos, Z. Kiziltan, A. Netti, R. Soto, "AccaSim: a customizable workload management simulator for
job dispatching research in HPC systems", Cluster Computing 23, 2020. It is no dependency of ours: it gets an
environment of its own in build/accasim; where that cannot be made, this says so, and measures nothing.

It runs first come first served, and has to give our schedule. Its backfilling follows rules of its own
(a job may start before the first in the queue although that one fits), so only its speed is told.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime
from pathlib import Path

from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.kernel import fast

PYTHON = Path(__file__).parents[1] / "build" / "accasim" / "bin" / "python"
RELEASE = "accasim==1.1.3"
MISSING = (
    "AccaSim is not here to be measured beside, and could not be installed. To have it: "
    f"python3.11 -m venv build/accasim && build/accasim/bin/pip install {RELEASE}"
)
_LINE = "{} {} -1 {} {demand} -1 -1 {demand} {} 1 1 1 1 -1 1 1 -1 -1\n"
_DISPATCHER = {Policy.FCFS: "FirstInFirstOut", Policy.EASY: "EASYBackfilling"}
_SCRIPT = """
import collections, collections.abc, sys, time
for name in ("Mapping", "Iterable", "MutableMapping", "Sequence"):  # it was written for Pythons up to 3.9
    setattr(collections, name, getattr(collections.abc, name))
from accasim.base import scheduler_class
from accasim.base.allocator_class import FirstFit
from accasim.base.simulator_class import Simulator
folder, dispatcher = sys.argv[1:]
simulator = Simulator(folder + "/jobs.swf", folder + "/machine.json", getattr(scheduler_class, dispatcher)(FirstFit()),
                      statistics_output=False, show_statistics=False, RESULTS_FOLDER_NAME=folder + "/results")
began = time.perf_counter()
simulator.start_simulation()
print("seconds", time.perf_counter() - began)
"""


def seconds(jobs: Jobs, capacity: int, policy: Policy) -> float | None:
    """Return how long AccaSim takes, on the clock, or None where it is not; check what it must agree on."""
    if not _installed():
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, jobs, capacity)
        command = [str(PYTHON), "-c", _SCRIPT, name, _DISPATCHER[policy]]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
        if policy is Policy.FCFS and _starts(folder) != _ours(jobs, capacity):
            sys.exit("AccaSim and the kernel start jobs at other times")
        return float(done.stdout.split("seconds")[-1])


def _installed() -> bool:
    """Tell whether AccaSim is there; the first to ask installs it."""
    if not PYTHON.exists():
        venv.create(PYTHON.parents[1], with_pip=True)
    look = [str(PYTHON), "-c", "import importlib.util as u, sys; sys.exit(u.find_spec('accasim') is None)"]
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", RELEASE]
    return any(subprocess.run(words, check=False).returncode == 0 for words in (look, install))


def _write(folder: Path, jobs: Jobs, capacity: int) -> None:
    rows = zip(jobs.ids, jobs.submit, jobs.duration, jobs.estimate, jobs.demand, strict=True)
    lines = (_LINE.format(job, submit, length, told, demand=demand) for job, submit, length, told, demand in rows)
    (folder / "jobs.swf").write_text(f"; UnixStartTime: 0\n; MaxProcs: {capacity}\n" + "".join(lines))
    machine = {
        "system_name": "pool",
        "start_time": 0,
        "equivalence": {"processor": {"core": 1}},
        "groups": {"unit": {"core": 1, "mem": 1_000_000}},
        "resources": {"unit": capacity},
    }
    (folder / "machine.json").write_text(json.dumps(machine))


def _starts(folder: Path) -> dict[int, int]:
    """Return the starts that AccaSim wrote: seconds of 1970, in a line that ends with start, end and more."""
    found = {}
    for line in (folder / "results" / "sched-jobs.swf").read_text().splitlines():
        start = datetime.fromisoformat(line.rpartition("__")[2].split(";")[0]).replace(tzinfo=UTC)
        found[int(line.partition(";")[0])] = int(start.timestamp())
    return found


def _ours(jobs: Jobs, capacity: int) -> dict[int, int]:
    return dict(zip(jobs.ids, fast.starts(jobs, capacity, Policy.FCFS, Passes.EACH_TIME), strict=True))
