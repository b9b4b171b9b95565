"""Passkeys: made, shown, and refused when anything about them is not as it was asked."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.identity.device import ORIGIN, PRESENT, Device

from lionrock.audit.models import AuditRecord
from lionrock.identity.models import Passkey, RecoveryCode
from lionrock.notices.models import Notice
from lionrock.people.models import FailedSignIn, Person

NEW, IN = "/account/passkeys/new", "/sign-in/passkey"
REFUSED = "was not accepted"


@pytest.fixture(autouse=True)
def portal(settings: Settings) -> None:
    settings.LIONROCK_PORTAL_URL = ORIGIN


def options_of(answer: Any) -> dict[str, Any]:
    found = re.search(r'data-options="([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()
    options: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return options


def made(browser: Client, device: Device, name: str = "Telephone") -> Any:
    return browser.post(NEW, {"name": name, "lionrock-proof-passkey": device.make(options_of(browser.get(NEW)))})


def shown(client: Client, device: Device, **more: str) -> Any:
    return client.post(IN, {"lionrock-proof-passkey": device.show(options_of(client.get(IN))), **more})


@pytest.fixture
def device(browser: Client) -> Device:
    """A device whose passkey is on file."""
    device = Device()
    assert made(browser, device).status_code == 200
    return device


def test_a_passkey_is_made_and_brings_recovery_codes_the_first_time(browser: Client, person: Person) -> None:
    answer = made(browser, Device())
    codes = re.findall(r"<code>([a-z0-9-]+)</code>", answer.content.decode())
    assert len(codes) == RecoveryCode.objects.filter(person=person).count() == 10
    second = made(browser, Device(), "Key ring")
    assert second["Location"] == "/account"
    assert [passkey.name for passkey in person.passkeys.all()] == ["Telephone", "Key ring"]
    assert len({bytes(passkey.owner) for passkey in person.passkeys.all()}) == 1
    account = browser.get("/account").content.decode()
    assert "Telephone" in account
    assert "10 codes are left" in account
    assert "passkey_added" not in account
    assert [notice.said["fields"]["name"] for notice in Notice.objects.order_by("pk")] == ["Telephone", "Key ring"]


def test_a_passkey_signs_in_without_address_and_password(device: Device, person: Person) -> None:
    client = Client()
    answer = shown(client, device, next="/awards")
    assert answer["Location"] == "/awards"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.session["signed_in"]["method"] == "passkey"
    assert Passkey.objects.get().count == device.count


def test_another_page_is_no_place_to_go_after_it(device: Device) -> None:
    assert shown(Client(), device, next="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://evil.example:8000"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost:8001"},
        {"party": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"owner": b"somebody else"},
        {"owner": b""},
        {"credential": b"unknown to us"},
        {"key": Device().key},
    ],
)
def test_an_answer_that_was_given_elsewhere_or_by_somebody_else_is_refused(device: Device, lie: dict[str, Any]) -> None:
    for name, value in lie.items():
        setattr(device, name, value)
    client = Client()
    answer = shown(client, device)
    assert answer.status_code == 409
    assert REFUSED in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert FailedSignIn.objects.filter(kind="factor").count() == 1


@pytest.mark.parametrize("lie", [{"origin": "https://evil.example"}, {"party": "evil.example"}, {"flags": PRESENT}])
def test_a_passkey_made_elsewhere_is_not_kept(browser: Client, lie: dict[str, Any]) -> None:
    answer = made(browser, Device(**lie))
    assert answer.status_code == 409
    assert REFUSED in answer.content.decode()
    assert not Passkey.objects.exists()


def test_an_answer_counts_once(device: Device) -> None:
    client = Client()
    sent = {"lionrock-proof-passkey": device.show(options_of(client.get(IN)))}
    assert client.post(IN, sent).status_code == 302
    client.post("/sign-out")
    assert "waited too long, or was answered" in client.post(IN, sent).content.decode()
    client.get(IN)
    assert REFUSED in client.post(IN, sent).content.decode()


def test_an_answer_to_another_browsers_question_is_refused(device: Device) -> None:
    theirs, ours = Client(), Client()
    sent = {"lionrock-proof-passkey": device.show(options_of(theirs.get(IN)))}
    ours.get(IN)
    assert REFUSED in ours.post(IN, sent).content.decode()


def test_a_question_that_waited_too_long_is_asked_anew(device: Device) -> None:
    client = Client()
    answer = device.show(options_of(client.get(IN)))
    session = client.session
    session["asked:show"]["until"] = "2026-01-01T00:00:00+00:00"
    session.save()
    assert "waited too long" in client.post(IN, {"lionrock-proof-passkey": answer}).content.decode()


def test_a_copied_passkey_is_refused_and_its_owner_told(device: Device, person: Person) -> None:
    shown(Client(), device)
    device.count -= 1
    assert REFUSED in shown(Client(), device).content.decode()
    assert AuditRecord.objects.get(action="identity.take_passkey").details["passkey"] == "Telephone"
    assert "looks as if somebody had copied it" in Notice.objects.latest("pk").said["template"]
    device.count = 10
    assert shown(Client(), device).status_code == 302


def test_a_passkey_is_kept_once(browser: Client, device: Device) -> None:
    twice = Device(key=device.key, credential=device.credential)
    assert made(browser, twice, "Again").status_code == 409
    assert Passkey.objects.count() == 1


def test_nobody_who_left_signs_in(device: Device, person: Person) -> None:
    Person.objects.update(is_active=False)
    assert REFUSED in shown(Client(), device).content.decode()


@pytest.mark.parametrize(
    "answer",
    ["", "[]", "{}", "{", '{"id": 1}', '{"id":"AA","rawId":"AA","type":"public-key","response":{}}', "9" * 9999],
)
def test_what_is_no_answer_is_refused(device: Device, answer: str) -> None:
    client = Client()
    client.get(IN)
    assert REFUSED in client.post(IN, {"lionrock-proof-passkey": answer}).content.decode()


def test_a_passkey_is_removed_and_the_codes_with_the_last(browser: Client, device: Device, person: Person) -> None:
    [passkey] = person.passkeys.all()
    stranger = Client()
    stranger.force_login(Person.objects.create(email="lee@example.org", name="Lee", created_at=person.created_at))
    stranger.post(f"/account/passkeys/{passkey.pk}/remove")
    assert person.passkeys.exists()
    assert browser.post(f"/account/passkeys/{passkey.pk}/remove")["Location"] == "/account"
    assert not person.passkeys.exists()
    assert not person.recovery_codes.exists()
    assert REFUSED in shown(Client(), device).content.decode()


def test_a_portal_without_a_name_says_that_it_knows_no_passkeys(browser: Client, settings: Settings) -> None:
    settings.LIONROCK_PORTAL_URL = "http://127.0.0.1:8000"
    assert "reached by a number" in browser.get(NEW).content.decode()
    assert "reached by a number" in Client().get(IN).content.decode()
