"""What is due: every row in turn, alone, told with an exit code; and the settings of mail."""

from __future__ import annotations

import json
import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import OperationalError, connection

from lionrock.config import cli
from lionrock.config import due as due_module
from lionrock.config.due import DUE, Due, run_again, run_due
from lionrock.config.mail import MailServer, Security, check_portal, check_sender
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.operations.models import Run

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def three(now: datetime) -> int:
    return 3


def away(now: datetime) -> int:
    raise Unavailable("tests.away", message(gettext_noop("It is away. Wait.")))


def defective(now: datetime) -> int:
    return 1 // 0


def cut_off(now: datetime) -> int:
    raise OperationalError("server closed the connection") from psycopg.OperationalError("server closed")


def rows(*actions: object) -> tuple[Due, ...]:
    return tuple(Due(action, "tested") for action in actions)  # type: ignore[arg-type]


def run(monkeypatch: pytest.MonkeyPatch, *words: str, table: tuple[Due, ...] = DUE) -> Result:
    monkeypatch.setattr(due_module, "DUE", table)
    monkeypatch.setattr(cli, "connect", lambda: None)
    return CliRunner().invoke(cli.main, ["due", *words])


@pytest.mark.django_db(transaction=True)
def test_every_row_runs_on_an_empty_database_and_twice() -> None:
    for _ in range(2):
        ended = run_due(NOW)
        assert [(each.name, each.done, each.error) for each in ended] == [(row.name, 0, None) for row in DUE]


def test_mail_goes_out_last_so_that_it_takes_along_what_the_others_say() -> None:
    assert DUE[-1].name == "notices.send_mail"
    assert len({row.name for row in DUE}) == len(DUE)
    assert all(row.why for row in DUE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("failing", "exit_code", "said"),
    [
        (away, 7, "It is away. Wait."),
        (defective, 70, "ZeroDivisionError"),
        (cut_off, 7, "The database broke off"),
    ],
)
def test_a_row_that_fails_stops_no_other_and_is_told(
    monkeypatch: pytest.MonkeyPatch, failing: object, exit_code: int, said: str
) -> None:
    ended = run(monkeypatch, "--json", table=rows(failing, three))
    assert ended.exit_code == exit_code
    assert [row["done"] for row in json.loads(ended.stdout)] == [None, 3]
    assert said in ended.stderr


@pytest.mark.django_db(transaction=True)
def test_all_is_well_that_ends_with_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = run(monkeypatch, "--at", "2026-03-02T10:00+08:00", table=rows(three))
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "three" in ended.stdout
    assert run(monkeypatch, "--at", "yesterday", table=rows(three)).exit_code == 2


@pytest.mark.django_db(transaction=True)
def test_two_never_do_the_same_thing_at_once() -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(now: datetime) -> int:
        inside.set()
        assert go_on.wait(30)
        return 1

    table, ended = rows(slow), []

    def first() -> None:
        try:
            ended.extend(run_due(NOW, table))
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(30)
    [second] = run_due(NOW, table)
    assert (second.done, second.said) == (None, "another process is at it")
    [other] = run_due(NOW, rows(three))
    assert other.done == 3, "another row is free"
    go_on.set()
    thread.join()
    assert [each.done for each in ended] == [1]
    go_on.set()
    [again] = run_due(NOW, table)
    assert again.done == 1


@pytest.mark.django_db(transaction=True)
def test_sigterm_ends_it_after_the_row_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def told_to_end(now: datetime) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return 1

    ended = run(monkeypatch, "--watch", "600", "--json", table=rows(told_to_end, three))
    assert ended.exit_code == 0
    assert [row["done"] for row in json.loads(ended.stdout)] == [1]
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.django_db(transaction=True)
def test_watching_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[datetime] = []

    def third_is_the_last(now: datetime) -> int:
        seen.append(now)
        if len(seen) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return 1

    monkeypatch.setattr(due_module, "close_old_connections", lambda: None)
    assert run(monkeypatch, "--watch", "1", table=rows(third_is_the_last)).exit_code == 0
    assert seen == sorted(set(seen))
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://localhost", MailServer("localhost", 25, Security.NONE)),
        ("smtp://[::1]:2525", MailServer("::1", 2525, Security.NONE)),
        ("smtp://u:p@127.0.0.1:26", MailServer("127.0.0.1", 26, Security.NONE, "u", "p")),
        (
            "smtps://a%40b.example:p%3A%2F@mail.example",
            MailServer("mail.example", 465, Security.TLS, "a@b.example", "p:/"),
        ),
        ("smtp+starttls://u:p@mail.example/", MailServer("mail.example", 587, Security.STARTTLS, "u", "p")),
    ],
)
def test_the_address_of_a_mail_server_is_read(url: str, wanted: MailServer) -> None:
    assert MailServer.parse(url) == wanted


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mail.example", "does not begin"),
        ("http://mail.example", "does not begin"),
        ("smtp://", "not of the form"),
        ("smtp://mail.example/inbox", "not of the form"),
        ("smtp://mail.example?x=1", "not of the form"),
        ("smtp://mail.example:port", "cannot be read"),
        ("smtp://mail.example:99999", "cannot be read"),
        ("smtp://u:secret@mail.example", "in the clear"),
    ],
)
def test_what_is_no_address_of_a_mail_server_is_told_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as wrong:
        MailServer.parse(url)
    assert "secret" not in str(wrong.value)


@pytest.mark.parametrize("sender", ["a@b.example", "Lionrock <a@b.example>", "海港 計劃 <a@b.example>"])
def test_a_sender_is_an_address_with_or_without_a_name(sender: str) -> None:
    assert check_sender(sender) == sender


@pytest.mark.parametrize(
    "sender",
    ["", "Lionrock", "<>", "a@b.example, c@d.example", "A\r\nBcc: x@y.example <a@b.example>", "A <a@b.example> x"],
)
def test_anything_else_is_no_sender(sender: str) -> None:
    with pytest.raises(ValueError, match="no sender"):
        check_sender(sender)


@pytest.mark.parametrize("url", ["", "compute.example", "ftp://compute.example", "https://", "https://x.example?a=1"])
def test_a_portal_is_where_browsers_go(url: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        check_portal(url)
    assert check_portal("https://compute.example/portal/") == "https://compute.example/portal"


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_each_thing_at_its_interval_and_after_one_that_was_killed() -> None:
    table = (Due(three, "tested"), Due(away, "tested", timedelta(hours=1)))
    assert [each.done for each in run_again(NOW, table)] == [3, None]
    assert run_again(NOW + timedelta(seconds=59), table) == []
    assert [each.name for each in run_again(NOW + timedelta(seconds=61), table)] == [table[0].name]
    Run.objects.filter(name=table[1].name).update(started_at=NOW - timedelta(hours=1), ended_at=None)
    assert [each.name for each in run_again(NOW + timedelta(seconds=62), table)] == [table[1].name]
    assert (Run.objects.get(name=table[1].name).failures, Run.objects.get(name=table[1].name).error) == (
        2,
        "tests.away",
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_looks_once_does_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_module, "DUE", rows(defective, three))
    monkeypatch.setattr(cli, "connect", lambda: None)
    ended = CliRunner().invoke(cli.main, ["worker", "--once"])
    assert ended.exit_code == 0, "a row that fails keeps no other"
    assert Run.objects.get(name__endswith="three").ended_at is not None
    assert "due.failed" in ended.stderr
