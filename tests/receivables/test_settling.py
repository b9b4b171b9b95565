"""Claims on the scheme and remittances to the sites: what they add up to, and that each is settled once."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from tests.receivables.till import APRIL, DELTA, FINANCE, HARBOUR, JUNE, LATER, MAY, PROGRAMME, Till

from lionrock.kernel.errors import Conflict, Invalid
from lionrock.ledger.check import check_books
from lionrock.ledger.queries import balance, balances
from lionrock.receivables.actions import settle_paper
from lionrock.statements.models import Document, Settlement
from lionrock.statements.settlement_pages import SETTLEMENT_FORMATS
from lionrock.statements.settlements import settlement_csv, settlement_json, settlement_paper

pytestmark = pytest.mark.django_db


def numbers() -> list[str]:
    rows = Settlement.objects.order_by("pk").values_list("number", flat=True)
    return [number.removeprefix("HK-AISS-DEMO-").replace("-2026-000", "") for number in rows]


def pay(number: str, reference: str = "S1", on: date = date(2026, 6, 10)) -> None:
    settle_paper(actor=FINANCE, number=f"HK-AISS-DEMO-{number}", on=on, reference=reference, now=LATER)


def test_a_closed_month_has_one_claim_and_a_remittance_for_each_site(till: Till) -> None:
    till.bill(APRIL, harbour=10, delta=10)
    till.bill(MAY)
    till.bill(JUNE, harbour=20)
    assert numbers() == ["CLM1", "REM1", "CLM2", "REM2"]
    claim, remittance = Settlement.objects.order_by("pk")[:2]
    documents = Document.objects.filter(close=claim.close)
    assert claim.amount == sum(each.subsidy for each in documents) == 2 * 112_00
    assert remittance.amount == sum(each.gross for each in documents) == 2 * 160_00
    assert [(line["award"], line["organisation"], line["subsidy"]) for line in claim.lines] == [
        ("AW-2026-0001", HARBOUR, 112_00),
        ("AW-2026-0002", DELTA, 112_00),
    ]
    assert remittance.lines == [
        {"item": "cpu-node", "kind": "usage", "gross": 320_00, "subsidy": 224_00, "user": 96_00}
    ]


def test_a_claim_that_is_paid_turns_what_the_scheme_owes_into_cash(till: Till) -> None:
    till.bill(APRIL, harbour=10, delta=10)
    pay("CLM-2026-0001")
    assert balance(PROGRAMME, "cash", "HKD") == 224_00
    assert set(balances(PROGRAMME, "receivable/scheme", "HKD").values()) == {0}
    pay("REM-2026-0001", "S2")
    assert balance(PROGRAMME, "remitted/here", "HKD") == 320_00
    assert balance(PROGRAMME, "cash", "HKD") == 224_00 - 320_00
    assert balance(PROGRAMME, "revenue/here", "HKD") + balance(PROGRAMME, "remitted/here", "HKD") == 0
    assert [fault for check in check_books() for fault in check.faults] == []


def test_a_month_of_corrections_gives_back(till: Till) -> None:
    till.bill(APRIL, harbour=50)
    pay("CLM-2026-0001", on=date(2026, 5, 20))
    till.books.use(HARBOUR, "2026-04-harbour", 20, revision=1)
    till.bill(MAY)
    assert Settlement.objects.get(number__endswith="CLM-2026-0002").amount == -336_00
    pay("CLM-2026-0002")
    assert balance(PROGRAMME, "cash", "HKD") == 560_00 - 336_00


def test_each_is_settled_once(till: Till) -> None:
    till.bill(APRIL, harbour=10)
    pay("CLM-2026-0001")
    with pytest.raises(Conflict, match="settled before"):
        pay("CLM-2026-0001", "S2")
    assert balance(PROGRAMME, "cash", "HKD") == 112_00


@pytest.mark.parametrize(
    ("on", "reference", "said"),
    [
        (date(2026, 4, 30), "S", "is not between"),
        (date(2027, 1, 1), "S", "is not between"),
        (date(2026, 6, 1), " ", "empty"),
    ],
)
def test_what_cannot_be_is_refused(till: Till, on: date, reference: str, said: str) -> None:
    till.bill(APRIL, harbour=10)
    with pytest.raises(Invalid, match=said):
        pay("CLM-2026-0001", reference, on)


def test_page_and_files_are_made_of_one_value(till: Till) -> None:
    till.bill(APRIL, harbour=10, delta=10)
    for found, total in (
        (Settlement.objects.get(kind="claim"), 224_00),
        (Settlement.objects.get(kind="remittance"), 320_00),
    ):
        paper = settlement_paper(found)
        told = json.loads(SETTLEMENT_FORMATS["json"].write(paper))
        assert told == settlement_json(paper)
        assert told["amount"] == total == sum(line.get("gross", line["scheme"]) for line in told["lines"])
        rows = list(csv.DictReader(io.StringIO(settlement_csv(paper).lstrip("\N{ZERO WIDTH NO-BREAK SPACE}"))))
        assert sum(Decimal(row["amount"]) for row in rows) * 100 == total
    assert SETTLEMENT_FORMATS["pdf"].write(paper)[:5] == b"%PDF-"
