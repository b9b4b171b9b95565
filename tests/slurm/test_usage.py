"""A real cluster as it is now: its nodes, what runs and waits, and what was in service since when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.calls.world import OPERATOR
from tests.slurm.cluster import Cluster

from lionrock.sites.actions import connect_site, discover_site, register_site
from lionrock.sites.models import Site
from lionrock.usage.actions import ask, look_at
from lionrock.usage.models import CapacityReading

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(cluster: Cluster) -> Site:
    register_site(actor=OPERATOR, code="centre", name="Centre", programme="hk-aiss", driver="slurm", now=NOW)
    made = connect_site(actor=OPERATOR, site="centre", connection=cluster.connection, now=NOW)
    discover_site(actor=OPERATOR, site="centre", now=NOW, apply=True)
    return made


def noted(pool: str, device: str) -> list[tuple[int, int]]:
    rows = CapacityReading.objects.filter(pool=pool, device=device).order_by("since")
    return list(rows.values_list("devices", "down"))


def test_what_is_out_of_service_runs_and_waits_on_a_real_cluster(centre: Site, cluster: Cluster) -> None:
    script = "--wrap=sleep 300"
    numbers = [
        cluster.run(
            "sbatch", "--parsable", "-D", "/tmp", "-o", "/dev/null", "-p", "h800", "--gres=gpu:h800:3", *more, script
        ).strip()
        for more in ((), ("--hold",))
    ]
    try:
        cluster.until(lambda: any(place.used >= 3 for place in ask(centre).places), "the job runs")
        seen = look_at(centre, NOW)
        assert seen.away_since is None
        live = ask(centre)
        [place] = [each for each in live.places if each.partition == "h800"]
        [queue] = [each for each in live.queues if each.partition == "h800"]
        assert (place.device, place.devices) == ("gres/gpu:h800", 16)
        assert place.used >= 3
        assert queue.running >= 1
        assert queue.waiting >= 1
        assert queue.oldest is not None
        assert abs(datetime.now(UTC) - queue.oldest) < timedelta(hours=1)
        assert "JobHeldUser" in {reason.code for reason in live.reasons}
        cluster.run("scontrol", "update", "nodename=cpu-2", "state=drain", "reason=fan")
        look_at(centre, NOW + timedelta(minutes=1))
    finally:
        cluster.run("scancel", *numbers)
        cluster.run("scontrol", "update", "nodename=cpu-2", "state=resume")
    assert noted("h800", "gres/gpu:h800") == [(16, 0)]
    assert noted("cpu", "cpu") == [(128, 0), (128, 64)]
    [whole, later] = noted("", "cpu")
    assert whole[0] == later[0] >= 128
    assert (whole[1], later[1]) == (0, 64)
