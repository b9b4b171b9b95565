"""Bank statements: good rows are taken, the rest held with every fault by line, and nothing counts twice."""

from __future__ import annotations

import pytest
from tests.receivables.ledgers import bill
from tests.receivables.till import DELTA, FINANCE, HARBOUR, LATER, PROGRAMME, Till

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Invalid
from lionrock.kernel.periods import Month
from lionrock.notices.domain import told
from lionrock.receivables.actions import drop_held_row, import_bank_file
from lionrock.receivables.domain import BankRow, read_bank_file
from lionrock.receivables.models import BankFile, HeldRow, Payment
from lionrock.receivables.queries import held_rows

HEAD = "date,amount,currency,reference,payer,documents,note\n"
GOOD = f"2026-06-10,48.00,HKD,R1,{HARBOUR},,\n"


def take(text: str, name: str = "june.csv") -> BankFile:
    return import_bank_file(actor=FINANCE, programme=PROGRAMME, content=text.encode(), name=name, now=LATER)


def faults() -> dict[int, list[str]]:
    return {row.line: [fault["code"] for fault in row.faults] for row in held_rows(FINANCE, PROGRAMME)}


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("10/06/2026,1.00,HKD,R,u1,,", ["receivables.file.date"]),
        ("2026-02-30,1.00,HKD,R,u1,,", ["receivables.file.date"]),
        ("2026-06-10,1.00,USD,R,u1,,", ["receivables.file.currency"]),
        ('2026-06-10,"1,000.00",HKD,R,u1,,', ["kernel.money.decimal"]),
        ("2026-06-10,1.001,HKD,R,u1,,", ["kernel.money.places"]),
        ("2026-06-10,-1.00,HKD,R,u1,,", ["receivables.file.amount"]),
        ("2026-06-10,0.00,HKD,R,u1,,", ["receivables.file.amount"]),
        ("2026-06-10,1.00,HKD,,u1,,", ["kernel.texts.empty"]),
        (f"2026-06-10,1.00,HKD,{'R' * 101},u1,,", ["kernel.texts.long"]),
        ("2026-06-10,1.00,HKD,R,,,", ["kernel.texts.empty"]),
        ("2026-06-10,1.00,HKD,R,u1,,,more", ["receivables.file.row"]),
        ("x,y,,,", ["receivables.file.date", "receivables.file.currency", "kernel.money.decimal"]
            + ["kernel.texts.empty"] * 2),
    ],
)  # fmt: skip
def test_every_fault_of_a_row_is_named(row: str, codes: list[str]) -> None:
    (held,) = read_bank_file(f"{HEAD}{row}\n".encode(), "f.csv", "HKD")
    assert not isinstance(held, BankRow)
    assert [fault.code for fault in held.faults] == codes
    assert {(fault.file, fault.line) for fault in held.faults} == {("f.csv", 2)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Missing: date, amount, currency, reference, payer"),
        (b"date,amount,currency,reference\n", "Missing: payer; unknown: –"),
        (b"date,amount,currency,reference,payer,colour\n", "unknown: colour"),
        (b"date,date,amount,currency,reference,payer\n", "twice: date"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        list(read_bank_file(content, "f.csv", "HKD"))


def test_a_file_from_a_spreadsheet_reads_like_any_other() -> None:
    text = "\N{ZERO WIDTH NO-BREAK SPACE}payer,date,amount,currency,reference\r\nu1,2026-06-10,1.00,HKD,R\r\n\r\n"
    (row,) = read_bank_file(text.encode(), "f.csv", "HKD")
    assert isinstance(row, BankRow)
    assert (row.payer, row.amount.minor, row.line, row.wishes) == ("u1", 1_00, 2, ())


@pytest.fixture
def billed(till: Till) -> Till:
    """Harbour owes 48.00 and Delta 96.00 for April."""
    bill(Month(2026, 4), **{DELTA: 96_00, HARBOUR: 48_00})
    return till


@pytest.mark.django_db
def test_good_rows_are_taken_and_the_others_held(billed: Till) -> None:
    rows = f"2026-06-11,1.00,HKD,R2,nobody-known,2026-04-0 INV-9,\n2026-06-12,x,HKD,R3,{DELTA},,\n{GOOD}"
    taken = take(
        HEAD + GOOD.replace("48.00", "20.00") + rows + f"2026-06-12,96.00,HKD,R4,{DELTA},2026-04-0,all of it\n"
    )
    assert taken.tally == {"new": 2, "repeated": 0, "held": 3}
    assert billed.open() == {"2026-04-1": 28_00}
    assert faults() == {
        3: ["people.organisation.unknown", "receivables.payment.document", "receivables.payment.document"],
        4: ["kernel.money.decimal"],
        5: ["receivables.payment.reference_taken"],
    }
    assert Payment.objects.get(reference="R4").note == "all of it"
    assert Payment.objects.get(reference="R4").source == "june.csv:6"


@pytest.mark.django_db
def test_the_same_file_again_takes_what_can_be_taken_now(billed: Till) -> None:
    text = f"{HEAD}{GOOD}2026-06-11,1.00,HKD,R2,{DELTA},2026-05-0,\n"
    assert take(text).tally == {"new": 1, "repeated": 0, "held": 1}
    assert "2026-05-0 is no invoice of delta-institute" in str(told(HeldRow.objects.get().faults[0]))
    bill(Month(2026, 5), **{DELTA: 10_00})
    assert take(text, "again.csv").tally == {"new": 1, "repeated": 1, "held": 0}
    assert (BankFile.objects.count(), HeldRow.objects.count()) == (1, 0)
    assert billed.open() == {"2026-04-0": 96_00, "2026-05-0": 9_00}


@pytest.mark.django_db
def test_a_held_row_goes_off_the_list_with_a_reason(till: Till) -> None:
    take(HEAD + GOOD.replace(HARBOUR, "nobody-known"))
    row = HeldRow.objects.get()
    with pytest.raises(Invalid):
        drop_held_row(actor=FINANCE, row=row.pk, reason="", now=LATER)
    drop_held_row(actor=FINANCE, row=row.pk, reason="Interest of the bank.", now=LATER)
    assert not HeldRow.objects.exists()
    assert AuditRecord.objects.get(action="receivables.drop_held_row").details["reason"] == "Interest of the bank."
