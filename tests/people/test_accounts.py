"""One's own account: name, language, password, and entering an organisation."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.conf import settings as django_settings
from django.test import Client
from tests.calls.world import NOW, OPERATOR

from lionrock.audit.models import AuditRecord
from lionrock.people.actions import register_organisation, register_person
from lionrock.people.models import Organisation, Person

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "granite over the harbour", "ferries under the peak"


@pytest.fixture
def chan() -> Person:
    return register_person(actor=OPERATOR, email="chan@kite.example", name="Chan", password=PASSWORD, now=NOW)


@pytest.fixture
def client(chan: Person) -> Client:
    made = Client()
    made.force_login(chan)
    return made


def test_name_and_language_are_changed_and_recorded(client: Client, chan: Person) -> None:
    answer = client.post("/account", {"name": "Chan Tai Man", "language": "zh-hant"})
    assert answer["Location"] == "/account"
    assert answer.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "zh-hant"
    chan.refresh_from_db()
    assert (chan.name, chan.language) == ("Chan Tai Man", "zh-hant")
    told = AuditRecord.objects.get(action="people.change_account")
    assert told.details["before"] == {"name": "Chan", "language": "en"}


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": "", "language": "en"}, "name"), ({"name": "Chan\u200b", "language": "en"}, "name"),
     ({"name": "Chan", "language": "tlh"}, "language"), ({}, "name")],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_at_its_field(
    client: Client, chan: Person, typed: dict[str, str], field: str
) -> None:
    answer = client.post("/account", typed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="{field}-fault"' in answer.content.decode()
    chan.refresh_from_db()
    assert (chan.name, chan.language) == ("Chan", "en")


def test_a_changed_password_leaves_one_signed_in_here_and_nowhere_else(client: Client, chan: Person) -> None:
    elsewhere = Client()
    elsewhere.force_login(chan)
    client.post("/account/password", {"current": PASSWORD, "password": NEW})
    chan.refresh_from_db()
    assert chan.check_password(NEW)
    assert client.get("/account").status_code == HTTPStatus.OK
    assert elsewhere.get("/account").status_code == HTTPStatus.FOUND


@pytest.mark.parametrize(
    ("current", "password", "fields"),
    [
        ("wrong", NEW, {"current"}),
        (PASSWORD, "short", {"password"}),
        ("wrong", "short", {"current", "password"}),
        ("", "", {"current", "password"}),
    ],
)
def test_a_password_is_changed_only_by_who_knows_it_and_no_word_of_it_is_shown(
    client: Client, chan: Person, current: str, password: str, fields: set[str]
) -> None:
    answer = client.post("/account/password", {"current": current, "password": password})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert {name for name in ("current", "password") if f'id="{name}-fault"' in page} == fields
    assert f'value="{current or "…"}"' not in page
    chan.refresh_from_db()
    assert chan.check_password(PASSWORD)


def test_a_stranger_is_asked_to_sign_in_and_a_get_changes_nothing(client: Client) -> None:
    assert Client().post("/account/password", {})["Location"].startswith("/sign-in")
    assert client.get("/account/password").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_somebody_names_a_new_organisation_and_asks_one_on_file(client: Client, chan: Person) -> None:
    register_organisation(actor=OPERATOR, code="kite", name="Kite Robotics", now=NOW)
    for name in ("Peak Robotics", "Kite Robotics"):
        for _ in range(2):
            assert client.post("/account/organisation", {"organisation_name": name})["Location"] == "/account"
    assert {grant.organisation.code for grant in chan.role_grants.all() if grant.organisation} == {"peak-robotics"}
    assert [request.organisation.code for request in chan.membership_requests.all()] == ["kite"]
    assert Organisation.objects.count() == 2
    page = client.get("/account").content.decode()
    assert "Peak Robotics" in page
    assert "Kite Robotics" in page
    wrong = client.post("/account/organisation", {"organisation_name": " "})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="organisation_name-fault"' in wrong.content.decode()
