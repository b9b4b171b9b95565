"""An award of somebody who may be on a list is held, not lost, and goes on when two persons have cleared it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from tests.calls.world import NOW, OPERATOR, World, member
from tests.screening.world import FIRST, SECOND, case_of, later, put_list

from lionrock.awards.actions import accept_offer, decline_offer, lapse_offers
from lionrock.awards.models import Award, HeldAcceptance
from lionrock.kernel.errors import Refused
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Organisation
from lionrock.screening.actions import (
    agree_to_clear,
    clear_case,
    confirm_case,
    record_stake,
    register_owner,
    screen_due,
)
from lionrock.screening.models import Case, Hit, Screened, SubjectKind
from lionrock.screening.queries.holding import Who, holds_on

pytestmark = pytest.mark.django_db
HARBOUR = "harbour-university"
SIGNED = {"signatory": "Chan Tai Man", "title": "Vice-President"}


@pytest.fixture
def named(world: World) -> World:
    """Return a world whose organisation has a name that is on the list."""
    Organisation.objects.filter(code=HARBOUR).update(name="Harbour University")
    world.put_fund("10000000.00")
    return world


def offered(world: World) -> Award:
    offer = world.decided(world.submitted(world.open_call()), accept=False)
    assert offer is not None
    return offer


def taken_up(offer: Award, **facts: object) -> Award:
    return accept_offer(actor=member(HARBOUR), award=offer.code, **{**SIGNED, "now": NOW, **facts})  # type: ignore[arg-type]


def test_without_a_list_nothing_is_held(named: World) -> None:
    assert taken_up(offered(named)).state == "active"
    assert not Screened.objects.exists()


def test_the_decision_finds_it_and_the_acceptance_is_held(named: World) -> None:
    put_list()
    offer = offered(named)
    assert (case_of(HARBOUR).state, case_of(HARBOUR).strength) == ("open", "block")
    held = taken_up(offer)
    assert (held.state, held.accepted_at) == ("offered", None)
    assert HeldAcceptance.objects.get().signatory == "Chan Tai Man"


def test_a_held_offer_does_not_lapse_and_is_not_accepted_twice(named: World) -> None:
    put_list()
    offer = offered(named)
    taken_up(offer)
    taken_up(offer, signatory="Somebody Else")
    assert HeldAcceptance.objects.get().signatory == "Chan Tai Man"
    assert lapse_offers(NOW + timedelta(days=400)) == 0


def test_two_persons_release_it_and_it_is_in_force_from_that_day(named: World) -> None:
    put_list()
    offer = offered(named)
    taken_up(offer)
    case = case_of(HARBOUR).pk
    clear_case(actor=FIRST, case=case, reason="Another university of that name.", now=later(60))
    offer.refresh_from_db()
    assert offer.state == "offered"
    with pytest.raises(Refused, match="second person") as refused:
        agree_to_clear(actor=FIRST, case=case, reason="I agree with myself.", now=later(61))
    assert refused.value.code == "screening.case.four_eyes"
    released = NOW + timedelta(days=45)
    agree_to_clear(actor=SECOND, case=case, reason="Its register number is another.", now=released)
    offer.refresh_from_db()
    assert (offer.state, offer.signatory, offer.accepted_by) == ("active", "Chan Tai Man", member(HARBOUR).email)
    assert str(offer.in_force_from) == "2026-04-16"
    assert HeldAcceptance.objects.get().taken_up_at == released


def test_a_confirmed_hit_holds_and_can_be_cleared_by_two_only(named: World) -> None:
    put_list()
    offer = offered(named)
    taken_up(offer)
    case = case_of(HARBOUR).pk
    confirm_case(actor=FIRST, case=case, reason="The same address.", now=later(5))
    offer.refresh_from_db()
    assert offer.state == "offered"
    clear_case(actor=SECOND, case=case, reason="The list was wrong.", now=later(6))
    agree_to_clear(actor=FIRST, case=case, reason="It was taken off.", now=later(7))
    offer.refresh_from_db()
    assert offer.state == "active"


def test_a_signatory_on_a_list_holds_the_acceptance_of_an_organisation_that_is_not(world: World) -> None:
    world.put_fund("10000000.00")
    put_list()
    offer = offered(world)
    held = taken_up(offer, signatory="Ysolde Marguerite van Tongeren")
    assert held.state == "offered"
    assert case_of(offer.code).kind == "signatory"


def test_who_is_held_may_still_decline(named: World) -> None:
    put_list()
    offer = offered(named)
    taken_up(offer)
    assert decline_offer(actor=member(HARBOUR), award=offer.code, reason="No need.", now=NOW).state == "declined"
    case = case_of(HARBOUR).pk
    clear_case(actor=FIRST, case=case, reason="Another.", now=later(1))
    agree_to_clear(actor=SECOND, case=case, reason="Another.", now=later(2))
    offer.refresh_from_db()
    assert offer.state == "declined"


def test_the_organisation_reads_that_it_is_being_checked_and_nothing_of_a_list(named: World) -> None:

    put_list()
    register_person(actor=OPERATOR, email="lee@harbour.example", name="Lee", now=NOW)
    grant_role(actor=OPERATOR, email="lee@harbour.example", role=Role.MEMBER, organisation=HARBOUR, now=NOW)
    taken_up(offered(named))
    told = [notice.said["template"] for notice in Notice.objects.filter(person__email="lee@harbour.example")]
    assert any("being checked" in each for each in told)
    assert not any("list" in each for each in told)


@pytest.mark.parametrize(("share", "held"), [("60", True), ("50", True), ("49.999", False), (None, True)])
def test_an_owner_on_a_list_holds_what_it_owns(world: World, share: str | None, held: bool) -> None:
    """Half is enough, less is not, and what is not known may be enough."""

    world.put_fund("10000000.00")
    put_list()
    after = NOW + timedelta(days=270)
    register_owner(actor=FIRST, code="zephyr", name="Zephyr Quantum Instruments", kind="organisation", now=NOW)
    record_stake(
        actor=FIRST, owner="zephyr", owned=HARBOUR, share=None if share is None else Decimal(share),
        since=NOW.date(), source="annual return", now=NOW,
    )  # fmt: skip
    screen_due(after)
    assert case_of("zephyr").strength == "block"

    holds = holds_on([Who(SubjectKind.ORGANISATION, HARBOUR)], after.date())
    assert bool(holds) is held
    assert [hold.read.citation.source for hold in holds if hold.read and hold.read.citation] == (
        ["us-affiliates-suspended"] if held else []
    )


def test_before_the_rule_counts_the_list_its_parties_own_nothing(world: World) -> None:

    put_list()
    register_owner(actor=FIRST, code="zephyr", name="Zephyr Quantum Instruments", kind="organisation", now=NOW)
    record_stake(
        actor=FIRST,
        owner="zephyr",
        owned=HARBOUR,
        share=Decimal(60),
        since=date(2020, 1, 1),
        source="annual return",
        now=NOW,
    )
    screen_due(NOW)
    who = [Who(SubjectKind.ORGANISATION, HARBOUR)]
    days = [
        date(2025, 9, 28),
        date(2025, 9, 29),
        date(2025, 11, 9),
        date(2025, 11, 10),
        date(2026, 11, 9),
        date(2026, 11, 10),
    ]
    assert [bool(holds_on(who, day)) for day in days] == [False, True, True, False, False, True]


def test_hits_and_cases_cannot_be_removed(named: World) -> None:

    put_list()
    offered(named)
    for table in (Hit, Case, Screened):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all()._raw_delete("default")
