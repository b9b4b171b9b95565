"""Who owns whom: the picture, the page, and a stake that is ended by another person than who recorded it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries
from tests.calls.world import NOW, OPERATOR, World, member
from tests.screening.world import FIRST, SECOND, case_of, put_list

from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import accept_offer
from lionrock.kernel.errors import Conflict, Invalid, Refused
from lionrock.people.actions import grant_role, register_organisation, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.screening.actions import end_stake, record_stake, register_owner, screen_due
from lionrock.screening.domain.ownership import Stake, Standing, chain_of, standings
from lionrock.screening.drawing import BOX_HEIGHT, BOX_WIDTH, draw
from lionrock.screening.models import Stake as OnFile

HARBOUR = "harbour-university"
_NATIONAL = "1,organisation,Zephyr Quantum Instruments,,CN,,,,Specially Designated Nationals (SDN) - Treasury,,\n"
"""An owner on the list of the Treasury, whose rule of half is never suspended."""
HALF = Fraction(1, 2)


def held(*rows: tuple[str, str, int | None]) -> list[Stake]:
    return [Stake(owner, owned, None if share is None else Fraction(share, 100)) for owner, owned, share in rows]


CHAIN = held(("X", "A", 30), ("B", "A", 25), ("X", "B", 60), ("free", "B", 40), ("Y", "free", None), ("far", "else", 9))


def test_what_each_of_a_chain_counts_as() -> None:
    known = standings(CHAIN, {"X"}, share=HALF, on=NOW.date())
    assert {name for name, standing in known.items() if standing is Standing.OWNED} == {"X", "A", "B"}
    assert standings(CHAIN, {"Y"}, share=HALF, on=NOW.date())["free"] is Standing.UNKNOWN


def test_a_chain_holds_what_is_above_and_nothing_else() -> None:
    assert [stake.owner for stake in chain_of("A", CHAIN)] == ["X", "B", "X", "free", "Y"]
    circle = held(("A", "B", 60), ("B", "A", 60))
    assert len(chain_of("A", circle)) == 2


def test_the_picture_has_owners_above_and_nothing_over_another() -> None:
    known = standings(CHAIN, {"X"}, share=HALF, on=NOW.date())
    picture = draw("A", chain_of("A", CHAIN), known, frozenset({"X"}))
    boxes = {node.party: node for node in picture.nodes}
    assert [boxes[name].ink for name in ("X", "B", "A", "free", "Y")] == ["listed", "counts", "counts", "free", "free"]
    assert all(boxes[stake.owned].y > boxes[stake.owner].y for stake in CHAIN[:5])
    assert boxes["X"].y == boxes["free"].y
    places = [(node.x, node.y) for node in picture.nodes]
    assert len(set(places)) == len(places)
    assert all(node.x >= 0 and node.y + BOX_HEIGHT <= picture.height for node in picture.nodes)
    assert [line.ink for line in picture.lines if line.stake.share is None] == ["unknown"]


def test_a_line_passes_by_the_boxes_between() -> None:
    """X owns a part of A, and all of B, which owns the rest of A: X stands above B, and its line goes round B."""
    chain = held(("X", "A", 30), ("B", "A", 70), ("X", "B", 100))
    picture = draw("A", chain, {}, frozenset())
    boxes = {node.party: node for node in picture.nodes}
    [long] = [line for line in picture.lines if (line.stake.owner, line.stake.owned) == ("X", "A")]
    at_the_height_of_b = [x for x, y in long.points if boxes["B"].y <= y <= boxes["B"].y + BOX_HEIGHT]
    assert at_the_height_of_b
    assert not any(boxes["B"].x <= x <= boxes["B"].x + BOX_WIDTH for x in at_the_height_of_b)


def test_a_circle_of_owners_is_drawn_once_each() -> None:
    picture = draw("A", chain_of("A", held(("A", "B", 60), ("B", "A", 60))), {}, frozenset())
    assert sorted(node.party for node in picture.nodes) == ["A", "B"]


def owned_by_zephyr(share: str | None, *, listed: bool = True) -> OnFile:
    if listed:
        put_list()
    register_owner(actor=FIRST, code="zephyr", name="Zephyr Quantum Instruments", kind="organisation", now=NOW)
    made = record_stake(
        actor=FIRST, owner="zephyr", owned=HARBOUR, share=None if share is None else Decimal(share),
        since=date(2026, 1, 1), source="annual return", now=NOW,
    )  # fmt: skip
    screen_due(NOW)
    return made


@pytest.mark.django_db
def test_what_an_owner_held_back_goes_on_when_a_second_person_ends_the_stake(world: World) -> None:
    world.put_fund("10000000.00")
    put_list(_NATIONAL)
    stake = owned_by_zephyr("60", listed=False)
    offer = world.decided(world.submitted(world.open_call()), accept=False)
    assert offer is not None
    taken = accept_offer(actor=member(HARBOUR), award=offer.code, signatory="Chan Tai Man", title="Vice", now=NOW)
    assert taken.state == "offered"
    after, ended_on = NOW + timedelta(days=1), NOW.date()
    ended = {"stake": stake.pk, "until": ended_on, "reason": "Sold, by the register of members."}
    with pytest.raises(Refused, match="second person") as refused:
        end_stake(actor=FIRST, now=after, **ended)  # type: ignore[arg-type]
    assert refused.value.code == "screening.stake.four_eyes"
    end_stake(actor=SECOND, now=after, **ended)  # type: ignore[arg-type]
    offer.refresh_from_db()
    assert offer.state == "active"
    stake.refresh_from_db()
    assert (stake.until, stake.ended_because, stake.ended_by) == (
        ended_on, "Sold, by the register of members.", SECOND.email,
    )  # fmt: skip
    assert AuditRecord.objects.get(action="screening.end_stake").details["reason"] == stake.ended_because
    with pytest.raises(Conflict):
        end_stake(actor=SECOND, now=after, **ended)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_lower_share_takes_a_second_person_and_a_higher_one_does_not(world: World) -> None:
    first = owned_by_zephyr("40")
    told = {"owner": "zephyr", "owned": HARBOUR, "source": "annual return", "now": NOW}
    with pytest.raises(Refused):
        record_stake(actor=FIRST, share=Decimal(10), since=date(2026, 2, 1), **told)  # type: ignore[arg-type]
    second = record_stake(actor=FIRST, share=Decimal(70), since=date(2026, 2, 1), **told)  # type: ignore[arg-type]
    first.refresh_from_db()
    assert (first.until, first.ended_because) == (date(2026, 2, 1), "a newer stake of the same two")
    for until in (date(2026, 2, 1), NOW.date() + timedelta(days=2)):
        with pytest.raises(Invalid):
            end_stake(actor=SECOND, stake=second.pk, until=until, reason="Sold.", now=NOW)
    with pytest.raises(Invalid, match="cannot own itself"):
        record_stake(actor=FIRST, share=None, since=date(2026, 2, 1), **{**told, "owned": "owner:zephyr"})  # type: ignore[arg-type]


def signed_in(email: str, *roles: Role) -> Client:
    register_person(actor=OPERATOR, email=email, name=email, now=NOW)
    for role in roles:
        grant_role(actor=OPERATOR, email=email, role=role, programme="hk-aiss-demo", now=NOW)
    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client


@pytest.mark.django_db
def test_the_page_draws_the_chain_and_says_what_follows(world: World) -> None:
    owned_by_zephyr("30")
    register_owner(actor=FIRST, code="kite", name="Kite Holding", kind="organisation", now=NOW)
    for owned, share in (("owner:kite", None), (HARBOUR, "25")):
        record_stake(
            actor=FIRST, owner="zephyr" if owned == "owner:kite" else "kite", owned=owned,
            share=None if share is None else Decimal(share), since=date(2026, 1, 1), source="register", now=NOW,
        )  # fmt: skip
    officer = signed_in("officer@example.org", Role.COMPLIANCE)
    page = officer.get("/screening/owners?on=2026-11-23").content.decode()
    text = " ".join(strip_tags(page).split())
    assert page.count('<rect class="chain-box') == 3
    assert 'chain-unknown"' in page
    assert "it is held until that is known" in text
    assert "may be on a list" in text
    before = strip_tags(officer.get("/screening/owners?on=2026-03-02").content.decode())
    assert "it is not held for that" in before
    wrong = officer.get("/screening/owners?on=soon")
    assert (wrong.status_code, "is not a date" in wrong.content.decode()) == (422, True)


@pytest.mark.django_db
def test_owners_and_stakes_are_put_on_file_and_ended_by_the_forms(world: World) -> None:
    first, second = (signed_in(f"{name}@example.org", Role.COMPLIANCE) for name in ("one", "two"))
    told = {"name": "Lagoon Holding", "kind": "organisation", "code": "lagoon"}
    assert first.post("/screening/owners/new", {**told, "code": "La goon"}).status_code == 422
    assert first.post("/screening/owners/new", told).status_code == 302
    stake = {"owner": "lagoon", "owned": HARBOUR, "share": "a third", "since": "2026-01-01", "source": "register"}
    assert "is no number" in first.post("/screening/stakes/new", stake).content.decode()
    assert first.post("/screening/stakes/new", {**stake, "share": "33.333 %"}).status_code == 302
    made = OnFile.objects.get()
    end = f"/screening/stakes/{made.pk}/end"
    why = {"until": "2026-02-01", "reason": "Sold."}
    assert first.post(end, why).status_code == 409
    assert second.post(end, {**why, "reason": ""}).status_code == 422
    assert second.post(end, why).status_code == 302
    shown = strip_tags(second.get("/screening/owners").content.decode())
    assert "33.333 %" in shown
    assert "Sold." in shown
    auditor = signed_in("auditor@example.org", Role.AUDITOR)
    assert "End it" not in auditor.get("/screening/owners?on=2026-01-15").content.decode()
    assert auditor.post(end, why).status_code == 403


@pytest.mark.django_db
def test_many_owners_are_read_as_fast_as_one(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    officer = signed_in("officer@example.org", Role.COMPLIANCE)
    for number in range(4):
        register_owner(actor=FIRST, code=f"owner-{number}", name=f"Owner {number}", kind="person", now=NOW)
        register_organisation(actor=OPERATOR, code=f"firm-{number}", name=f"Firm {number}", now=NOW)
        record_stake(
            actor=FIRST, owner=f"owner-{number}", owned=f"firm-{number}", share=Decimal(20), since=date(2026, 1, 1),
            source="register", now=NOW,
        )  # fmt: skip
    officer.get("/screening/owners")
    with django_assert_max_num_queries(12):
        assert officer.get("/screening/owners").content.decode().count("<figure") == 4


@pytest.mark.django_db
def test_who_is_listed_is_screened_as_an_owner_too(world: World) -> None:
    owned_by_zephyr(None)
    assert case_of("zephyr").kind == "owner"
