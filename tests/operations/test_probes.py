"""What machines ask: health that tells states and no reasons, figures for those who may have them."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.test import Client

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.operations import health
from lionrock.operations.actions import is_due, note_end, note_start
from lionrock.operations.health import State, examine, is_ready
from lionrock.operations.models import Run
from lionrock.operations.runs import GRACE, PATIENCE, Row, rows_known
from lionrock.people.models import Organisation, Person

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
MINUTE = Row("tests.row", timedelta(minutes=1))
TOKEN = "sixteen characters or more"


def states(checks: list[health.Check]) -> dict[str, State]:
    return {check.name: check.state for check in checks}


@pytest.mark.django_db(transaction=True)
def test_all_is_good_when_everything_was_done() -> None:
    note_start(MINUTE.name, NOW)
    note_end(MINUTE.name, NOW, None)
    checks = examine([MINUTE], NOW)
    assert set(states(checks).values()) == {State.GOOD}
    assert is_ready(checks)


@pytest.mark.django_db(transaction=True)
def test_what_is_late_is_named_and_keeps_no_page_away() -> None:
    checks = examine([MINUTE], NOW)
    assert states(checks)["due"] is State.LOOK
    assert is_ready(checks)
    assert MINUTE.name in str(next(check.said for check in checks if check.name == "due"))


@pytest.mark.django_db(transaction=True)
def test_tables_that_are_behind_keep_pages_away(monkeypatch: pytest.MonkeyPatch) -> None:
    known = health._expected()
    monkeypatch.setattr(health, "_expected", lambda: known | {("people", "9999_of_tomorrow")})
    checks = examine([], NOW)
    assert (states(checks)["migrations"], is_ready(checks)) == (State.BAD, False)
    monkeypatch.setattr(
        health,
        "_expected",
        lambda: frozenset(each for each in known if each[0] != "people") | {("people", "0001_initial")},
    )
    assert states(examine([], NOW))["migrations"] is State.LOOK, "a newer version has been here"


@pytest.mark.parametrize(
    "away", [psycopg.OperationalError("connection refused"), TimeoutError()], ids=lambda error: type(error).__name__
)
def test_a_database_that_is_away_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, away: Exception) -> None:
    def asked(_parameters: object) -> health.Seen:
        raise away

    monkeypatch.setattr(health, "_ask", asked)
    checks = examine([], NOW)
    assert states(checks) == {"database": State.BAD, "rulebook": State.GOOD, "disk": State.GOOD}
    assert "lionrock database status" in str(checks[0].said)


def test_a_database_that_never_answers_is_waited_for_no_longer_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    monkeypatch.setattr(health, "_ask", lambda _: answered.wait(30))
    monkeypatch.setattr(health, "ANSWER_SECONDS", 0.05)
    assert states(examine([], NOW))["database"] is State.BAD
    assert not answered.is_set()
    answered.set()


def test_a_broken_rulebook_and_a_full_disk_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_folder: Path) -> None:
        raise Unavailable("tests.broken", message(gettext_noop("It is broken.")))

    monkeypatch.setattr(health, "load_rulebook", broken)
    assert health._rulebook().state is State.BAD
    assert "It is broken." in str(health._rulebook().said)
    assert health._disk(tmp_path, lambda _: health.LITTLE_ROOM - 1).state is State.LOOK
    assert health._disk(tmp_path, lambda _: health.LITTLE_ROOM).state is State.GOOD


@pytest.mark.parametrize(
    ("ago", "late"),
    [(None, True), (timedelta(0), False), (PATIENCE * MINUTE.every + GRACE, False),
     (PATIENCE * MINUTE.every + GRACE + timedelta(seconds=1), True)],
)  # fmt: skip
def test_when_a_row_is_late(ago: timedelta | None, late: bool) -> None:
    assert MINUTE.is_late(None if ago is None else NOW - ago, NOW) is late


@pytest.mark.django_db
def test_a_row_is_due_again_when_its_interval_has_passed_since_it_began() -> None:
    assert is_due(MINUTE, NOW)
    note_start(MINUTE.name, NOW)
    assert not is_due(MINUTE, NOW + timedelta(seconds=59))
    assert is_due(MINUTE, NOW + timedelta(seconds=60)), "also when whoever began it was killed"
    note_end(MINUTE.name, NOW, Unavailable("tests.away", message(gettext_noop("Away."))))
    note_start(MINUTE.name, NOW + timedelta(minutes=1))
    note_end(MINUTE.name, NOW + timedelta(minutes=1), None)
    run = Run.objects.get()
    assert (run.runs, run.failures, run.error, run.ended_at) == (2, 1, "", NOW + timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("host", ["testserver", "10.0.0.7", "evil.example"])
def test_probes_answer_whatever_host_is_named_and_say_no_reason(host: str) -> None:
    assert Client().get("/health/live", headers={"host": host}).json() == {"alive": True}
    answer = Client().get("/health/ready", headers={"host": host})
    assert answer.status_code == 200
    assert set(answer.json()) == {"ready", "checks"}
    assert set(answer.json()["checks"].values()) <= {"good", "look", "bad"}
    assert Client().post("/health/live", headers={"host": host}).status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "headers", "may"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("", {}, True),
        ("192.0.2.1", {}, False),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.1"}, False),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1, 192.0.2.1"}, False),
        ("192.0.2.1", {"x-forwarded-for": "127.0.0.1"}, False),
        ("127.0.0.1", {"x-forwarded-for": "localhost"}, False),
        ("192.0.2.1", {"authorization": f"Bearer {TOKEN}"}, True),
        ("192.0.2.1", {"authorization": "Bearer another"}, False),
        ("192.0.2.1", {"authorization": "Bearer 密"}, False),
    ],
)
def test_figures_are_for_near_machines_and_holders_of_the_token(
    settings: LazySettings, address: str, headers: dict[str, str], may: bool
) -> None:
    settings.LIONROCK_METRICS_TOKEN = TOKEN
    answer = Client(REMOTE_ADDR=address).get("/metrics", headers=headers)
    assert answer.status_code == (200 if may else 404)
    assert (b"lionrock_database_up 1.0" in answer.content) is may


@pytest.mark.django_db(transaction=True)
def test_without_a_token_an_empty_one_opens_nothing(settings: LazySettings) -> None:
    settings.LIONROCK_METRICS_TOKEN = None
    assert Client(REMOTE_ADDR="192.0.2.1").get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_figures_name_pages_and_rows_and_nobody() -> None:
    Organisation.objects.create(code="pine-lab", name="Pine Laboratory", created_at=NOW)
    Person.objects.create(email="wong@harbour.example", name="Wong Siu Ming", created_at=NOW)
    for row in rows_known():
        note_start(row.name, NOW)
        note_end(row.name, NOW, None)
    for path in ("/organisations/pine-lab", "/nowhere/wong@harbour.example", "/sign-in?next=wong"):
        Client().get(path)
    Client().generic("WONG", "/sign-in")
    said = Client().get("/metrics").content.decode()
    for mention in ("pine", "Pine", "wong", "WONG", "harbour", "nowhere"):
        assert mention not in said
    assert 'lionrock_request_seconds_count{method="GET",page="people:sign_in",status="200"}' in said
    assert 'method="other"' in said
    assert set(re.findall(r'lionrock_due_runs_total{row="([^"]+)"}', said)) == {row.name for row in rows_known()}
    for name in ("waiting", "given_up", "database_sessions", "database_bytes", "due_last_success_seconds"):
        assert f"\nlionrock_{name}{{" in said
