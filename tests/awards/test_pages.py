"""The pages of awards as people use them: offers accepted or refused, changes decided, awards suspended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.calls.world import OPERATOR, World

from lionrock.applications.domain import Request
from lionrock.awards.models import Award, Variation
from lionrock.awards.queries import waiting
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_of

pytestmark = pytest.mark.django_db


def _now() -> datetime:
    return timezone.now()


@pytest.fixture
def today(world: World) -> World:
    """The demonstration as of now, for pages read the clock: an award of three months from next month's first day."""
    world.now = _now()
    first = (world.now.date().replace(day=1) + timedelta(days=40)).replace(day=1)
    world.request = Request("h800-node", 1, 3, first)
    world.put_fund("9000000.00")
    return world


def _signed_in(world: World, role: Role) -> Client:
    email = f"{role.value}@example.org"
    where: dict[str, Any] = (
        {"organisation": world.organisation} if role is Role.MEMBER else {"programme": world.programme}
    )
    if not Person.objects.filter(email=email).exists():
        register_person(actor=OPERATOR, email=email, name=role.value, now=world.now)
        grant_role(actor=OPERATOR, email=email, role=role, now=world.now, **where)
    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client


def _offer(world: World, **facts: Any) -> Award:
    return world.awarded(world.open_call(), accept=False, **facts)


def _shown(response: HttpResponse, *texts: str) -> str:
    page = response.content.decode()
    for text in texts:
        assert text in page, text
    return page


SIGNED = {"signatory": "Chan Tai Man", "title": "Vice-President"}


def test_a_member_accepts_an_offer(today: World) -> None:
    offer, member = _offer(today, conditions="Publish the weights."), _signed_in(today, Role.MEMBER)
    _shown(
        member.get(f"/awards/{offer.code}"), "This award is offered to you", "Accept the offer", "Publish the weights."
    )
    _shown(member.get(f"/awards/{offer.code}/accept"), "HKD\N{NO-BREAK SPACE}672,000.00", "authorised signatory")
    answered = member.post(f"/awards/{offer.code}/accept", SIGNED, follow=True)
    _shown(answered, "is accepted", "Agreement (PDF)", "Chan Tai Man")
    offer.refresh_from_db()
    assert (offer.state, offer.accepted_by) == ("active", "member@example.org")


def test_accepted_twice_it_is_accepted_once_and_nothing_breaks(today: World) -> None:
    offer, member = _offer(today), _signed_in(today, Role.MEMBER)
    for _ in range(2):
        assert member.post(f"/awards/{offer.code}/accept", SIGNED, follow=True).status_code == 200
    answered = member.post(f"/awards/{offer.code}/accept", SIGNED | {"signatory": "Somebody else"}, follow=True)
    _shown(answered, "is active, so nobody can accept it now")
    assert offer.papers.filter(kind="agreement").count() == 1


def test_without_a_signatory_nothing_is_accepted_and_what_was_typed_stays(today: World) -> None:
    offer, member = _offer(today), _signed_in(today, Role.MEMBER)
    answered = member.post(f"/awards/{offer.code}/accept", {"signatory": "", "title": "Vice-President"})
    assert answered.status_code == 422
    _shown(answered, 'href="#signatory"', 'aria-invalid="true"', 'value="Vice-President"')


def test_after_its_last_day_an_offer_is_refused_with_what_to_do(today: World) -> None:
    today.now = _now() - timedelta(days=31)
    offer, member = _offer(today), _signed_in(today, Role.MEMBER)
    answered = member.post(f"/awards/{offer.code}/accept", SIGNED)
    assert answered.status_code == 409
    _shown(answered, "Ask the programme", 'value="Chan Tai Man"')
    offer.refresh_from_db()
    assert offer.state == "offered"


def test_a_member_refuses_an_offer(today: World) -> None:
    offer, member = _offer(today), _signed_in(today, Role.MEMBER)
    assert member.post(f"/awards/{offer.code}/refuse", {"reason": " "}).status_code == 422
    answered = member.post(f"/awards/{offer.code}/refuse", {"reason": "We bought our own."}, follow=True)
    _shown(answered, "is refused", "We bought our own.")


def test_the_office_reads_an_offer_and_cannot_accept_it(today: World) -> None:
    offer, office = _offer(today), _signed_in(today, Role.OFFICE)
    assert "Accept the offer" not in _shown(office.get(f"/awards/{offer.code}"), "who can accept it until")
    assert office.post(f"/awards/{offer.code}/accept", SIGNED).status_code == 403


@pytest.mark.parametrize("kind", ["offer", "agreement"])
def test_letters_are_handed_out(today: World, kind: str) -> None:
    award, member = today.accepted(_offer(today)), _signed_in(today, Role.MEMBER)
    answered = member.get(f"/awards/{award.code}/{kind}.pdf")
    assert (answered.status_code, answered.content[:5]) == (200, b"%PDF-")
    assert member.get(f"/awards/{award.code}/secret.pdf").status_code == 404


def test_a_change_is_looked_at_asked_for_and_approved(today: World) -> None:
    award, member = today.accepted(_offer(today)), _signed_in(today, Role.MEMBER)
    address = f"/awards/{award.code}/variations"
    longer = (award.valid_to + timedelta(days=32)).replace(day=1)
    typed = {"valid_to": longer.isoformat(), "reason": "The data came late."}
    looked = member.post(address, typed | {"look": "1"})
    _shown(looked, "HKD\N{NO-BREAK SPACE}224,000.00</span> more is to be committed", "The data came late.")
    assert not Variation.objects.exists()
    asked = member.post(address, typed | {"ask": "1"}, follow=True)
    _shown(asked, "The change is asked for", "Change 1")
    again = member.post(address, typed | {"ask": "1"}, follow=True)
    _shown(again, "waits for its decision")
    committee = _signed_in(today, Role.COMMITTEE)
    _shown(committee.get(f"{address}/1"), "more is to be committed", "Approve", "Decline")
    assert committee.post(f"{address}/1", {"verb": "approve", "decided_by": ""}).status_code == 422
    decided = committee.post(f"{address}/1", {"verb": "approve", "decided_by": "Committee"}, follow=True)
    _shown(decided, "What it came to", "Approved")
    _shown(member.get(f"/awards/{award.code}"), "896,000")


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"valid_to": "soon", "count": "many", "reason": "x"}, 422, "is not a whole number"),
        ({"reason": "x"}, 422, "Nothing is to change"),
        ({"count": "13", "reason": "x"}, 409, "above the largest request"),
        ({"cap": "1.234", "reason": "x"}, 422, "decimals"),
    ],
)
def test_what_cannot_be_asked_for_is_said_at_its_field(
    today: World, typed: dict[str, str], status: int, said: str
) -> None:
    award, member = today.accepted(_offer(today)), _signed_in(today, Role.MEMBER)
    answered = member.post(f"/awards/{award.code}/variations", typed | {"look": "1"})
    assert answered.status_code == status
    _shown(answered, said)


def test_a_request_is_withdrawn_or_declined_with_a_reason(today: World) -> None:
    award, member = today.accepted(_offer(today)), _signed_in(today, Role.MEMBER)
    address, typed = f"/awards/{award.code}/variations", {"count": "2", "reason": "more", "ask": "1"}
    member.post(address, typed)
    _shown(member.post(f"{address}/1", {"verb": "withdraw"}, follow=True), "Withdrawn")
    member.post(address, typed)
    office = _signed_in(today, Role.OFFICE)
    given = {"verb": "decline", "decided_by": "Office", "reason": ""}
    assert office.post(f"{address}/2", given).status_code == 422
    _shown(office.post(f"{address}/2", given | {"reason": "No node is free."}, follow=True), "No node is free.")


def test_an_award_is_suspended_resumed_and_ended(today: World) -> None:
    award, office = today.accepted(_offer(today)), _signed_in(today, Role.OFFICE)
    page = f"/awards/{award.code}"
    _shown(office.post(f"{page}/suspend", {"reason": "Report overdue."}, follow=True), "Suspended", "Report overdue.")
    _shown(office.post(f"{page}/suspend", {"reason": "again"}, follow=True), "so nobody can suspend it now")
    _shown(office.post(f"{page}/resume", {"reason": "Handed in."}, follow=True), "can be used again")
    _shown(office.post(f"{page}/end", {"reason": ""}, follow=True), "Wait, or give a reason")
    _shown(office.post(f"{page}/end", {"reason": "Breach."}, follow=True), "has ended", "Breach.")
    assert _signed_in(today, Role.MEMBER).post(f"{page}/suspend", {"reason": "x"}).status_code == 403


def test_what_waits_is_said_to_whom_it_waits_for(today: World) -> None:
    offer = _offer(today)
    for role in (Role.MEMBER, Role.OFFICE, Role.COMMITTEE):
        _signed_in(today, role)

    def lines(role: Role) -> list[str]:
        viewer = actor_of(Person.objects.get(email=f"{role.value}@example.org"))
        return [line.said.template.split(".")[0] for line in waiting(viewer, _now())]

    assert lines(Role.MEMBER) == ["{award} is offered to you"]
    assert lines(Role.OFFICE) == []
    award = today.accepted(offer)
    typed = {"count": "2", "reason": "more", "ask": "1"}
    _signed_in(today, Role.MEMBER).post(f"/awards/{award.code}/variations", typed)
    assert lines(Role.MEMBER) == []
    assert lines(Role.OFFICE) == lines(Role.COMMITTEE) == ["A change of {award} waits for a decision"]


def _queries(client: Client, address: str) -> int:
    """Return how many queries a page takes, once the notices that it shows have been read."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_a_page_asks_the_database_the_same_however_much_there_is(today: World) -> None:
    award, office = today.accepted(_offer(today)), _signed_in(today, Role.OFFICE)
    pages = ("/awards", f"/awards/{award.code}", "/")
    few = [_queries(office, page) for page in pages]
    call = today.open_call()
    for _ in range(6):
        today.awarded(call)
    for number in range(5):
        typed = {"count": str(2 + number % 2), "reason": "more", "ask": "1"}
        office.post(f"/awards/{award.code}/variations", typed)
        given = {"verb": "decline", "decided_by": "Office", "reason": "No node is free."}
        office.post(f"/awards/{award.code}/variations/{number + 1}", given)
    assert award.variations.count() == 5
    assert [_queries(office, page) for page in pages] == few
