"""A sweep of the planner as an array of a real Slurm: what its tasks leave is what one process comes to."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.planning.options import option
from tests.slurm.cluster import Cluster
from tests.slurm.harness import SlurmHarness

from lionrock.planning.arrays import script
from lionrock.planning.scenarios.measures import Outcome
from lionrock.planning.sweeping import collect, sweep
from lionrock.sites.drivers.protocol import JobState

SEEDS = 2


def outcomes(folder: Path, tmp_path: Path) -> list[Outcome]:
    [found] = collect(folder, [option(tmp_path)], SEEDS)
    return list(found.outcomes)


def test_an_array_does_a_sweep_one_part_a_task(cluster: Cluster, tmp_path: Path) -> None:
    site = SlurmHarness(cluster, tmp_path / "home", partition="cpu")
    scenario, there, here = option(tmp_path), tmp_path / "there", tmp_path / "here"
    text = script([scenario], SEEDS, 2, there, f"{sys.executable} -m lionrock")
    # As root: what runs these tests may lie where no other user of the machine reads.
    as_root = {"user": "root", "account": "root"}
    spec = site.runs("JOB-1", "sh", "sweep.sh", limit=600, array="0-1", files={"sweep.sh": text}, **as_root)
    report = site.until(site.driver.submit(spec), lambda report: report.is_over)
    assert [(task.index, task.state) for task in report.tasks] == [(0, JobState.COMPLETED), (1, JobState.COMPLETED)]
    sweep(here, [scenario], SEEDS, told=lambda _: None, processes=1)
    assert outcomes(there, tmp_path) == outcomes(here, tmp_path)
