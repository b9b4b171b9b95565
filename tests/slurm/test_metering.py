"""From a job on a real cluster to its charge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.charging.books import Books
from tests.metering.world import ACCOUNT, ADMIN, put_awards, put_site
from tests.slurm.cluster import Cluster

from lionrock.charging.models import RecordedRun
from lionrock.metering.actions import collect
from lionrock.metering.models import MeteredRun

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def books(settings: Any, db: None, tmp_path: Path) -> Books:
    made = Books(tmp_path / "rulebook", prices={"gpu": {"sku": "gpu", "versions": [["2000-01-01", "10.00"]]}})
    put_awards(made)
    return made


def test_a_job_is_charged(books: Books, cluster: Cluster) -> None:
    put_site(cluster.connection, created_at=datetime.now(UTC))
    cluster.run("sacctmgr", "-i", "add", "account", ACCOUNT)
    cluster.run("sacctmgr", "-i", "add", "user", cluster.users[0], f"account={ACCOUNT}")
    job = cluster.submit("sleep 2", "-p", "h800", "--gres=gpu:h800:2", account=ACCOUNT)
    cluster.wait(job)
    cluster.until(lambda: collect(actor=ADMIN, site="north", now=datetime.now(UTC)).tally["charged"] > 0)
    run = MeteredRun.objects.get(job=job)
    charged = RecordedRun.objects.get(job=job)
    assert charged.devices == {"gpu": 2}
    assert charged.account == "u1"
    assert (charged.start, charged.end) == (run.start, run.end)
