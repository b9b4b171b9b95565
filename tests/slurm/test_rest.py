"""The driver with the REST interface of a real cluster, and without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.slurm.cluster import Cluster
from tests.slurm.harness import SlurmHarness

from lionrock.sites.drivers.protocol import JobState
from lionrock.sites.drivers.slurm import SlurmDriver
from lionrock.sites.slurm.rest import Rest

VERSIONS = {"22": "v0.0.38", "24": "v0.0.42"}


@pytest.fixture
def site(cluster: Cluster, tmp_path: Path) -> SlurmHarness:
    token = tmp_path / "token"
    token.write_text(cluster.token("root"))
    made = SlurmHarness(cluster, tmp_path, partition="cpu")
    version = VERSIONS[made.driver.slurm.version[:2]]
    place = {"url": cluster.rest, "version": version, "token_file": str(token), "user": "root"}
    made.driver = SlurmDriver(tmp_path, cluster.connection | {"rest": place})
    return made


def test_both_ways_of_asking_see_the_same(site: SlurmHarness, cluster: Cluster) -> None:
    handle = site.driver.submit(site.runs("JOB-1", "sleep", "3"))
    site.until(handle, lambda report: report.state is JobState.RUNNING)
    number = int(handle.split("/")[1])
    assert site.driver.rest is not None
    by_programs = SlurmDriver(site.home, cluster.connection)._rows(number)
    assert site.driver.rest.queued(number) == by_programs
    assert site.until(handle, lambda report: report.is_over).state is JobState.COMPLETED


def test_a_job_that_is_not_there_is_none(site: SlurmHarness) -> None:
    assert site.driver.rest is not None
    assert site.driver.rest.queued(999_999) == []


def test_without_the_interface_the_programs_are_asked(site: SlurmHarness) -> None:
    site.driver.rest = Rest({"url": "http://127.0.0.1:1", "version": "v0.0.38", "token_file": "/nowhere"})
    handle = site.driver.submit(site.runs("JOB-1", "true"))
    assert site.until(handle, lambda report: report.is_over).state is JobState.COMPLETED
