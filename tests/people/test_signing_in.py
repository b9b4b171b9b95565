"""Signing in: who gets in, how often it may be tried, and what the answer gives away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from http import HTTPStatus
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.test import Client

from lionrock.audit.models import AuditRecord
from lionrock.people.actions import register_person
from lionrock.people.domain import FAILURES_ALLOWED, FAILURES_COUNT_FOR, end_of_pause, terminal_operator
from lionrock.people.models import FailedSignIn, Person

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADDRESS, PASSWORD = "chan@harbour.example", "granite under rain"
WRONG = "do not belong together"
PAUSED = "too many wrong passwords"


def minutes(*numbers: int) -> list[datetime]:
    return [NOON + timedelta(minutes=number) for number in numbers]


@pytest.mark.parametrize(
    ("failures", "now", "until"),
    [
        ([], 0, None),
        ([0] * 9, 0, None),
        ([0] * 10, 0, 15),
        ([0] * 10, 14, 15),
        ([0] * 10, 15, None),
        ([0, *[10] * 9], 14, 15),
        ([0, *[10] * 9], 15, None),
        ([0, *[10] * 10], 14, 25),
        (range(10), 9, 15),
        (range(30), 29, 35),
    ],
)
def test_ten_failures_within_fifteen_minutes_make_an_address_wait(
    failures: list[int], now: int, until: int | None
) -> None:
    [wanted] = [None] if until is None else minutes(until)
    assert end_of_pause(minutes(*failures), minutes(now)[0]) == wanted
    assert end_of_pause(minutes(*reversed(failures)), minutes(now)[0]) == wanted


@pytest.fixture
def person(db: None) -> Person:
    return register_person(
        actor=terminal_operator("root"), email=ADDRESS, name="Chan Tai Man", now=NOON, password=PASSWORD
    )


class Clock(datetime):
    """Stands still at the moment that a test is about."""

    shown: ClassVar[datetime]

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return cls.shown.astimezone(tz)


def tried(address: str, password: str, at: datetime = NOON, **more: str) -> Any:
    Clock.shown = at
    with patch("lionrock.people.forms.datetime", Clock):
        return Client().post("/sign-in", {"username": address, "password": password, **more})


def fail(address: str, times: int, at: datetime = NOON) -> None:
    for _ in range(times):
        assert WRONG in tried(address, "guess", at).content.decode()


def test_the_right_password_leads_in_whatever_the_capitals_of_the_address(person: Person) -> None:
    assert tried(ADDRESS.upper(), PASSWORD)["Location"] == "/"


@pytest.mark.parametrize("address", [ADDRESS, "nobody@harbour.example"])
def test_after_ten_failures_even_the_right_password_waits(person: Person, address: str) -> None:
    fail(address, FAILURES_ALLOWED)
    paused = tried(address.upper(), PASSWORD, NOON + timedelta(minutes=3)).content.decode()
    assert PAUSED in paused
    assert "Try again in 12 minutes" in paused
    assert WRONG not in paused


def test_the_wait_ends_and_another_address_never_waits(person: Person) -> None:
    fail("somebody-else@harbour.example", FAILURES_ALLOWED)
    fail(ADDRESS, FAILURES_ALLOWED - 1)
    assert tried(ADDRESS, PASSWORD).status_code == HTTPStatus.FOUND
    fail(ADDRESS, FAILURES_ALLOWED, NOON + timedelta(hours=1))
    assert tried(ADDRESS, PASSWORD, NOON + timedelta(hours=1) + FAILURES_COUNT_FOR).status_code == HTTPStatus.FOUND


def test_a_right_password_starts_the_count_anew(person: Person) -> None:
    for _ in range(3):
        fail(ADDRESS, FAILURES_ALLOWED - 1)
        assert tried(ADDRESS, PASSWORD).status_code == HTTPStatus.FOUND
    assert not FailedSignIn.objects.exists()


def test_tries_while_waiting_do_not_make_the_wait_longer(person: Person) -> None:
    fail(ADDRESS, FAILURES_ALLOWED)
    for minute in range(1, 15):
        assert PAUSED in tried(ADDRESS, "guess", NOON + timedelta(minutes=minute)).content.decode()
    assert tried(ADDRESS, PASSWORD, NOON + FAILURES_COUNT_FOR).status_code == HTTPStatus.FOUND


def test_the_audit_says_when_an_address_has_to_wait(person: Person) -> None:
    fail(ADDRESS, FAILURES_ALLOWED - 1)
    assert not AuditRecord.objects.filter(action="people.note_failed_sign_in").exists()
    fail(ADDRESS, 1)
    [told] = AuditRecord.objects.filter(action="people.note_failed_sign_in")
    assert (told.subject, told.actor, told.at) == (ADDRESS, ADDRESS, NOON)
    assert told.details == {"paused_until": (NOON + FAILURES_COUNT_FOR).isoformat()}


def test_what_no_longer_counts_is_not_kept(person: Person) -> None:
    fail("a@harbour.example", 2)
    fail("b@harbour.example", 1, NOON + FAILURES_COUNT_FOR)
    assert list(FailedSignIn.objects.values_list("address", flat=True)) == ["b@harbour.example"]


def test_an_address_that_is_not_on_file_gets_the_same_answer_for_the_same_work(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def counting(self: Any, password: str, *more: Any, **named: Any) -> str:
        hashed.append(password)
        return encode(self, password, *more, **named)

    monkeypatch.setattr(hasher, "encode", counting)
    register_person(actor=terminal_operator("root"), email="no-password@x.example", name="Ng", now=NOON)
    Person.objects.filter(email=ADDRESS).update(is_active=False)
    answers = set()
    for address in (ADDRESS, "nobody@harbour.example", "no-password@x.example"):
        hashed.clear()
        page = tried(address, "guess").content.decode()
        answers.add(page.replace(address, "").split("<main")[1].split("csrfmiddlewaretoken")[0])
        assert len(hashed) == 1, address
        assert WRONG in page
    assert len(answers) == 1


@pytest.mark.parametrize("address", ["", "a" * 300, "İ" * 250, "a\x00b", "<script>"])
def test_whatever_is_written_as_an_address_gets_an_answer(person: Person, address: str) -> None:
    page = tried(address, "guess").content.decode()
    assert WRONG in page
    assert "<script>" not in page


@pytest.mark.parametrize("place", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(person: Person, place: str) -> None:
    assert tried(ADDRESS, PASSWORD, next=place)["Location"] == "/"
    switched = Client().post("/language", {"language": "zh-hant", "next": place})
    assert switched["Location"] == "/"


def test_signing_in_switching_language_and_signing_out_take_a_token_of_the_page(person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    for address in ("/sign-in", "/sign-out", "/language"):
        assert client.post(address, {"language": "zh-hant"}).status_code == HTTPStatus.FORBIDDEN, address


def test_the_cookie_of_a_session_is_for_the_server_alone(person: Person) -> None:
    cookie = tried(ADDRESS, PASSWORD).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is settings.SESSION_COOKIE_SECURE


def test_a_session_of_before_signing_in_is_worth_nothing_after_it(person: Person) -> None:
    client = Client()
    client.force_login(person)
    before = client.session.session_key
    client.post("/sign-out")
    client.post("/sign-in", {"username": ADDRESS, "password": PASSWORD})
    assert client.session.session_key != before
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert stolen.get("/awards").status_code == HTTPStatus.FOUND
