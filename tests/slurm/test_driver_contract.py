"""The Slurm driver keeps what every driver promises, on a real cluster whose time passes fast while somebody waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sites.test_driver_contract import *  # noqa: F403
from tests.slurm.cluster import Cluster, why_not
from tests.slurm.harness import SlurmHarness
from tests.slurm.layout import Group


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster with a clock of its own: a time limit is a minute at least, and looked at every half a minute."""
    if reason := why_not():
        pytest.fail(reason, pytrace=False)
    # What is under way while time passes fast has not timed out for that.
    alone = Group("single", 1, options="OverSubscribe=EXCLUSIVE")
    made = Cluster.make(
        name="hasty", at=datetime.now(UTC), groups=(alone,), credentials_last=120, conf="MessageTimeout=100"
    )
    yield made
    made.purge()


@pytest.fixture
def site(cluster: Cluster, tmp_path: Path) -> Iterator[SlurmHarness]:
    yield SlurmHarness(cluster, tmp_path)
    # What a test that failed left running would keep the next one waiting.
    cluster.run("scancel", "--partition=single")
