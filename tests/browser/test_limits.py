"""Limits on clusters, and lending: seen by who looks after a cluster, and by who holds a lease."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.browser.test_pages import faults, overflow

if TYPE_CHECKING:
    from tests.allocations.slurm import FakeSlurm

    from lionrock.awards.models import Award

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def slurm(monkeypatch: pytest.MonkeyPatch) -> FakeSlurm:
    from tests.allocations.slurm import FakeSlurm  # noqa: PLC0415

    from lionrock.allocations.actions import pushing  # noqa: PLC0415

    made = FakeSlurm()
    monkeypatch.setattr(pushing, "slurm_of", lambda _site: made)
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)
    return made


@pytest.fixture
def lease(transactional_db: None, settings: Settings, slurm: FakeSlurm) -> Award:
    """A cluster that sells H800 nodes and GPUs, a lease and a metered award on it, and who looks after them."""
    from tests.calls.world import OPERATOR, SHIPPED, World  # noqa: PLC0415

    from lionrock.applications.domain import Request  # noqa: PLC0415
    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415
    from lionrock.sites.models import Pool, Site  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    world = World(request=Request("h800-node", 2, 3, date(2026, 4, 1)))
    world.put_organisation()
    world.put_fund("90000000.00")
    site = Site.objects.create(
        code="asc", name="Supercomputing Centre", time_zone="Asia/Hong_Kong", programme=world.programme,
        driver="slurm", connection={"cluster": "test", "service_user": "lionrock"}, created_at=TODAY,
    )  # fmt: skip
    for item, partition, per_unit in (("h800-gpu", "h800", 1), ("h800-node", "leases", 8)):
        Pool.objects.create(
            site=site, name=item, partition=partition, item=item, device="gres/gpu:h800", devices_per_unit=per_unit,
            nodes=4, devices_per_node=8, created_at=TODAY,
        )  # fmt: skip
    for role, where in ((Role.MEMBER, {"organisation": world.organisation}), (Role.CLUSTER_ADMIN, None)):
        email = f"{role.value}@example.org"
        register_person(actor=OPERATOR, email=email, name=role.value, now=TODAY, password=PASSWORD)
        grant_role(actor=OPERATOR, email=email, role=role, now=TODAY, **(where or {"programme": world.programme}))
    leased = world.awarded(world.open_call())
    world.request = Request("h800-gpu", 8, 3, date(2026, 4, 1), hours=200)
    world.awarded(world.open_call())
    return leased


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer, lease: Award) -> Iterator[Visitor]:
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


def test_whoever_runs_a_cluster_sees_what_differs_and_puts_it_right(visitor: Visitor, slurm: FakeSlurm) -> None:
    slurm.refuses = "add user"
    visitor.sign_in("cluster_admin@example.org")
    page = visitor.page
    page.get_by_role("link", name="Clusters").click()
    page.get_by_role("link", name="Limits").click()
    page.get_by_role("link", name="Supercomputing Centre").click()
    expect(page.get_by_text("Nobody has looked at this cluster yet.")).to_be_visible()
    page.get_by_role("button", name="Look, and put right what differs").click()
    expect(page.get_by_role("heading", name="What differs")).to_be_visible()
    expect(page.get_by_text("It says no.").first).to_be_visible()
    visitor.picture("limits-refused")
    slurm.refuses = ""
    page.get_by_role("button", name="Look, and put right what differs").click()
    expect(page.get_by_text("The cluster holds what it should.")).to_be_visible()
    expect(page.get_by_role("cell", name="96,000")).to_be_visible()
    assert faults(page) == []
    visitor.picture("limits")
    page.set_viewport_size(PHONE)
    assert overflow(page) <= 0
    visitor.picture("limits-phone")


def test_the_holder_of_a_lease_lends_its_nodes_and_stops_it(visitor: Visitor, lease: Award) -> None:
    visitor.sign_in("member@example.org")
    page = visitor.open(f"/awards/{lease.code}")
    page.get_by_role("button", name="Lend idle nodes").click()
    expect(page.get_by_text("others may use its nodes while they are idle")).to_be_visible()
    assert faults(page) == []
    visitor.picture("lending")
    page.get_by_role("button", name="Stop lending the nodes").click()
    expect(page.get_by_role("button", name="Lend idle nodes")).to_be_visible()
