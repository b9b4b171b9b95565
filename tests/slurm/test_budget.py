"""A budget that ends while a job runs, on a cluster that starts what it cannot pay to the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.slurm.cluster import ACCOUNT, Cluster, why_not
from tests.slurm.harness import SlurmHarness

from lionrock.jobs.domain.states import explain
from lionrock.sites.drivers.protocol import JobState, Reason

pytestmark = pytest.mark.integration


@pytest.fixture
def generous() -> Iterator[Cluster]:
    """A cluster that lets jobs begin while any budget is left; Slurm's word for the other way is `safe`."""
    if reason := why_not():
        pytest.fail(reason, pytrace=False)
    made = Cluster.make(name="generous", enforce="associations,limits,qos")
    yield made
    made.purge()


def test_a_job_that_the_budget_stops_blames_the_budget_and_no_time_limit(generous: Cluster, tmp_path: Path) -> None:
    generous.run("sacctmgr", "-i", "modify", "account", ACCOUNT, "set", "GrpTRESMins=gres/gpu:h800=1")
    site = SlurmHarness(generous, tmp_path, partition="h800")
    handle = site.driver.submit(site.runs("JOB-1", "sleep", "900", limit=1800, gres={"gres/gpu:h800": 8}))
    report = site.until(handle, lambda report: report.is_over)
    assert (report.state, report.reason) == (JobState.TIMEOUT, Reason.BUDGET)
    said = explain(report.reason, detail=report.detail, exit_code=report.exit_code, limit_seconds=1800)
    assert str(said) == "The budget of the award was used up while the job ran, so it was stopped."
