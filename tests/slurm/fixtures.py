"""The cluster of a test run: `from tests.slurm.fixtures import cluster` in a conftest."""

from __future__ import annotations

import atexit
import functools

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
