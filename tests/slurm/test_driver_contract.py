"""The Slurm driver keeps what every driver promises, on a real cluster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sites.test_driver_contract import *  # noqa: F403
from tests.slurm.cluster import Cluster
from tests.slurm.harness import SlurmHarness


@pytest.fixture
def site(cluster: Cluster, tmp_path: Path) -> Iterator[SlurmHarness]:
    yield SlurmHarness(cluster, tmp_path)
    # What a test that failed left running would keep the next one waiting.
    cluster.run("scancel", "--partition=single")
