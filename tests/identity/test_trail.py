"""Signing in and out as the trail has it, how many sign-ins count at once, and ending those of others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.identity.conftest import ADDRESS, FIREFOX, PASSWORD

from lionrock.audit.models import AuditRecord
from lionrock.identity.actions import forget_entries
from lionrock.identity.actions.entering import MOST_SESSIONS
from lionrock.identity.models import Entry, Session
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_organisation, register_person
from lionrock.people.domain import Role, terminal_operator
from lionrock.people.models import Person

ROOT = terminal_operator("root")
OWN, OTHER = "hk-aiss-demo", "hk-aiss"


def trail() -> list[str]:
    rows = AuditRecord.objects.filter(action__in=("identity.sign_in", "identity.sign_out")).order_by("id")
    return list(rows.values_list("action", flat=True))


def with_password(client: Client, password: str = PASSWORD) -> None:
    client.post("/sign-in", {"username": ADDRESS, "password": password})


def test_signing_in_and_out_is_in_the_trail_without_the_network(person: Person) -> None:
    client = Client(headers={"User-Agent": FIREFOX})
    with_password(client, "wrong")
    assert trail() == []
    with_password(client)
    kept, entry = AuditRecord.objects.get(action="identity.sign_in"), Entry.objects.get()
    assert (kept.actor, kept.subject) == (ADDRESS, ADDRESS)
    assert kept.details == {"entry": entry.pk, "by": "password"}
    assert (entry.source, entry.browser) == ("127.0.0.1", "Firefox 140, Linux")
    page = client.get("/account/sessions").content.decode()
    assert "127.0.0.1" in page
    client.post("/sign-out")
    assert trail() == ["identity.sign_in", "identity.sign_out"]


def test_nobody_sees_the_sign_ins_of_somebody_else(person: Person) -> None:
    with_password(Client(REMOTE_ADDR="203.0.113.9"))
    other = register_person(actor=ROOT, email="wong@delta.example", name="Wong", now=datetime.now(UTC))
    client = Client()
    client.force_login(other)
    assert "203.0.113.9" not in client.get("/account/sessions").content.decode()


def test_from_where_is_forgotten_after_its_days_and_the_trail_stays(person: Person, settings: Settings) -> None:
    settings.LIONROCK_SIGN_IN_DAYS = 30
    with_password(Client())
    at = Entry.objects.get().at
    assert forget_entries(at + timedelta(days=29)) == 0
    assert forget_entries(at + timedelta(days=30)) == 1
    assert trail() == ["identity.sign_in"]


def test_another_sign_in_ends_the_one_left_alone_for_longest(person: Person) -> None:
    now = datetime.now(UTC)
    for number in range(MOST_SESSIONS):
        seen = now - timedelta(minutes=number)
        Session.objects.create(
            session_key=f"key{number:02}", expire_date=now + timedelta(hours=1), person=person, seen_at=seen
        )
    with_password(Client())
    left = set(Session.objects.filter(person=person).values_list("session_key", flat=True))
    assert len(left) == MOST_SESSIONS
    assert f"key{MOST_SESSIONS - 1:02}" not in left
    assert AuditRecord.objects.get(action="identity.sign_in").details["ended"] == 1


@pytest.fixture
def places(person: Person) -> None:
    register_organisation(actor=ROOT, code="harbour-university", name="Harbour", now=datetime.now(UTC))


@pytest.mark.parametrize(
    ("role", "programme", "may"),
    [(Role.OFFICE, OWN, True), (Role.PROGRAMME_OWNER, OWN, True), (Role.OFFICE, OTHER, False),
     (Role.FINANCE, OWN, False), (Role.MEMBER, "", False)],
    ids=str,
)  # fmt: skip
def test_who_names_the_staff_ends_its_sign_ins(
    role: Role, programme: str, may: bool, person: Person, browser: Client, places: None
) -> None:
    now = datetime.now(UTC)
    grant_role(actor=ROOT, email=ADDRESS, role=Role.FINANCE, programme=OWN, now=now)
    grant_role(actor=ROOT, email=ADDRESS, role=Role.MEMBER, organisation="harbour-university", now=now)
    other = register_person(actor=ROOT, email="wong@delta.example", name="Wong", now=now, password=PASSWORD)
    place = {"programme": programme} if programme else {"organisation": "harbour-university"}
    grant_role(actor=ROOT, email=other.email, role=role, now=now, **place)
    client = Client()
    client.force_login(other)
    answer = client.post(f"/programmes/{OWN}/people/{person.pk}/sign-ins", {"reason": "laptop stolen"})
    assert answer.status_code == (302 if may else 403)
    assert (browser.get("/account").status_code == 302) is may
    assert Notice.objects.filter(person=person, said__fields__name="laptop stolen").exists() is may


def test_a_member_of_no_programme_is_none_of_an_offices_business(person: Person, browser: Client) -> None:
    now = datetime.now(UTC)
    office = register_person(actor=ROOT, email="office@lionrock.example", name="Office", now=now)
    grant_role(actor=ROOT, email=office.email, role=Role.OFFICE, programme=OWN, now=now)
    client = Client()
    client.force_login(office)
    assert client.post(f"/programmes/{OWN}/people/{person.pk}/sign-ins", {"reason": "x"}).status_code == 404
    assert browser.get("/account").status_code == 200
