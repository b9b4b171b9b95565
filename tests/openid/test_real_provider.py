"""Signing in with a real provider: the first time, again, with an account on file, after a change of keys, and out."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from tests.openid.provider import RealProvider

from lionrock.audit.models import AuditRecord
from lionrock.openid import known
from lionrock.openid.models import Binding
from lionrock.people.actions import register_person
from lionrock.people.domain import terminal_operator
from lionrock.people.models import Person

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
BEGIN, BACK = "/sign-in/with/harbour", "/sign-in/with/harbour/back"


def went(real: RealProvider, user: str, client: Client, onward: str = "") -> Any:
    """Go to the provider, sign in there, come back; return what the portal answers then."""
    sent = client.get(BEGIN, {"next": onward} if onward else {})
    return client.get(BACK, real.visited(sent["Location"], user))


def who(client: Client) -> str | None:
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key).email if key else None


def test_somebody_new_gets_an_account_and_is_led_where_they_wanted_to_be(real: RealProvider) -> None:
    client = Client()
    answer = went(real, "chan", client, "/awards?order=age")
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, "/awards?order=age")
    person, binding = Person.objects.get(), Binding.objects.get()
    assert (person.email, person.name, person.has_usable_password()) == ("chan@harbour.example", "Chan Tai Man", False)
    assert (binding.person, binding.issuer, binding.email) == (person, real.issuer, person.email)
    assert who(client) == person.email
    done = ["openid.sign_up", "openid.bind", "identity.sign_in"]
    assert list(AuditRecord.objects.values_list("action", flat=True)) == done


def test_what_is_asked_has_a_state_a_nonce_and_a_challenge_and_names_our_own_address(real: RealProvider) -> None:
    asked = [parse_qs(urlsplit(Client().get(BEGIN, HTTP_HOST="localhost")["Location"]).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/with/harbour/back"]
    assert asked[0]["response_type"] == ["code"]


def test_who_comes_again_is_known_by_issuer_and_subject_whatever_the_address_is_now(real: RealProvider) -> None:
    went(real, "chan", Client())
    Person.objects.update(email="tai.man@harbour.example")
    register_person(actor=terminal_operator("root"), email="chan@harbour.example", name="Another", now=timezone.now())
    client = Client()
    went(real, "chan", client)
    assert who(client) == "tai.man@harbour.example"
    assert Binding.objects.count() == 1


def on_file(email: str = "chan@harbour.example", password: str | None = "granite over harbour") -> Person:
    return register_person(
        actor=terminal_operator("root"), email=email, name="Chan", now=timezone.now(), password=password
    )


def test_an_account_on_file_is_proven_by_signing_in_to_it_before_it_is_bound(real: RealProvider) -> None:
    person, client = on_file(), Client()
    assert went(real, "chan", client)["Location"] == "/sign-in/prove"
    assert who(client) is None
    assert "Sign in to it once" in client.get("/sign-in/prove").content.decode()
    assert client.post("/sign-in/prove").status_code == HTTPStatus.OK
    assert not Binding.objects.exists()
    client.force_login(person)
    assert client.post("/sign-in/prove").status_code == HTTPStatus.FOUND
    assert Binding.objects.get().person == person
    again = Client()
    went(real, "chan", again)
    assert who(again) == person.email


def test_who_proves_another_account_binds_nothing(real: RealProvider) -> None:
    on_file()
    client = Client()
    went(real, "chan", client)
    client.force_login(on_file("wong@harbour.example"))
    refused = client.post("/sign-in/prove")
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "openid.email.taken" in refused.content.decode()
    assert not Binding.objects.exists()


def test_what_waits_to_be_proven_waits_in_that_browser_alone(real: RealProvider) -> None:
    person, client = on_file(), Client()
    went(real, "chan", client)
    elsewhere = Client()
    elsewhere.force_login(person)
    assert elsewhere.post("/sign-in/prove")["Location"] == "/account/sign-in"
    assert not Binding.objects.exists()


@pytest.mark.parametrize(("user", "code"), [("lee", "openid.email.not_proven"), ("guest", "openid.email.elsewhere")])
def test_an_address_that_the_provider_cannot_vouch_for_opens_nothing(real: RealProvider, user: str, code: str) -> None:
    client = Client()
    answer = went(real, user, client)
    assert (answer.status_code, code in answer.content.decode()) == (HTTPStatus.FORBIDDEN, True)
    assert who(client) is None
    assert not Person.objects.exists()


def test_a_closed_account_stays_closed(real: RealProvider) -> None:
    went(real, "chan", Client())
    Person.objects.update(is_active=False)
    client = Client()
    assert "openid.person.closed" in went(real, "chan", client).content.decode()
    assert who(client) is None


def test_an_answer_counts_once_and_in_the_browser_that_asked(real: RealProvider) -> None:
    client = Client()
    answer = real.visited(client.get(BEGIN)["Location"], "chan")
    assert Client().get(BACK, answer).status_code == HTTPStatus.CONFLICT
    assert client.get(BACK, answer).status_code == HTTPStatus.FOUND
    client.post("/sign-out")
    replayed = client.get(BACK, answer)
    assert (replayed.status_code, "openid.answer.unasked" in replayed.content.decode()) == (HTTPStatus.CONFLICT, True)
    assert who(client) is None


def test_a_code_stolen_on_its_way_is_worth_nothing_in_another_sign_in(real: RealProvider) -> None:
    stolen = real.visited(Client().get(BEGIN)["Location"], "chan")
    thief = Client()
    own = parse_qs(urlsplit(thief.get(BEGIN)["Location"]).query)
    refused = thief.get(BACK, {**stolen, "state": own["state"][0]})
    assert (refused.status_code, who(thief)) == (HTTPStatus.FORBIDDEN, None)


def test_a_provider_that_changes_its_keys_is_asked_for_them_again(real: RealProvider, settings: Any) -> None:
    went(real, "chan", Client())
    kept = known._KEPT[real.described()]
    assert kept.keys_at is not None
    kept.keys_at -= timedelta(minutes=2)
    real.change_keys()
    client = Client()
    went(real, "chan", client)
    assert who(client) == "chan@harbour.example"
    assert [key.kid for key in kept.keys] == ["second"]


def test_signing_out_ends_the_session_here_and_shows_the_way_to_end_the_one_there(real: RealProvider) -> None:
    client = Client()
    went(real, "chan", client)
    left = client.post("/sign-out")
    assert left["Location"] == "/sign-out/harbour"
    assert who(client) is None
    page = client.get("/sign-out/harbour").content.decode()
    assert f'href="{real.address}/' in page
    assert "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Fsign-in" in page


def test_the_page_of_signing_in_offers_it_and_keeps_where_one_was_going(real: RealProvider) -> None:
    page = Client().get("/sign-in?next=/awards").content.decode()
    assert 'href="/sign-in/with/harbour?next=/awards"' in page
    assert "Sign in with Harbour University" in page


@pytest.mark.parametrize(
    "place",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "awards"],
)
def test_nobody_is_led_elsewhere(real: RealProvider, place: str) -> None:
    assert went(real, "chan", Client(), place)["Location"] == "/"


def test_the_own_page_lists_it_and_the_last_way_in_is_not_removed(real: RealProvider) -> None:
    client = Client()
    went(real, "chan", client)
    assert "Harbour University" in client.get("/account/sign-in").content.decode()
    number = Binding.objects.get().pk
    assert client.post(f"/account/sign-in/{number}/remove").status_code == HTTPStatus.CONFLICT
    stranger = Client()
    stranger.force_login(on_file("wong@harbour.example"))
    assert stranger.post(f"/account/sign-in/{number}/remove").status_code == HTTPStatus.NOT_FOUND
    person = Person.objects.get(email="chan@harbour.example")
    person.set_password("granite over harbour")
    person.save()
    client.force_login(person)
    client.post(f"/account/sign-in/{number}/remove")
    assert not Binding.objects.exists()
