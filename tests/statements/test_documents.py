"""Documents: which kind, which number, what they add up to, and that nobody changes them."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from tests.statements.books import APRIL, DELTA, HARBOUR, JUNE, MAY, Books, numbers

from lionrock.audit.models import AuditRecord
from lionrock.charging.models import ChargeLine, MonthClose
from lionrock.config.reactions import TABLE, install_reactions
from lionrock.kernel import events
from lionrock.kernel.errors import Conflict
from lionrock.kernel.money import Money
from lionrock.ledger.queries import balance
from lionrock.statements.models import Document
from lionrock.statements.queries import paper_of

pytestmark = pytest.mark.django_db


def test_each_organisation_with_use_gets_one_document_for_the_month(books: Books) -> None:
    books.use(HARBOUR, "1", 50)
    books.use(HARBOUR, "2", 1)
    books.use(DELTA, "3", 10)
    close = books.close(APRIL)
    rows = Document.objects.order_by("number").values_list("organisation__code", "kind", "gross", "subsidy", "user")
    assert list(rows) == [(DELTA, "invoice", 160_00, 112_00, 48_00), (HARBOUR, "invoice", 816_00, 571_20, 244_80)]
    assert (close.gross, close.subsidy, close.user) == (976_00, 683_20, 292_80)


def test_a_negative_user_total_is_a_credit_note_with_its_own_numbers(books: Books) -> None:
    invoice, note = books.invoice_and_credit_note()
    assert (invoice.kind, invoice.gross, invoice.user) == ("invoice", 800_00, 240_00)
    assert (note.kind, note.gross, note.subsidy, note.user) == ("credit note", -480_00, -336_00, -144_00)
    assert numbers() == ["INV-2026-0001", "INV-2026-0002", "INV-2026-0003", "CN-2026-0001"]
    assert balance("hk-aiss-demo", f"receivable/user/{HARBOUR}", "HKD") == 240_00 - 144_00


def test_a_month_that_comes_to_nothing_has_no_document_and_takes_no_number(books: Books) -> None:
    books.close(APRIL)
    assert numbers() == []
    books.use(HARBOUR, "1", 1, day=MAY.first_day)
    books.close(MAY)
    assert numbers() == ["INV-2026-0001"]


def test_a_close_that_is_undone_gives_its_numbers_back(books: Books) -> None:
    books.use(HARBOUR, "1", 50)
    books.use(DELTA, "2", 50)

    def fails(*, close: object, actor: object, now: object) -> None:
        raise RuntimeError(f"after {Document.objects.count()} documents")

    broken = next(row for row in TABLE if row.action_name == "statements.issue_documents")
    events.install([*TABLE, events.Reaction(broken.event, fails, broken.timing, "a fault")])
    try:
        with pytest.raises(RuntimeError, match="after 2 documents"):
            books.close(APRIL)
    finally:
        install_reactions()
    assert (numbers(), MonthClose.objects.count(), ChargeLine.objects.count()) == ([], 0, 0)
    books.close(APRIL)
    assert numbers() == ["INV-2026-0001", "INV-2026-0002"]


@pytest.mark.django_db(transaction=True)
def test_closes_at_once_leave_no_gap_and_no_double(books: Books) -> None:
    for number, month in enumerate((APRIL, MAY, JUNE)):
        books.use(HARBOUR, f"h{number}", 1, day=month.first_day)
        books.use(DELTA, f"d{number}", 1, day=month.first_day)
    start, conflicts = threading.Barrier(6), list[str]()

    def run() -> None:
        start.wait()
        try:
            for month in (APRIL, MAY, JUNE):
                _close_or_note(books, month, conflicts)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers()) == [f"INV-2026-{number:04d}" for number in range(1, 7)]
    assert conflicts == ["charging.close.closed_already"] * 15


def _close_or_note(books: Books, month: object, conflicts: list[str]) -> None:
    try:
        books.close(month)  # type: ignore[arg-type]
    except Conflict as taken:
        conflicts.append(taken.code)


def test_the_number_names_the_year_of_the_month(books: Books) -> None:
    books.use(HARBOUR, "1", 1, day=APRIL.plus(8).first_day)
    books.use(HARBOUR, "2", 1, day=APRIL.plus(9).first_day)
    books.close(APRIL.plus(8))
    books.close(APRIL.plus(9))
    assert numbers() == ["INV-2026-0001", "INV-2027-0001"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE statements_document SET user = 0, subsidy = gross",
        "UPDATE statements_document SET issued_at = now()",
        "DELETE FROM statements_document",
        "TRUNCATE statements_document CASCADE",
        "UPDATE statements_settlement SET amount = 0",
        "DELETE FROM statements_settlement",
        "TRUNCATE statements_settlement CASCADE",
        "UPDATE charging_chargeline SET reason = 'amended'",
        "DELETE FROM charging_chargeline",
        "TRUNCATE charging_chargeline CASCADE",
        "UPDATE charging_monthclose SET closed_by = 'somebody'",
        "DELETE FROM charging_monthclose",
        "TRUNCATE charging_monthclose CASCADE",
    ],
)
def test_what_was_closed_cannot_be_changed_even_by_raw_sql(books: Books, statement: str) -> None:
    books.invoice_and_credit_note()
    before = _all()
    connection.check_constraints()  # what a commit would ask; a table with questions open cannot be emptied at all
    with pytest.raises(DatabaseError, match=r"Cannot update or delete|never removed"), transaction.atomic():
        connection.cursor().execute(statement.replace(" user =", ' "user" ='))
    assert _all() == before


def _all() -> list[object]:
    return [list(model.objects.order_by("id").values()) for model in (Document, ChargeLine, MonthClose)]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"user": 1}, "adds_up"),
        ({"kind": "credit note"}, "kind"),
        ({"number": None}, "number"),
        ({}, "statements_document_once"),
    ],
)
def test_the_database_takes_no_document_that_contradicts_itself(
    books: Books, changes: dict[str, object], constraint: str
) -> None:
    invoice, _ = books.invoice_and_credit_note()
    copy = {field.attname: getattr(invoice, field.attname) for field in Document._meta.concrete_fields} | {"id": None}
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        Document.objects.create(**(copy | {"number": "another"} | changes))


def test_the_paper_is_the_sum_of_its_lines(books: Books) -> None:
    for document in books.invoice_and_credit_note():
        paper = paper_of(document)
        for amount in ("gross", "subsidy", "user"):
            total = sum((getattr(line, amount).minor for line in paper.lines), 0)
            assert getattr(paper, amount) == Money(total, "HKD") == Money(getattr(document, amount), "HKD")
        assert sum(one.subsidy.minor for one in paper.awards) == document.subsidy
        assert all(line.subsidy.minor == sum(paid.amount.minor for paid in line.paid) for line in paper.lines)


def test_the_paper_says_what_it_rests_on(books: Books) -> None:
    _, note = books.invoice_and_credit_note()
    paper = paper_of(note)
    (line,) = paper.lines
    assert (line.corrects, f"{line.quantity:f}", line.unit) == (APRIL, "-30", "device_hour")
    assert (str(line.unit_price), str(line.price_from)) == ("HKD 16.00", "2024-10-07")
    assert [(one.award, one.left) for one in paper.awards] == [("AW-2026-0001", Money(1120_00 - 224_00, "HKD"))]
    assert "144.00 is credited to you" in str(paper.payment[0])
    paths = {read.path for remark in paper.notes for read in remark.reads}
    assert {"subsidy.general_rate"} < paths
    assert any("never changes" in str(remark.message) for remark in paper.notes)


def test_what_is_left_on_a_document_is_what_was_left_then(books: Books) -> None:
    invoice, _ = books.invoice_and_credit_note()
    assert paper_of(invoice).awards[0].left == Money(1120_00 - 560_00, "HKD")


def test_issuing_is_on_the_record(books: Books) -> None:
    books.invoice_and_credit_note()
    kept = AuditRecord.objects.filter(action="statements.issue_documents").order_by("id")
    assert [record.subject.removeprefix("HK-AISS-DEMO-") for record in kept] == numbers()
    assert kept[0].organisation == DELTA
    assert kept[1].details == {"user": 240_00, "lines": 1}
