"""The pages of screening: the queue, a case with its decision, a name looked up, lists and what changed."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.calls.world import NOW, OPERATOR, World
from tests.screening.world import ROWS, case_of, put_list

from lionrock.people.actions import grant_role, register_organisation, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Organisation, Person
from lionrock.screening.actions import screen_due

pytestmark = pytest.mark.django_db
HARBOUR = "harbour-university"


def signed_in(name: str, role: Role) -> Client:
    email = f"{name}@example.org"
    register_person(actor=OPERATOR, email=email, name=name, now=NOW)
    grant_role(actor=OPERATOR, email=email, role=role, programme="hk-aiss-demo", now=NOW)
    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client


@pytest.fixture
def office(world: World) -> tuple[Client, Client]:
    """Return two who answer for compliance, with a case waiting."""
    two = signed_in("first", Role.COMPLIANCE), signed_in("second", Role.COMPLIANCE)
    Organisation.objects.filter(code=HARBOUR).update(name="Harbour University")
    put_list()
    screen_due(NOW)
    return two


def test_two_persons_clear_a_case_by_its_page(office: tuple[Client, Client]) -> None:
    first, second = office
    case = case_of(HARBOUR).pk
    page = f"/screening/cases/{case}"
    shown = first.get(page).content.decode()
    assert "Harbour University" in shown
    assert "Entity List (EL)" in shown
    assert first.post(page, {"step": "clear", "reason": ""}).status_code == 422
    assert first.post(page, {"step": "", "reason": "Another."}).status_code == 422
    assert first.post(page, {"step": "clear", "reason": "Another university."}).status_code == 302
    assert "I agree" not in first.get(page).content.decode()
    assert first.post(page, {"step": "agree", "reason": "Me again."}).status_code == 409
    assert second.post(page, {"step": "agree", "reason": "Its number is another."}).status_code == 302
    assert case_of(HARBOUR).state == "cleared"
    assert "Another university." in second.get(page).content.decode()


def test_the_queue_and_the_start_page_tell_what_waits(office: tuple[Client, Client]) -> None:
    first, _ = office
    assert "Harbour University" in first.get("/screening").content.decode()
    assert "Look at who may be on a list" in first.get("/").content.decode()


def test_an_auditor_looks_and_decides_nothing(office: tuple[Client, Client]) -> None:
    auditor = signed_in("auditor", Role.AUDITOR)
    page = f"/screening/cases/{case_of(HARBOUR).pk}"
    assert "<textarea" not in auditor.get(page).content.decode()
    assert auditor.post(page, {"step": "confirm", "reason": "No."}).status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICE, Role.COMMITTEE, Role.FINANCE])
def test_others_see_no_hits(office: tuple[Client, Client], role: Role) -> None:
    other = signed_in("other", role)
    assert [other.get(page).status_code for page in ("/screening", "/screening/names", "/screening/lists")] == [403] * 3
    assert "screening" not in other.get("/").content.decode().lower()


def test_a_name_is_looked_up_with_what_it_rests_on(office: tuple[Client, Client]) -> None:
    first, _ = office
    found = first.get("/screening/names", {"name": "Zephyr Quantum Instrument", "kind": "organisation"})
    text = found.content.decode()
    assert "Zephyr Quantum Instruments Co. Ltd." in text
    assert "screening.thresholds.review" in text
    short = first.get("/screening/names", {"name": "Z"})
    assert (short.status_code, "too short" in short.content.decode()) == (422, True)
    assert "No entry scores enough" in first.get("/screening/names", {"name": "Quite Somebody Else"}).content.decode()


def test_versions_and_what_changed_between_them(office: tuple[Client, Client]) -> None:
    first, _ = office
    put_list(*ROWS[1:], "9,person,New Name,,,,,,,,\n")
    assert "version 2" in first.get("/screening/lists").content.decode()
    changed = first.get("/screening/lists/invented/2").content.decode()
    assert "New Name" in changed
    assert "Harbour University" in changed
    assert first.get("/screening/lists/invented/9").status_code == 404


def test_the_queue_asks_the_database_as_often_for_many_as_for_one(
    office: tuple[Client, Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first, _ = office
    for number in range(4):
        register_organisation(actor=OPERATOR, code=f"harbour-{number}", name=f"Harbour University {number}", now=NOW)
    screen_due(NOW)
    first.get("/screening")
    with django_assert_max_num_queries(12):
        assert first.get("/screening").content.decode().count("Harbour University") >= 5
