"""What a real cluster has, found and put on file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.calls.world import OPERATOR
from tests.slurm.cluster import Cluster

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Unavailable
from lionrock.sites.actions import connect_site, discover_site, register_site
from lionrock.sites.models import Site
from lionrock.sites.slurm.commands import slurm_of
from lionrock.sites.slurm.discovering import inventory

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(cluster: Cluster) -> Site:
    given = {"name": "Centre", "programme": "hk-aiss", "driver": "slurm"}
    register_site(actor=OPERATOR, code="centre", now=NOW, **given)
    return connect_site(actor=OPERATOR, site="centre", connection=cluster.connection, now=NOW)


def test_pools_come_from_the_cluster_and_the_audit_knows(centre: Site) -> None:
    found = discover_site(actor=OPERATOR, site="centre", now=NOW, apply=True)
    assert found.remarks == ()
    pools = centre.pools.order_by("name").values_list("name", "device", "nodes", "devices_per_node")
    assert list(pools) == [
        ("a100", "gres/gpu:a100", 2, 8),
        ("cpu", "cpu", 2, 64),
        ("h800", "gres/gpu:h800", 2, 8),
        ("single", "cpu", 1, 64),
    ]
    assert AuditRecord.objects.filter(action="sites.discover_site", subject="centre").count() == 1


def test_a_node_that_is_drained_is_seen_with_its_reason(centre: Site, cluster: Cluster) -> None:
    cluster.run("scontrol", "update", "nodename=cpu-2", "state=drain", 'reason=fan State=IDLE "x" | y')
    try:
        (drained,) = (node for node in inventory(slurm_of(centre)).nodes if node.is_out)
    finally:
        cluster.run("scontrol", "update", "nodename=cpu-2", "state=resume")
    assert (drained.name, drained.why.partition(" [")[0]) == ("cpu-2", 'fan State=IDLE "x" | y')


def test_a_cluster_that_is_away_changes_nothing_on_file(centre: Site, cluster: Cluster) -> None:
    discover_site(actor=OPERATOR, site="centre", now=NOW, apply=True)
    cluster.stop("slurmctld")
    try:
        with pytest.raises(Unavailable):
            discover_site(actor=OPERATOR, site="centre", now=NOW, apply=True)
    finally:
        cluster.start()
    assert centre.pools.filter(nodes__gt=0).count() == 4
