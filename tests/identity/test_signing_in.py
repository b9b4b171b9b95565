"""Signing in with a second step, sign-ins that end, and choosing another password by a link."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.identity.conftest import ADDRESS, FIREFOX, PASSWORD

from lionrock.audit.models import AuditRecord
from lionrock.config.due import run_due
from lionrock.identity.actions import forget_resets, forget_sessions
from lionrock.identity.actions.resetting import RESET_COUNTS_FOR, RESETS_KEPT_FOR
from lionrock.identity.domain import STEP_SECONDS, code_at
from lionrock.identity.models import Authenticator, RecoveryCode, Reset, Session
from lionrock.identity.queries import secret_of
from lionrock.identity.resetting import token_of
from lionrock.notices.models import Mail, Notice
from lionrock.notices.writing import written
from lionrock.people.domain import ALLOWED_BY_SOURCE, ALLOWED_OF, ASKED_FOR_ADDRESS, Tried
from lionrock.people.models import FailedSignIn, Person

APP = "/account/app"
NEW_PASSWORD = "harbour over granite"


def step(ahead: int = 0) -> int:
    return int(datetime.now(UTC).timestamp()) // STEP_SECONDS + ahead


def code_of(person: Person, ahead: int = 0) -> str:
    return code_at(secret_of(Authenticator.objects.get(person=person).seed), step(ahead))


def codes_in(answer: Any) -> list[str]:
    return re.findall(r"<code>((?:[a-z0-9]+-){2,}[a-z0-9]+)</code>", answer.content.decode())


@pytest.fixture
def codes(browser: Client) -> list[str]:
    """Recovery codes, of somebody who has just set an authenticator app up."""
    page = browser.get(APP).content.decode()
    assert "<svg" in page
    assert "<script>" not in page
    seed = browser.session["asked:app"]["content"]["seed"]
    answer = browser.post(APP, {"code": code_at(secret_of(seed), step(-1))})
    return codes_in(answer)


def with_password(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", {"username": ADDRESS, "password": password, **more})


def second(client: Client, code: str) -> Any:
    return client.post("/sign-in/second", {"lionrock-proof-code": code})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_an_app_is_set_up_by_a_right_code_alone(browser: Client, person: Person) -> None:
    before = browser.get(APP).content.decode()
    assert "does not count" in browser.post(APP, {"code": "000000"}).content.decode()
    assert not Authenticator.objects.exists()
    assert re.findall(r"<code>([A-Z2-7 ]+)</code>", before) == re.findall(
        r"<code>([A-Z2-7 ]+)</code>", browser.get(APP).content.decode()
    )


def test_the_secret_is_in_no_table(browser: Client, codes: list[str], person: Person) -> None:
    kept = Authenticator.objects.get(person=person)
    assert secret_of(kept.seed).hex() not in kept.seed
    assert len(codes) == 10
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()


def test_after_the_password_a_code_is_asked_for(codes: list[str], person: Person) -> None:
    client = Client()
    assert with_password(client, next="/awards")["Location"] == "/sign-in/second"
    assert not signed_in(client)
    assert client.get("/account").status_code == HTTPStatus.FOUND
    assert "does not count" in second(client, "000000").content.decode()
    assert not signed_in(client)
    assert second(client, code_of(person))["Location"] == "/awards"
    assert client.session["signed_in"]["method"] == "code"


def test_a_code_is_good_once(codes: list[str], person: Person) -> None:
    code = code_of(person)
    first, other = Client(), Client()
    with_password(first)
    with_password(other)
    assert second(first, code).status_code == HTTPStatus.FOUND
    assert "does not count" in second(other, code).content.decode()
    assert "does not count" in second(other, code_of(person, -1)).content.decode()
    assert second(other, code_of(person, +1)).status_code == HTTPStatus.FOUND


def test_a_recovery_code_is_good_once_and_its_use_is_told(codes: list[str], person: Person) -> None:
    first, other = Client(), Client()
    with_password(first)
    with_password(other)
    assert second(first, codes[0].upper().replace("-", " ")).status_code == HTTPStatus.FOUND
    assert first.session["signed_in"]["method"] == "recovery"
    assert "does not count" in second(other, codes[0]).content.decode()
    assert "A recovery code of yours was used" in Notice.objects.latest("pk").said["template"]
    assert AuditRecord.objects.get(action="identity.take_code").details == {"kind": "recovery"}
    assert "9 codes are left" in first.get("/account").content.decode()


def test_codes_of_before_do_not_count_after_new_ones(browser: Client, codes: list[str]) -> None:
    fresh = codes_in(browser.post("/account/codes"))
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    client = Client()
    with_password(client)
    assert "does not count" in second(client, codes[1]).content.decode()
    assert second(client, fresh[1]).status_code == HTTPStatus.FOUND


def test_without_a_second_factor_there_is_nothing_to_recover(browser: Client) -> None:
    assert browser.post("/account/codes")["Location"] == "/account"
    assert not RecoveryCode.objects.exists()


def test_wrong_codes_have_to_wait_and_the_password_does_not_start_them_anew(codes: list[str], person: Person) -> None:
    client = Client()
    for _ in range(ALLOWED_OF[Tried.FACTOR]):
        with_password(client)
        assert "does not count" in second(client, "000000").content.decode()
    with_password(client)
    assert "too many wrong tries" in second(client, code_of(person)).content.decode()
    assert not signed_in(client)
    assert AuditRecord.objects.get(action="people.note_failed_sign_in").subject == ADDRESS
    FailedSignIn.objects.update(at=datetime.now(UTC) - timedelta(minutes=16))
    assert second(client, code_of(person)).status_code == HTTPStatus.FOUND


def test_one_network_may_not_try_many_addresses(person: Person) -> None:
    now = datetime.now(UTC)
    FailedSignIn.objects.bulk_create(
        FailedSignIn(address=f"{number}@example.org", source="192.0.2.7", at=now) for number in range(ALLOWED_BY_SOURCE)
    )
    theirs, ours = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    assert "from your network" in with_password(theirs).content.decode()
    assert with_password(ours).status_code == HTTPStatus.FOUND


def test_the_second_step_is_open_to_nobody_without_the_first(codes: list[str], person: Person) -> None:
    client = Client()
    assert client.get("/sign-in/second")["Location"] == "/sign-in"
    assert second(client, code_of(person))["Location"] == "/sign-in"
    with_password(client)
    session = client.session
    session["asked:second"]["until"] = "2026-01-01T00:00:00+00:00"
    session.save()
    assert second(client, code_of(person))["Location"] == "/sign-in"


def test_another_password_shuts_the_second_step(codes: list[str], person: Person) -> None:
    client = Client()
    with_password(client)
    person.set_password(NEW_PASSWORD)
    person.save()
    assert second(client, code_of(person))["Location"] == "/sign-in"


def test_an_app_is_removed(browser: Client, codes: list[str], person: Person) -> None:
    browser.post("/account/app/remove")
    browser.post("/account/app/remove")
    assert not RecoveryCode.objects.exists()
    assert with_password(Client())["Location"] == "/"
    assert AuditRecord.objects.filter(action="identity.remove_authenticator").count() == 1


def test_signed_in_places_are_listed_and_ended(person: Person) -> None:
    browser, other = Client(headers={"User-Agent": FIREFOX}), Client()
    with_password(browser)
    other.force_login(person)
    page = browser.get("/account/sessions").content.decode()
    assert "Firefox 140, Linux" in page
    assert page.count("This browser") == 1
    handle = other.session["signed_in"]["handle"]
    assert handle != other.session.session_key
    assert browser.post(f"/account/sessions/{handle}/end").status_code == HTTPStatus.FOUND
    assert browser.post(f"/account/sessions/{handle}/end").status_code == HTTPStatus.FOUND
    assert other.get("/account").status_code == HTTPStatus.FOUND
    assert browser.get("/account").status_code == HTTPStatus.OK


def test_nobody_ends_the_sign_in_of_somebody_else(browser: Client, person: Person) -> None:
    stranger = Client()
    stranger.force_login(Person.objects.create(email="lee@example.org", name="Lee", created_at=person.created_at))
    stranger.post(f"/account/sessions/{browser.session['signed_in']['handle']}/end")
    assert browser.get("/account").status_code == HTTPStatus.OK
    assert "Firefox" not in stranger.get("/account/sessions").content.decode()


def test_all_others_are_ended_at_once(browser: Client, person: Person) -> None:
    others = [Client(), Client()]
    for other in others:
        other.force_login(person)
    browser.post("/account/sessions/end")
    assert [other.get("/account").status_code for other in others] == [HTTPStatus.FOUND] * 2
    assert browser.get("/account").status_code == HTTPStatus.OK


@pytest.mark.parametrize(("field", "ago"), [("seen", timedelta(hours=2)), ("at", timedelta(hours=24))])
def test_a_sign_in_ends_of_itself(browser: Client, field: str, ago: timedelta) -> None:
    session = browser.session
    session["signed_in"] |= {field: (datetime.now(UTC) - ago).isoformat()}
    session.save()
    answer = browser.get("/account", follow=True)
    assert answer.redirect_chain[0][0].startswith("/sign-in")
    assert "has ended after its time" in answer.content.decode()
    assert not signed_in(browser)


def test_being_here_is_noted_now_and_then(browser: Client) -> None:
    written_at = Session.objects.get().seen_at
    browser.get("/account")
    assert Session.objects.get().seen_at == written_at
    session = browser.session
    session["signed_in"] |= {"seen": (datetime.now(UTC) - timedelta(minutes=6)).isoformat()}
    session.save()
    browser.get("/account")
    assert datetime.now(UTC) - Session.objects.get().seen_at < timedelta(minutes=1)  # type: ignore[operator]


def test_sessions_that_are_over_are_not_kept(browser: Client) -> None:
    assert forget_sessions(datetime.now(UTC)) == 0
    assert forget_sessions(datetime.now(UTC) + timedelta(hours=25)) == 1


def test_another_password_ends_all_other_sign_ins_and_is_told(browser: Client, person: Person) -> None:
    other = Client()
    other.force_login(person)
    browser.post("/account/password", {"current": PASSWORD, "password": NEW_PASSWORD})
    assert browser.get("/account").status_code == HTTPStatus.OK
    assert other.get("/account").status_code == HTTPStatus.FOUND
    assert Session.objects.filter(person=person).count() == 1
    assert "Your password was changed, and all other sign-ins ended" in Notice.objects.get().said["template"]


def test_nobody_learns_how_long_a_password_takes_of_whom_nobody_knows(person: Person) -> None:
    """Both are hashed once: the work tells nothing. It is Django's doing; this holds it there."""
    for address in (ADDRESS, "nobody@example.org"):
        with patch.object(hashers.MD5PasswordHasher, "encode", autospec=True, return_value="md5$a$b") as hashed:
            Client().post("/sign-in", {"username": address, "password": "guess"})
        assert hashed.call_count == 1, address


# The link ---------------------------------------------------------------------------------------


def asked(email: str, **more: Any) -> Any:
    return Client(**more).post("/password", {"email": email})


def link_of(email: str) -> str:
    return f"/password/{token_of(Reset.objects.get(email=email))}"


def test_the_answer_never_tells_whether_an_address_is_on_file(person: Person) -> None:
    known, unknown = asked(ADDRESS), asked("nobody@example.org")
    assert (
        (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"]) == (302, "/password/sent")
    )
    mails = {mail.address: written(mail) for mail in Mail.objects.all()}
    assert link_of(ADDRESS) in str(mails[ADDRESS].body)
    assert "/password/" not in str(mails["nobody@example.org"].body)
    assert Client().get(link_of("nobody@example.org")).status_code == HTTPStatus.NOT_FOUND


def test_both_cost_the_same_work(person: Person) -> None:
    counted = []
    for email in (ADDRESS, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            asked(email)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_link_is_good_once_and_ends_all_sign_ins(browser: Client, person: Person, codes: list[str]) -> None:
    asked(ADDRESS.upper())
    here = link_of(ADDRESS.upper())
    client = Client()
    assert client.get(here).status_code == client.get(here).status_code == HTTPStatus.OK
    assert client.post(here, {"password": "short"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(here, {"password": NEW_PASSWORD})["Location"] == "/sign-in"
    assert client.post(here, {"password": NEW_PASSWORD}).status_code == HTTPStatus.CONFLICT
    assert browser.get("/account").status_code == HTTPStatus.FOUND
    assert with_password(client).status_code == HTTPStatus.OK
    assert with_password(client, NEW_PASSWORD)["Location"] == "/sign-in/second"
    assert not signed_in(client)
    assert "by a link that was sent" in Notice.objects.latest("pk").said["template"]


def test_a_link_is_void_after_its_hour_or_another_password(browser: Client, person: Person) -> None:
    asked(ADDRESS)
    here = link_of(ADDRESS)
    Reset.objects.update(expires_at=datetime.now(UTC))
    assert Client().get(here).status_code == HTTPStatus.CONFLICT
    Reset.objects.update(expires_at=datetime.now(UTC) + RESET_COUNTS_FOR)
    assert Client().get(here).status_code == HTTPStatus.OK
    browser.post("/account/password", {"current": PASSWORD, "password": NEW_PASSWORD})
    assert Client().get(here).status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize("token", ["1~forged", "1", "~", "x~y~z"])
def test_a_link_that_we_did_not_make_leads_nowhere(person: Person, token: str) -> None:
    asked(ADDRESS)
    assert Client().get(f"/password/{token}").status_code == HTTPStatus.NOT_FOUND


def test_nobody_floods_a_mailbox_or_asks_for_a_whole_list(person: Person) -> None:
    for _ in range(ASKED_FOR_ADDRESS + 2):
        assert asked(ADDRESS).status_code == HTTPStatus.FOUND
    assert Mail.objects.count() == ASKED_FOR_ADDRESS
    for number in range(20 - ASKED_FOR_ADDRESS - 2):
        asked(f"{number}@example.org")
    assert asked("one-more@example.org").status_code == HTTPStatus.CONFLICT
    assert asked("one-more@example.org", REMOTE_ADDR="192.0.2.8").status_code == HTTPStatus.FOUND


def test_a_forged_host_does_not_get_into_the_link(person: Person) -> None:
    answer = Client().post("/password", {"email": ADDRESS}, headers={"Host": "evil.example"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    asked(ADDRESS)
    assert f"{django_settings.LIONROCK_PORTAL_URL}/password/" in str(written(Mail.objects.get()).body)


def test_links_that_count_no_more_are_not_kept(person: Person) -> None:
    asked(ADDRESS)
    assert forget_resets(datetime.now(UTC)) == 0
    assert forget_resets(datetime.now(UTC) + RESETS_KEPT_FOR) == 1
    assert {row.name for row in run_due(datetime.now(UTC))} >= {"identity.forget_resets", "identity.forget_sessions"}
