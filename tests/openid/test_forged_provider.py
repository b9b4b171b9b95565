"""A provider that lies: about who it is, where to ask it, how much and how fast it answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.test import Client
from tests.openid.forged import OTHER_KEY, Forged, claims, provider, signed

from lionrock.openid import asking
from lionrock.openid.known import forget
from lionrock.people.models import Person

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/sign-in/with/forged", "/sign-in/with/forged/back"


@pytest.fixture
def forged(settings: Any) -> Iterator[Forged]:
    """The forged provider, and another that the portal knows."""
    made = Forged()
    settings.LIONROCK_PROVIDERS = {
        "forged": provider(issuer=made.issuer, plain_http=True),
        "honest": provider(code="honest", name="Honest", issuer=f"{made.issuer}/honest", plain_http=True),
    }
    forget()
    yield made
    made.stop()


def asked(client: Client, forged: Forged, **changes: Any) -> dict[str, str]:
    """Begin, and let the provider make a token for what was asked; return the answer that comes back."""
    query = parse_qs(urlsplit(client.get(BEGIN)["Location"]).query)
    now = int(datetime.now(UTC).timestamp())
    made = {"iss": forged.issuer, "nonce": query["nonce"][0], "iat": now, "exp": now + 300}
    key = changes.pop("key", None)
    token = signed(claims(**{**made, **changes}), **({"key": key} if key else {}))
    forged.documents["/token"] = lambda _: {"id_token": token, "access_token": "x"}
    return {"state": query["state"][0], "code": "a-code"}


def refused(client: Client, answer: dict[str, str], code: str, status: int = HTTPStatus.FORBIDDEN) -> None:
    page = client.get(BACK, answer)
    assert (page.status_code, code in page.content.decode()) == (status, True), page.content.decode()
    assert "_auth_user_id" not in client.session
    assert not Person.objects.exists()


def test_a_good_answer_signs_in_and_sends_the_verifier_and_our_own_address(forged: Forged) -> None:
    client, sent = Client(), {}
    answer = asked(client, forged)
    good = forged.documents["/token"]
    forged.documents["/token"] = lambda given: sent.update(parse_qsl(given["body"])) or good(given)
    assert client.get(BACK, answer).status_code == HTTPStatus.FOUND
    assert Person.objects.get().email == "chan@harbour.example"
    assert sent["redirect_uri"] == f"http://127.0.0.1:8000{BACK}"
    assert len(sent["code_verifier"]) >= 43


@pytest.mark.parametrize(
    "changes", [{"nonce": "of-another-sign-in"}, {"aud": "another"}, {"iss": "https://elsewhere.example"}, {"exp": 1}]
)
def test_a_token_for_something_else_signs_nobody_in(forged: Forged, changes: dict[str, Any]) -> None:
    client = Client()
    refused(client, asked(client, forged, **changes), "openid.answer.refused")


def test_an_answer_of_another_provider_is_refused_before_its_code_is_sent_anywhere(forged: Forged) -> None:
    client = Client()
    refused(client, asked(client, forged) | {"iss": "https://elsewhere.example"}, "openid.answer.refused")
    assert "/token" not in forged.asked
    forged.documents["/.well-known/openid-configuration"] = lambda _: forged.about(
        authorization_response_iss_parameter_supported=True
    )
    forget()
    refused(client, asked(client, forged), "openid.answer.refused")
    assert "/token" not in forged.asked


def test_an_answer_at_the_address_of_another_provider_is_refused(forged: Forged) -> None:
    client = Client()
    answer = asked(client, forged)
    page = client.get("/sign-in/with/honest/back", answer)
    assert (page.status_code, "openid.answer.unasked" in page.content.decode()) == (HTTPStatus.CONFLICT, True)
    assert "/token" not in forged.asked


@pytest.mark.parametrize("state", ["", "invented", "x" * 5000])
def test_an_answer_that_nobody_asked_for_is_refused(forged: Forged, state: str) -> None:
    refused(Client(), {"state": state, "code": "a-code"}, "openid.answer.unasked", HTTPStatus.CONFLICT)
    assert forged.asked == []


def test_a_provider_that_declines_is_said_to_decline_and_what_it_wrote_is_not_repeated(forged: Forged) -> None:
    client = Client()
    answer = asked(client, forged) | {"error": "access_denied", "error_description": "<b>call 555</b>"}
    page = client.get(BACK, answer).content.decode().split("<main")[1].split("<footer")[0]
    assert "did not sign you in (access_denied)" in page
    assert "555" not in page
    again = client.get(BACK, asked(client, forged) | {"error": "<b>call 555</b>"}).content.decode()
    assert "did not sign you in (?)" in again


def test_an_invented_key_makes_us_ask_for_keys_once_a_minute_at_most(forged: Forged) -> None:
    client = Client()
    for _ in range(4):
        refused(client, asked(client, forged, key=OTHER_KEY), "openid.answer.refused")
    assert forged.asked.count("/keys") == 1
    assert forged.asked.count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_says_it_is_another_or_leads_elsewhere_is_not_believed(
    forged: Forged, changes: dict[str, Any]
) -> None:
    forged.documents["/.well-known/openid-configuration"] = lambda _: forged.about(**changes)
    page = Client().get(BEGIN)
    assert (page.status_code, "openid.answer.refused" in page.content.decode()) == (HTTPStatus.FORBIDDEN, True)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((302, b"{}"), HTTPStatus.SERVICE_UNAVAILABLE),
        ((500, b"{}"), HTTPStatus.SERVICE_UNAVAILABLE),
        ((200, b"<html>"), HTTPStatus.SERVICE_UNAVAILABLE),
        ((200, b"[" * 100_000), HTTPStatus.SERVICE_UNAVAILABLE),
        ((200, b"[]"), HTTPStatus.FORBIDDEN),
        ((200, b" " * (asking.MOST_BYTES + 1)), HTTPStatus.FORBIDDEN),
    ],
)
def test_what_is_no_document_is_not_read_and_a_redirect_not_followed(
    forged: Forged, answer: tuple[int, bytes], status: int
) -> None:
    forged.documents["/.well-known/openid-configuration"] = lambda _: answer
    assert Client().get(BEGIN).status_code == status
    assert forged.asked == ["/.well-known/openid-configuration"]


def test_a_provider_that_is_slow_is_not_waited_for(forged: Forged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.1)
    forged.documents["/.well-known/openid-configuration"] = lambda _: forged.slow(1)
    page = Client().get(BEGIN)
    assert (page.status_code, "does not answer now" in page.content.decode()) == (HTTPStatus.SERVICE_UNAVAILABLE, True)


def test_a_way_to_sign_in_that_is_none_is_told_so(forged: Forged) -> None:
    for address in ("/sign-in/with/nobody", "/sign-in/with/nobody/back", "/sign-out/nobody"):
        assert Client().get(address).status_code == HTTPStatus.NOT_FOUND


def test_many_tabs_keep_no_more_than_the_last_five(forged: Forged) -> None:
    client = Client()
    states = [parse_qs(urlsplit(client.get(BEGIN)["Location"]).query)["state"][0] for _ in range(7)]
    assert list(client.session["openid_begun"]) == states[2:]
