"""FOCUS: what is billed and what the scheme pays add up, whatever a line looks like, and a linter accepts the file."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.calls.world import NOW
from tests.statements.books import CHAN, HARBOUR, PROGRAMME, Books

from lionrock.kernel.errors import NotFound
from lionrock.kernel.money import Price, settle
from lionrock.kernel.periods import Interval
from lionrock.statements.commands import statement
from lionrock.statements.focus.cost_and_usage import COLUMNS, Biller, Charge, parts_of, rows_of
from lionrock.statements.focus.reading import (
    contract_commitment_rows,
    cost_and_usage_rows,
    invoice_detail_rows,
    write_focus,
)
from lionrock.statements.models import Document
from lionrock.statements.queries import documents

MARCH = Interval(datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))
BILLER = Biller("aiss", "The scheme", "u1", "University One")
SHARES = {"A1": Fraction(7, 10), "A2": Fraction(9, 10)}


def charge(**changed: object) -> Charge:
    """Return 100 device-hours at 4.00, of which one award pays 70 per cent."""
    plain: dict[str, object] = {
        "biller": BILLER, "invoice": "INV-1", "position": 1, "currency": "HKD", "kind": "usage",
        "billed": MARCH, "used": MARCH,
        "site": "here", "site_name": "Here", "item": "gpu", "item_name": "GPU", "seconds": Fraction(360_000),
        "price": Price.parse("4.00", "HKD"), "price_unit": "hour", "unit": "Device-Hours", "price_from": "2026-01-01",
        "gross": 40_000, "subsidy": 28_000, "user": 12_000, "shares": SHARES, "paid": {"A1": 28_000},
    }  # fmt: skip
    return Charge(**(plain | changed))  # type: ignore[arg-type]


def columns(row: dict[str, str], *names: str) -> tuple[str, ...]:
    return tuple(row[name] for name in names)


def test_a_line_that_one_award_pays_its_share_of_is_one_row() -> None:
    (row,) = rows_of(charge())
    assert tuple(row) == COLUMNS
    assert columns(row, "ListCost", "ContractedCost", "BilledCost", "EffectiveCost", "x_SubsidyCost") == (
        "400", "400", "120.00", "120.00", "280.00",
    )  # fmt: skip
    assert columns(row, "BillingPeriodStart", "ChargeCategory", "ChargeFrequency") == (
        "2026-02-28T16:00:00Z", "Usage", "Usage-Based",
    )  # fmt: skip
    assert columns(row, "SkuPriceId", "SubAccountId", "PricingUnit") == ("gpu@2026-01-01", "A1", "Device-Hours")
    assert columns(row, "PricingQuantity", "ConsumedQuantity") == ("100", "100")


def test_an_award_that_runs_out_inside_a_line_makes_two_rows() -> None:
    paid, rest = rows_of(charge(subsidy=7_000, user=33_000, paid={"A1": 7_000}))
    assert columns(paid, "x_SubsidyCost", "BilledCost", "ListCost", "x_AwardId") == ("70.00", "30.00", "100", "A1")
    assert columns(rest, "x_SubsidyCost", "BilledCost", "ListCost", "x_AwardId") == ("0.00", "300.00", "300", "")


def test_a_lease_is_bought_each_month_and_nothing_of_it_is_consumed() -> None:
    (row,) = rows_of(charge(price_unit="calendar_month", unit="Node-Months", seconds=Fraction(2 * MARCH.seconds)))
    assert columns(row, "ChargeCategory", "ChargeFrequency", "PricingQuantity", "ConsumedQuantity") == (
        "Purchase", "Recurring", "2", "",
    )  # fmt: skip


@pytest.mark.parametrize(("user", "category"), [(-500, "Credit"), (500, "Adjustment")])
def test_the_four_costs_of_what_has_no_price_are_one(user: int, category: str) -> None:
    (row,) = rows_of(charge(kind="adjustment", price=None, price_unit="", gross=user, subsidy=0, user=user, paid={}))
    costs = {row[name] for name in ("ListCost", "ContractedCost", "EffectiveCost", "BilledCost")}
    assert (row["ChargeCategory"], costs, row["ListUnitPrice"]) == (category, {f"{user / 100:.2f}"}, "")


@given(
    gross=st.integers(-(10**9), 10**9),
    cut=st.integers(0, 100),
    second=st.integers(0, 100),
    seconds=st.fractions(1, 10**8, max_denominator=97),
)
def test_parts_add_up_and_each_product_holds(gross: int, cut: int, second: int, seconds: Fraction) -> None:
    first = settle(gross * SHARES["A1"] * Fraction(cut, 100))
    left = gross - settle(first / SHARES["A1"])
    more = settle(left * SHARES["A2"] * Fraction(second, 100))
    one = charge(
        gross=gross, subsidy=first + more, user=gross - first - more, paid={"A1": first, "A2": more}, seconds=seconds
    )
    parts = parts_of(one)
    assert [sum(part.gross for part in parts), sum(part.subsidy for part in parts)] == [gross, first + more]
    assert sum(part.user for part in parts) == one.user
    for row in rows_of(one):
        assert Decimal(row["ListCost"]) == Decimal(row["ListUnitPrice"]) * Decimal(row["PricingQuantity"])


@pytest.mark.django_db
def test_a_year_with_a_correction_adds_up_by_document_and_a_linter_accepts_it(books: Books, tmp_path: Path) -> None:
    books.invoice_and_credit_note()
    rows = list(cost_and_usage_rows(Document.objects.all(), NOW))
    for document in Document.objects.all():
        own = [row for row in rows if row["InvoiceId"] == document.number]
        assert sum(Decimal(row["BilledCost"]) for row in own) * 100 == document.user
        assert sum(Decimal(row["x_SubsidyCost"]) for row in own) * 100 == document.subsidy
    (correction,) = [row for row in rows if row["ChargeClass"]]
    assert columns(correction, "ChargeClass", "x_CorrectsMonth", "BilledCost", "PricingQuantity") == (
        "Correction", "2026-04", "-144.00", "-30",
    )  # fmt: skip
    assert correction["ChargePeriodStart"] < correction["BillingPeriodStart"]
    file = tmp_path / "focus.csv"
    with file.open("w", encoding="utf-8") as text:
        assert write_focus("cost-and-usage", Document.objects.all(), text, NOW) == len(rows)
    program = Path(sys.executable).with_name("focus-toolkit")
    asked = [str(program), "validate", "--dataset", "cost-and-usage", str(file)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    file.write_text(file.read_text().replace("2026-04-30T16:00:00Z", "2026-05-01"), encoding="utf-8")
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 1


@pytest.mark.django_db
def test_a_correction_refers_to_the_document_that_it_corrects_and_says_until_when_to_pay(books: Books) -> None:
    invoice, note = books.invoice_and_credit_note()
    rows = {row["InvoiceDetailId"]: row for row in invoice_detail_rows(Document.objects.all(), NOW)}
    first, second = rows[f"{invoice.number}/1"], rows[f"{note.number}/1"]
    assert columns(first, "InvoiceDetailId", "ReferenceInvoiceId", "BilledCost", "PaymentTerms") == (
        f"{invoice.number}/1", invoice.number, "240.00", "Net 30",
    )  # fmt: skip
    assert columns(second, "InvoiceId", "ReferenceInvoiceId", "BilledCost") == (note.number, invoice.number, "-144.00")
    assert first["PaymentDueDate"] > first["InvoiceIssueDate"]
    commitments = {row["ContractId"]: row for row in contract_commitment_rows(Document.objects.all(), NOW)}
    commitment = commitments["AW-2026-0001"]
    assert columns(commitment, "ContractCommitmentDiscountPercentage", "ContractCommitmentCost") == ("0.7", "1120.00")


@pytest.mark.django_db
def test_one_sees_only_what_one_may_see(books: Books) -> None:
    books.invoice_and_credit_note()
    assert {row["BillingAccountId"] for row in cost_and_usage_rows(documents(CHAN), NOW)} == {HARBOUR}
    out = CliRunner().invoke(
        statement, ["focus", "--programme", PROGRAMME, "--from", "2026-05", "--to", "2026-05"], obj={}
    )
    assert out.exit_code == 0, out.output
    found = list(csv.DictReader(io.StringIO(out.stdout)))
    assert {row["BillingPeriodStart"] for row in found} == {"2026-04-30T16:00:00Z"}


@pytest.mark.django_db
def test_a_programme_that_is_not_there_is_named(books: Books) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        CliRunner().invoke(statement, ["focus", "--programme", "nowhere"], obj={}, catch_exceptions=False)
