"""Consent to lending: who gives it, for what, and that it can be taken back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.allocations.actions import lend_idle_nodes, stop_lending
from lionrock.allocations.models import Lending
from lionrock.applications.domain import Request
from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import end_award
from lionrock.awards.models import Award
from lionrock.kernel.errors import Conflict, LionrockError, NotAllowed
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person, RoleGrant
from lionrock.sites.models import Site

HARBOUR = member("harbour-university")


@pytest.fixture
def lease(world: World) -> Award:
    world.put_fund("90000000.00")
    return world.awarded(world.open_call())


def test_a_member_lends_and_takes_back_as_often_as_they_like(lease: Award) -> None:
    for _ in range(2):
        lend_idle_nodes(actor=HARBOUR, award=lease.code, now=NOW)
        stop_lending(actor=HARBOUR, award=lease.code, now=NOW)
    assert [(each.given_by, each.revoked_by) for each in Lending.objects.all()] == [(HARBOUR.email, HARBOUR.email)] * 2
    actions = AuditRecord.objects.filter(subject=lease.code, action__contains="lend").values_list("action", flat=True)
    assert list(actions) == ["allocations.lend_idle_nodes", "allocations.stop_lending"] * 2


@pytest.mark.parametrize("actor", [member("delta-institute"), holder(Role.OFFICE, "hk-aiss-demo")])
def test_nobody_else_lends_what_is_not_theirs(lease: Award, actor: Actor) -> None:
    with pytest.raises(LionrockError) as raised:
        lend_idle_nodes(actor=actor, award=lease.code, now=NOW)
    assert raised.value.status in (NotAllowed.status, 404)
    assert not Lending.objects.exists()


def test_it_is_lent_once_and_taken_back_once(lease: Award) -> None:
    with pytest.raises(Conflict):
        stop_lending(actor=HARBOUR, award=lease.code, now=NOW)
    lend_idle_nodes(actor=HARBOUR, award=lease.code, now=NOW)
    with pytest.raises(Conflict):
        lend_idle_nodes(actor=HARBOUR, award=lease.code, now=NOW)


def test_only_a_lease_in_force_has_nodes_to_lend(world: World, lease: Award) -> None:
    end_award(actor=OPERATOR, award=lease.code, reason="enough", now=NOW)
    world.request = Request("h800-gpu", 1, 3, date(2026, 4, 1), hours=10)
    metered = world.awarded(world.open_call())
    for award in (lease, metered):
        with pytest.raises(Conflict) as raised:
            lend_idle_nodes(actor=HARBOUR, award=award.code, now=NOW)
        assert raised.value.code == "allocations.lending.no_lease"


@pytest.mark.parametrize("change", [{"given_by": "another"}, {"given_at": NOW.replace(year=2020)}])
def test_a_consent_is_never_rewritten(lease: Award, change: dict[str, object]) -> None:
    lend_idle_nodes(actor=HARBOUR, award=lease.code, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Lending.objects.update(**change)


@pytest.fixture
def browser(world: World, lease: Award) -> Client:
    person = Person.objects.create(email="ada@harbour.example", name="Ada", created_at=NOW)
    RoleGrant.objects.create(person=person, role="member", organisation=lease.organisation, granted_at=NOW)
    RoleGrant.objects.create(person=person, role="cluster_admin", programme=world.programme, granted_at=NOW)
    found = Client()
    found.force_login(person)
    return found


def test_the_page_of_a_lease_lends_its_nodes_and_stops_it(browser: Client, lease: Award) -> None:
    page, lend = reverse("awards:show", args=[lease.code]), reverse("allocations:lend", args=[lease.code])
    assert "Lend idle nodes" in browser.get(page).content.decode()
    assert browser.post(lend, follow=True).status_code == 200
    assert "Stop lending the nodes" in browser.get(page).content.decode()
    assert "(ada@harbour.example)" in browser.get(page).content.decode()
    browser.post(lend, {"stop": "yes"})
    assert Lending.objects.get().revoked_by == "ada@harbour.example"


def test_a_cluster_that_nobody_can_reach_is_said_on_its_page(browser: Client, world: World) -> None:
    site = Site.objects.create(
        code="asc", name="A centre", time_zone="UTC", programme=world.programme, driver="slurm", created_at=NOW
    )
    page = reverse("allocations:site", args=[site.code])
    assert "Nobody has looked at this cluster yet." in browser.get(page).content.decode()
    answer = browser.post(reverse("allocations:push", args=[site.code]), follow=True).content.decode()
    assert "Nobody has said how the cluster asc is reached." in answer
    assert "Nothing is lost: it is tried again." in answer
    assert "not looked at yet" not in browser.get(reverse("allocations:sites")).content.decode()
