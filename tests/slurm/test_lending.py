"""Leases on a real Slurm: nodes kept for them, and lent while they are idle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.calls.world import OPERATOR, World
from tests.slurm.cluster import Cluster
from tests.slurm.layout import Group

from lionrock.allocations.actions import lend_idle_nodes, push_site, stop_lending
from lionrock.applications.domain import Request
from lionrock.awards.models import Award
from lionrock.charging.models import RecordedRun
from lionrock.kernel.periods import local_date, zone
from lionrock.metering.actions import collect, reconcile
from lionrock.metering.models import MeteredRun
from lionrock.people.models import Person, RoleGrant
from lionrock.sites.models import Login, Pool, Site
from lionrock.sites.queries import site_as_actor

ADA, BEN = "lr-ada", "lr-ben"
CONFIGURATION = """\
PreemptType=preempt/qos
PreemptMode=REQUEUE
PartitionName=leases Nodes=h800-[1-2] State=UP
"""
"""One partition for what is metered and one for what is leased, of the same nodes."""


@pytest.fixture(scope="module")
def lending() -> Iterator[Cluster]:
    """A cluster that is set up for lending: two nodes of eight GPUs, and preemption by QOS."""
    made = Cluster.make(name="lends", conf=CONFIGURATION, groups=(Group("h800", 2, 8),))
    yield made
    made.purge()


@pytest.fixture
def site(world: World, lending: Cluster) -> Site:
    """A site on it, from today on: reservations are of the cluster's own time."""
    world.now = datetime.now(UTC).replace(microsecond=0)
    world.put_fund("90000000.00")
    made = Site.objects.create(
        code="lends", name="A centre", time_zone="UTC", programme=world.programme, driver="slurm",
        connection=lending.connection, created_at=world.now,
    )  # fmt: skip
    for item, partition, per_unit in (("h800-gpu", "h800", 1), ("h800-node", "leases", 8)):
        Pool.objects.create(
            site=made, name=item, partition=partition, item=item, device="gres/gpu:h800", devices_per_unit=per_unit,
            nodes=2, devices_per_node=8, created_at=world.now,
        )  # fmt: skip
    return made


def awarded(world: World, site: Site, item: str, username: str, hours: int | None = None) -> Award:
    """Award something for three months from today to an organisation whose one member has that login."""
    world.organisation = f"of-{username}"
    organisation = world.put_organisation()
    person = Person.objects.create(email=f"{username}@example.org", name=username, created_at=world.now)
    RoleGrant.objects.create(person=person, role="member", organisation=organisation, granted_at=world.now)
    Login.objects.create(site=site, person=person, username=username, created_at=world.now)
    today = local_date(world.now, zone("Asia/Hong_Kong"))
    world.request = Request(item, 1 if item == "h800-node" else 8, 3, today, hours=hours)
    return world.awarded(world.open_call())


def sbatch(cluster: Cluster, account: str, partition: str, user: str, seconds: int = 60) -> str:
    given = ["-p", partition, "--gres=gpu:h800:8", "-t", "5"]
    return cluster.submit(f"sleep {seconds}", *given, user=user, account=account)


def test_nodes_of_a_lease_are_its_own_until_they_are_lent_and_its_jobs_come_first(
    world: World, lending: Cluster, site: Site
) -> None:
    lease, other = awarded(world, site, "h800-node", ADA), awarded(world, site, "h800-gpu", BEN, hours=20)
    own, theirs = lease.code.lower(), other.code.lower()

    def push() -> None:
        done = push_site(actor=OPERATOR, site=site.code, now=datetime.now(UTC))
        assert done.is_done, [str(change.sentence) for change in done.left.changes]

    push()
    assert "NodeCnt=1" in lending.run("scontrol", "-o", "show", "reservation", own)
    on_the_free_node = sbatch(lending, theirs, "h800", BEN, seconds=600)
    lending.wait(on_the_free_node, "RUNNING")

    lend_idle_nodes(actor=OPERATOR, award=lease.code, now=world.now)
    push()
    borrowed = sbatch(lending, f"{theirs}.lent", "leases", BEN, seconds=600)
    lending.wait(borrowed, "RUNNING")
    read_until(lending, site, borrowed)

    needed = sbatch(lending, own, "leases", ADA, seconds=600)
    lending.wait(needed, "RUNNING")
    read_until(lending, site, needed)
    assert lending.state(borrowed) == "PENDING"
    assert lending.state(on_the_free_node) == "RUNNING"
    runs = ["sacct", "-D", "-X", "-n", "-P", "-o", "Account,State", "-j"]
    lending.until(lambda: f"{theirs}.lent|PREEMPTED" in lending.run(*runs, borrowed), "the run that made room is known")

    assert_the_borrower_pays_and_the_lender_does_not(lending, site, borrowed, needed, other)

    stop_lending(actor=OPERATOR, award=lease.code, now=world.now)
    push()
    refused = lending.attempt(
        "sbatch", "-A", f"{theirs}.lent", "-p", "leases", "-D", "/tmp", "--gres=gpu:1", "--wrap", "true", user=BEN
    )
    assert "SubmitJob" in refused.stderr
    lending.run("scancel", on_the_free_node, borrowed)


def read_until(lending: Cluster, site: Site, job: str, **facts: object) -> None:
    """Read the accounting until a job is known to have run for a second at least, and this of it."""

    def known() -> bool:
        collect(actor=site_as_actor(site), site=site.code, now=datetime.now(UTC))
        return MeteredRun.objects.filter(job=job, busy__gt=0, **facts).exists()

    lending.until(known, f"{job} in the books")


def assert_the_borrower_pays_and_the_lender_does_not(
    lending: Cluster, site: Site, borrowed: str, needed: str, borrower: Award
) -> None:
    """The use is the borrower's, as its own item; and what a lease keeps idle is no difference to Slurm's totals."""

    lending.run("scancel", needed)
    for job in (borrowed, needed):
        read_until(lending, site, job, end__isnull=False)
    record = RecordedRun.objects.get(job=borrowed, standing=True)
    assert (record.state, record.award, record.devices) == ("PREEMPTED", borrower.code, {"h800-gpu": 8})
    assert [run.outcome for run in MeteredRun.objects.filter(job=needed)] == ["leased"]
    assert not RecordedRun.objects.filter(job=needed).exists()

    now = datetime.now(UTC)
    start = now.replace(minute=0, second=0, microsecond=0)
    span = (start, start + timedelta(hours=1))

    def agrees() -> bool:
        lending.run("sacctmgr", "-i", "rollup", *(f"{at:%Y-%m-%dT%H:%M:%S}" for at in span))
        return reconcile(actor=site_as_actor(site), site=site.code, now=now, start=span[0], end=span[1]).agrees

    lending.until(agrees, "the totals of this hour alike")


def test_a_reservation_that_somebody_shortened_is_put_back(world: World, lending: Cluster, site: Site) -> None:
    lease = awarded(world, site, "h800-node", ADA)
    lending.until(lambda: not lending.run("squeue", "-h"), "nobody runs")
    for name in lending.run("scontrol", "-o", "show", "reservation").split():
        if name.startswith("ReservationName="):
            lending.run("scontrol", "delete", name)
    push_site(actor=OPERATOR, site=site.code, now=datetime.now(UTC))
    name = lease.code.lower()
    soon = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")
    lending.run("scontrol", "update", f"reservationname={name}", f"endtime={soon}")
    done = push_site(actor=OPERATOR, site=site.code, now=datetime.now(UTC))
    assert [change.after.keys() for change in done.applied] == [{"end"}]
    assert done.is_done
