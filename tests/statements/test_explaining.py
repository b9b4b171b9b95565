"""From a line of a document back to its runs, its price, its share and what limited it."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from http import HTTPStatus

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR
from tests.statements.books import APRIL, CHAN, DELTA, HARBOUR, JUNE, LEE, MAY, PROGRAMME, Books

from lionrock.kernel.errors import NotFound
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.statements.commands import explain
from lionrock.statements.explaining import explain_line
from lionrock.statements.models import Document
from lionrock.statements.queries import document_by_number

pytestmark = pytest.mark.django_db


def _of_finance() -> Person:
    person = register_person(actor=OPERATOR, email="finance@example.org", name="Finance", now=NOW)
    grant_role(actor=OPERATOR, email=person.email, role=Role.FINANCE, programme=PROGRAMME, now=NOW)
    return person


def _of(organisation: str) -> Document:
    return Document.objects.filter(organisation__code=organisation).latest("month")


def test_a_line_leads_to_its_runs_and_says_each_step(books: Books) -> None:
    """50 and 7 hours of a node at 16.00, of which an award bears seven tenths."""
    books.use(HARBOUR, "later", 7)
    books.use(HARBOUR, "first", 50, day=date(2026, 4, 2))
    books.use(DELTA, "other", 10)
    books.close(APRIL)
    told = explain_line(_of(HARBOUR), 1)
    assert [(row.job, row.hours, row.amount) for row in told.runs] == [("first", 50, 800), ("later", 7, 112)]
    assert told.agrees
    said = [str(note.message) for note in told.steps]
    assert "205,200 device-seconds" in said[0] or "205200 device-seconds" in said[0]
    assert "16" in said[1]
    assert told.steps[1].reads[0].citation is not None
    assert "912" in said[2]
    assert "70%" in said[3]
    assert "638.40" in said[3]
    assert "273.60" in said[4]
    assert [note.reads for note in told.steps][3]


def test_a_correction_names_the_run_that_changed_and_the_line_that_billed_it(books: Books) -> None:
    books.use(HARBOUR, "same", 3)
    invoice, credit = books.invoice_and_credit_note()
    told = explain_line(credit, 1)
    assert [(row.job, row.hours, row.before) for row in told.runs] == [("1", -30, 50)]
    assert [(one.document, one.position) for one in told.billed] == [(invoice.number, 1)]
    assert told.agrees
    assert "April" in str(told.steps[0].message) or "2026-04" in str(told.steps[0].message)


def test_what_arrives_after_a_close_is_no_part_of_its_lines(books: Books) -> None:
    books.use(HARBOUR, "1", 50)
    books.close(APRIL)
    before = explain_line(_of(HARBOUR), 1)
    books.use(HARBOUR, "1", 20, revision=1)
    books.use(HARBOUR, "2", 5)
    assert explain_line(_of(HARBOUR), 1) == before
    books.close(MAY)
    books.use(HARBOUR, "1", 21, revision=2)
    books.close(JUNE)
    first = Document.objects.filter(organisation__code=HARBOUR).earliest("month")
    assert explain_line(first, 1).runs == before.runs


def test_a_line_that_an_award_could_not_bear_says_what_was_left(books: Books) -> None:
    """The award reaches for 100 hours of six months; the rest of its share falls to the organisation."""
    books.use(HARBOUR, "long", 28 * 24, day=date(2026, 4, 1))
    books.close(APRIL)
    told = explain_line(_of(HARBOUR), 1)
    limited = [note for note in told.steps if "only" in str(note.message)]
    assert told.line.subsidy < told.line.gross
    assert limited
    assert str(told.line.subsidy.decimal) in str(limited[0].message).replace(",", "")


@pytest.mark.parametrize("position", [0, 2, 99])
def test_a_line_that_is_not_there_is_said_to_be_so(books: Books, position: int) -> None:
    books.use(HARBOUR, "1", 5)
    books.close(APRIL)
    with pytest.raises(NotFound, match="lines 1 to 1"):
        explain_line(_of(HARBOUR), position)


def test_only_who_may_see_the_document_may_ask(books: Books) -> None:
    books.use(HARBOUR, "1", 5)
    books.close(APRIL)
    number = _of(HARBOUR).number
    assert document_by_number(CHAN, number)
    with pytest.raises(NotFound):
        document_by_number(LEE, number)


def test_the_page_and_its_files_say_the_same(books: Books, client: Client) -> None:
    invoice, credit = books.invoice_and_credit_note()
    client.force_login(_of_finance())
    for document in (invoice, credit):
        address = f"/statements/{document.number}/lines/1"
        page = client.get(address)
        assert page.status_code == HTTPStatus.OK
        told = client.get(f"{address}.json").json()
        rows = list(csv.DictReader(client.get(f"{address}.csv").content.decode("utf-8-sig").splitlines()))
        assert [row["job"] for row in rows] == [run["job"] for run in told["runs"]] == ["1"]
        assert sum(Decimal(row["amount"]) for row in rows) * 100 == told["what"]["gross"]
        assert client.get(f"{address}.exe").status_code == HTTPStatus.NOT_FOUND
    assert f"/statements/{invoice.number}/lines/1" in client.get(f"/statements/{invoice.number}").content.decode()
    assert client.get(f"/statements/{invoice.number}/lines/7").status_code == HTTPStatus.NOT_FOUND


def test_a_page_asks_the_database_the_same_however_many_runs_there_are(books: Books, client: Client) -> None:
    books.use(HARBOUR, "1", 1)
    books.close(APRIL)
    for number in range(12):
        books.use(HARBOUR, f"m{number}", 1, day=date(2026, 5, number + 1))
    books.close(MAY)
    client.force_login(_of_finance())
    counts = []
    for document in Document.objects.filter(organisation__code=HARBOUR).order_by("month"):
        client.get("/statements")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/statements/{document.number}/lines/1")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_command_explains_as_a_table_and_as_json(books: Books) -> None:
    books.use(HARBOUR, "1", 50)
    books.use(HARBOUR, "2", 1)
    books.close(APRIL)
    number = _of(HARBOUR).number
    shown = CliRunner().invoke(explain, [f"{number}/1", "--runs", "1"])
    assert shown.exit_code == 0, shown.output
    assert "… and 1 more" in shown.output
    told = json.loads(CliRunner().invoke(explain, [f"{number}/1", "--json"]).output)
    assert [run["job"] for run in told["runs"]] == ["1", "2"]
    wrong = CliRunner().invoke(explain, [number])
    assert wrong.exit_code != 0
