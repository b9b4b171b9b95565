"""The cluster of a test run: `from tests.slurm.fixtures import cluster` in a conftest."""

from __future__ import annotations

import atexit
import functools
from pathlib import Path
from typing import Any

import pytest
from tests.slurm.cluster import Cluster, why_not


@functools.cache
def shared_cluster() -> Cluster:
    """Return the cluster of this process, started by whoever asks first and ended with the process."""
    made = Cluster.make()
    atexit.register(made.purge)
    return made


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """A real Slurm; give each test accounts, users and job names of its own, and start again what it stops."""
    if reason := why_not():
        pytest.fail(reason, pytrace=False)
    return shared_cluster()


@pytest.fixture
def a_clean_tree(cluster: Cluster) -> None:
    """Begin without what another test's awards left: codes of awards start again in each."""
    cluster.run("scancel", "--full", "--partition=h800")
    cluster.until(lambda: not cluster.run("squeue", "-h", "-p", "h800"), "nobody runs")
    known = cluster.run("sacctmgr", "-nP", "show", "assoc", f"cluster={cluster.name}", "format=Account").split()
    ours = sorted({name for name in known if name.startswith(("aw-", "hk-aiss"))})
    if ours:
        cluster.run("sacctmgr", "-i", "delete", "account", f"name={','.join(ours)}")
    qos = [name for name in cluster.run("sacctmgr", "-nP", "show", "qos", "format=Name").split() if name[:3] == "aw-"]
    if qos:
        cluster.run("sacctmgr", "-i", "delete", "qos", f"name={','.join(qos)}")


@pytest.fixture
def books(settings: Any, db: None, tmp_path: Path) -> Any:
    """A programme with a metered award whose cards cost 10.00 an hour."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.charging.books import Books  # noqa: PLC0415
    from tests.metering.world import put_awards  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = settings.LIONROCK_RULEBOOK  # what is set through the fixture is put back
    made = Books(tmp_path / "rulebook")
    put_awards(made)
    return made
