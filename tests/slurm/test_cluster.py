"""The test cluster itself: what the other tests rest on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.slurm import cluster as module
from tests.slurm.cluster import Cluster, until
from tests.slurm.daemons import Daemons, start_tick
from tests.slurm.layout import Group


def test_jobs_run_and_accounting_knows_the_type_of_their_gpus(cluster: Cluster) -> None:
    job = cluster.submit("sleep 1", "-p", "h800", "--gres=gpu:h800:2")
    assert cluster.wait(job) == "COMPLETED"
    cluster.until(lambda: "gres/gpu:h800=2" in cluster.run("sacct", "-X", "-n", "-P", "-j", job, "-o", "AllocTRES"))


def test_a_daemon_that_crashed_comes_back_and_the_job_went_on(cluster: Cluster) -> None:
    job = cluster.submit("sleep 12", "-p", "cpu")
    cluster.wait(job, "RUNNING")
    cluster.wait_until_saved()
    cluster.kill("slurmctld")
    assert not cluster.is_running("slurmctld")
    assert cluster.attempt("squeue").returncode == 1
    cluster.start()
    assert cluster.wait(job) == "COMPLETED"


def test_nothing_of_it_is_left_when_its_maker_is_killed(tmp_path: Path) -> None:
    program = (
        "import time; from tests.slurm.cluster import Cluster; from tests.slurm.layout import Group; "
        "made = Cluster.make(name='orphan', groups=(Group('cpu', 1),)); "
        "made.submit('sleep 600', '-p', 'cpu'); print(made.folder, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout is not None
        folder = Path(maker.stdout.readline().strip())
        daemons = Daemons(folder)
        ids = [process for name in daemons.names() if (process := daemons.process(name))]
        assert len(ids) == 6
        os.kill(maker.pid, signal.SIGKILL)
        until(lambda: not folder.exists(), f"{folder} removed")
    assert not [process for process in ids if start_tick(process)]


def test_who_cannot_have_one_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)
    assert module.left_out() == "it takes root"
    monkeypatch.setattr(module, "PROGRAMS", ("slurmctld", "no-such-program"))
    assert module.why_not() == "Slurm is not installed (no-such-program): setup/system-packages test installs it."


def test_groups_name_their_nodes() -> None:
    assert Group("h800", 2, 8).names == ["h800-1", "h800-2"]
