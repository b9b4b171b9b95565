"""The demonstration told with a clock that stands still; and every question at its end can be answered with no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from lionrock.audit.actions import record
from lionrock.audit.models import AuditRecord
from lionrock.charging.models import MonthClose, RecordedRun
from lionrock.demo import checks, telling
from lionrock.demo.build import SignIn
from lionrock.demo.checks import Built, check
from lionrock.demo.fresh import DEMO_ACTOR, empty_the_database
from lionrock.demo.story import Story, read_story
from lionrock.jobs.models import Job
from lionrock.kernel.errors import Conflict, Invalid
from lionrock.kernel.periods import Month
from lionrock.people.actions import register_organisation
from lionrock.people.domain import terminal_operator
from lionrock.people.models import Organisation
from lionrock.sites.models import Site
from lionrock.statements.models import Document

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 5, 1, tzinfo=UTC)


def small_story() -> Story:
    story = read_story()
    return story.model_copy(update={"workload": story.workload.model_copy(update={"devices": 48})})


@pytest.fixture
def built(live_server: LiveServer, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Built:
    settings.LIONROCK_HOME = tmp_path
    monkeypatch.setattr(telling, "read_story", small_story)
    monkeypatch.setattr(telling, "start_portal", lambda _: f"{live_server.url}/")
    return telling.tell(tmp_path, NOW, trace=None, say=lambda _: None).built


@contextmanager
def tampering(statement: str) -> Iterator[None]:
    """Do to the tables what their guards forbid, and undo it afterwards."""
    table = statement.split()[2 if statement.startswith("DELETE") else 1]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        assert cursor.rowcount == 1, statement
        yield
        transaction.set_rollback(True)


@contextmanager
def spoiling(file: Path, content: bytes) -> Iterator[None]:
    """Let a file say something else for a while."""
    before = file.read_bytes()
    file.write_bytes(content)
    yield
    file.write_bytes(before)


ANY_RUN = "SELECT max(id) FROM charging_recordedrun WHERE job NOT LIKE 'JOB-%' AND job NOT LIKE 'lease%'"
SQL_FAULTS = {
    checks._job: ["UPDATE charging_recordedrun SET standing = false WHERE job LIKE 'JOB-%'"],
    checks._rows: [
        "DELETE FROM charging_heldrow WHERE id = (SELECT max(id) FROM charging_heldrow)",
        f"DELETE FROM charging_recordedrun WHERE id = ({ANY_RUN})",
        "UPDATE charging_usageimport SET tally = jsonb_set(tally, '{rows}', '1')",
    ],
    checks._again: [f"DELETE FROM charging_recordedrun WHERE id = ({ANY_RUN})"],
    checks._documents: [
        'UPDATE statements_document SET gross = gross + 1, "user" = "user" + 1 WHERE number LIKE \'%0001\'',
        "DELETE FROM charging_chargeline WHERE position = 1",
    ],
    checks._ledger: ["UPDATE ledger_posting SET amount = amount + 1 WHERE id = (SELECT max(id) FROM ledger_posting)"],
    checks._balances: [
        "UPDATE ledger_accountbalance SET balance = balance + 1 WHERE account_id = (SELECT max(id) FROM "
        f"ledger_ledgeraccount WHERE path LIKE '{path}/%%')"
        for path in ("receivable/user", "receivable/scheme", "revenue")
    ],
}


def test_it_is_told_once_looked_at_and_then_told_again(built: Built, tmp_path: Path, subtests: pytest.Subtests) -> None:
    """One telling takes as long as a hundred other tests: what only looks at it shares it, in this order."""
    for look in (
        _it_is_told_as_of_now_and_by_the_demonstration_alone,
        _all_is_well_at_the_end_and_each_question_notices_its_fault,
        _a_trace_that_cannot_be_read_costs_no_earlier_demonstration,
        _work_for_another_programme_in_the_same_database_is_left_alone,
        _told_again_it_is_a_fresh_one,
    ):
        with subtests.test(look.__name__):
            look(built, tmp_path)


def _it_is_told_as_of_now_and_by_the_demonstration_alone(built: Built, home: Path) -> None:
    assert built.stage.month == Month(2026, 10)
    assert MonthClose.objects.get().closed_at < NOW
    assert AuditRecord.objects.order_by("id").values_list("actor", flat=True)[0] == DEMO_ACTOR
    assert AuditRecord.objects.filter(at__gt=NOW).count() == 0
    assert Job.objects.get().submitted_at == NOW
    assert {paper.name.partition(".")[0] for paper in built.papers} == set(
        Document.objects.values_list("number", flat=True)
    )
    assert sum(paper.name.startswith(f"{built.papers[0].stem}.zh-") for paper in built.papers) == 2


def _all_is_well_at_the_end_and_each_question_notices_its_fault(built: Built, home: Path) -> None:
    answers = check(built)
    assert len(answers) == 9
    assert [answer for answer in answers if answer.problem] == []
    for question, statements in SQL_FAULTS.items():
        for statement in statements:
            with tampering(statement.replace("%%", "%")):
                assert question(built), statement
        assert question(built) == ""
    _files_are_looked_into(built)
    _the_portal_is_visited(built)


def _files_are_looked_into(built: Built) -> None:
    paper, books = built.papers[0], built.books
    for content in (b"", b"nothing", paper.read_bytes()[:-100]):
        with spoiling(paper, content):
            assert str(paper) in checks._papers(built)
    assert checks._papers(replace(built, papers=[]))
    assert built.papers[-1].stem in checks._papers(replace(built, papers=built.papers[:-1]))
    with spoiling(books, books.read_bytes().replace(b".00 HKD", b".01 HKD", 1)):
        assert "does not balance" in checks._bean_check(built)


def _the_portal_is_visited(built: Built) -> None:
    wrong = replace(built, sign_in=SignIn(built.sign_in.email, "another password"))
    assert checks._portal(wrong) == "the password was not accepted"
    assert "does not answer" in checks._portal(replace(built, portal="http://127.0.0.1:1/"))


def _a_trace_that_cannot_be_read_costs_no_earlier_demonstration(built: Built, home: Path) -> None:
    file = home / "trace.parquet"
    for content in (None, b"", b"PAR1 but not really PAR1"):
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(Invalid, match=str(file)):
            telling.tell(home, NOW, trace=file, say=lambda _: None)
    assert Site.objects.count() == 1


def _work_for_another_programme_in_the_same_database_is_left_alone(built: Built, home: Path) -> None:
    with transaction.atomic():
        record("calls.create_call", "CALL-2026-0002", actor="chan@terminal", now=NOW, programme="hk-aiss")
        with pytest.raises(Conflict, match="chan@terminal"):
            empty_the_database("hk-aiss-demo")
        assert MonthClose.objects.count() == 1
        transaction.set_rollback(True)


def _told_again_it_is_a_fresh_one(built: Built, home: Path) -> None:
    first = (Organisation.objects.count(), RecordedRun.objects.count(), Document.objects.count())
    (built.papers[0].parent / "HK-AISS-DEMO-INV-1999-0001.pdf").write_bytes(b"an earlier one")
    again = telling.tell(home, NOW, trace=None, say=lambda _: None).built
    assert (Organisation.objects.count(), RecordedRun.objects.count(), Document.objects.count()) == first
    assert sorted(built.papers[0].parent.iterdir()) == sorted(again.papers)
    assert again.sign_in.password != built.sign_in.password


@pytest.mark.parametrize("work", ["an organisation", "only a record"])
def test_a_database_with_other_work_is_left_alone(work: str) -> None:
    register_organisation(actor=terminal_operator("chan"), code="harbour", name="Harbour", now=NOW)
    if work == "only a record":
        Organisation.objects.all().delete()
    with pytest.raises(Conflict) as refused:
        empty_the_database("hk-aiss-demo")
    assert (refused.value.code, "chan@terminal" in str(refused.value)) == ("demo.database.in_use", True)
    assert AuditRecord.objects.count() == 1
