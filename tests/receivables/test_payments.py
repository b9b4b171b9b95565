"""Payments: each once, the oldest invoice first or as named, what is over on account, and what did not stand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.receivables.till import APRIL, DELTA, FINANCE, HARBOUR, JUNE, LATER, MAY, PROGRAMME, Till, hkd, matched

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict, Invalid
from lionrock.kernel.money import Money
from lionrock.ledger.check import check_books
from lionrock.ledger.queries import balance
from lionrock.receivables.actions import record_payment, reverse_payment
from lionrock.receivables.domain import Wish
from lionrock.receivables.models import Payment

pytestmark = pytest.mark.django_db

INV1, INV2 = "HK-AISS-DEMO-INV-2026-0001", "HK-AISS-DEMO-INV-2026-0002"


@pytest.fixture
def billed(till: Till) -> Till:
    """Harbour owes 48.00 for April and 96.00 for May."""
    till.bill(APRIL, harbour=10)
    till.bill(MAY, harbour=20)
    return till


def test_a_month_is_open_until_it_is_paid(billed: Till) -> None:
    assert billed.open() == {"INV1": 48_00, "INV2": 96_00}
    assert billed.owed() == {HARBOUR: 144_00}


@pytest.mark.parametrize(
    ("paid", "opens", "credit"),
    [
        ("20.00", {"INV1": 28_00, "INV2": 96_00}, {}),
        ("48.00", {"INV2": 96_00}, {}),
        ("50.00", {"INV2": 94_00}, {}),
        ("144.00", {}, {}),
        ("150.00", {}, {"A": 6_00}),
    ],
)
def test_the_oldest_is_paid_first_and_what_is_over_stays_on_account(
    billed: Till, paid: str, opens: dict[str, int], credit: dict[str, int]
) -> None:
    billed.pay(paid, "A")
    assert (billed.open(), billed.credit()) == (opens, credit)
    assert billed.owed().get(HARBOUR, 0) == sum(opens.values()) - sum(credit.values())
    assert balance(PROGRAMME, "cash", "HKD") == hkd(paid).minor
    assert [fault for check in check_books() for fault in check.faults] == []


@pytest.mark.parametrize(
    ("wishes", "opens"),
    [
        ([Wish(INV2)], {"INV1": 48_00, "INV2": 36_00}),
        ([Wish(INV2, 10_00)], {"INV2": 86_00 - 2_00}),
        ([Wish(INV2, 10_00), Wish(INV1, 5_00)], {"INV2": 84_00}),
    ],
)
def test_what_is_named_is_paid_first(billed: Till, wishes: list[Wish], opens: dict[str, int]) -> None:
    billed.pay("60.00", "A", wishes=wishes)
    assert billed.open() == opens


def test_an_older_payment_on_account_does_not_take_the_place_of_what_is_named(till: Till) -> None:
    till.bill(APRIL, harbour=10)
    till.pay("60.00", "EARLY", on=date(2026, 5, 20))
    till.bill(MAY, harbour=20)
    till.pay("30.00", "NAMED", wishes=[Wish(INV2)])
    assert till.open() == {"INV2": 96_00 - 12_00 - 30_00}
    assert matched() == [("EARLY", "INV1", 48_00), ("EARLY", "INV2", 12_00), ("NAMED", "INV2", 30_00)]


def test_what_is_on_account_pays_the_next_month(till: Till) -> None:
    till.bill(APRIL, harbour=10)
    till.pay("100.00", "A", on=date(2026, 5, 20))
    assert till.credit() == {"A": 52_00}
    till.bill(MAY, harbour=20, delta=1)
    assert (till.open(), till.credit()) == ({"INV2": 4_80, "INV3": 44_00}, {})
    assert till.open(date(2026, 5, 31)) == {}
    assert till.credit(date(2026, 5, 31)) == {"A": 52_00}


def test_a_credit_note_pays_what_is_open_before_any_payment(till: Till) -> None:
    till.bill(APRIL, harbour=50)
    till.books.use(HARBOUR, "2026-04-harbour", 20, revision=1)
    till.bill(MAY, delta=10)
    assert till.open() == {"INV1": 96_00, "INV2": 48_00}
    assert matched() == [("CN1", "INV1", 144_00)]
    till.pay("96.00", "A")
    assert till.open() == {"INV2": 48_00}
    assert till.owed() == {DELTA: 48_00}


def test_a_credit_note_waits_until_there_is_something_to_pay(till: Till) -> None:
    till.bill(APRIL, harbour=50)
    till.pay("240.00", "A", on=date(2026, 5, 20))
    till.books.use(HARBOUR, "2026-04-harbour", 20, revision=1)
    till.bill(MAY)
    assert till.open() == {"CN1": -144_00}
    till.bill(JUNE, harbour=20)
    assert till.open() == {"CN1": -48_00}
    assert till.owed() == {HARBOUR: -48_00}


def test_the_same_payment_again_changes_nothing(billed: Till) -> None:
    first = billed.pay("20.00", "A")
    assert billed.pay("20.00", "A") == first
    assert (Payment.objects.count(), billed.owed()) == (1, {HARBOUR: 124_00})
    assert AuditRecord.objects.filter(action="receivables.record_payment").count() == 1


@pytest.mark.parametrize("other", [{"text": "21.00"}, {"by": DELTA}, {"on": date(2026, 6, 11)}])
def test_a_reference_stands_for_one_payment_alone(billed: Till, other: dict[str, Any]) -> None:
    billed.pay("20.00", "A")
    given = {"text": "20.00", "reference": "A"} | other
    with pytest.raises(Conflict, match=r"A was recorded before as HKD 20\.00 from harbour-university on 2026-06-10"):
        billed.pay(**given)
    assert billed.owed() == {HARBOUR: 124_00}


def test_all_that_is_wrong_is_said_at_once(billed: Till) -> None:
    with pytest.raises(Invalid) as wrong:
        record_payment(
            actor=FINANCE, programme=PROGRAMME, organisation="nobody-known", amount=Money(-1, "USD"), now=LATER,
            paid_on=LATER.date() + timedelta(days=2), reference=" ", wishes=[Wish("INV-9")],
        )  # fmt: skip
    assert [fault.code for fault in wrong.value.faults] == [
        "receivables.payment.currency",
        "receivables.payment.day",
        "kernel.texts.empty",
        "people.organisation.unknown",
        "receivables.payment.document",
    ]
    assert not Payment.objects.exists()


def test_what_a_returned_payment_paid_is_open_again_from_that_day(billed: Till) -> None:
    paid = billed.pay("60.00", "A", on=date(2026, 6, 10))
    reverse_payment(actor=FINANCE, payment=paid.pk, reason="The bank returned it.", now=LATER)
    assert (billed.open(), billed.credit()) == ({"INV1": 48_00, "INV2": 96_00}, {})
    assert billed.open(date(2026, 6, 9)) == {"INV1": 48_00, "INV2": 96_00}
    assert billed.open(date(2026, 11, 30)) == {"INV2": 84_00}
    assert billed.open(LATER.date()) == {"INV1": 48_00, "INV2": 96_00}
    assert (billed.owed(), balance(PROGRAMME, "cash", "HKD")) == ({HARBOUR: 144_00}, 0)
    with pytest.raises(Conflict, match="reversed before"):
        reverse_payment(actor=FINANCE, payment=paid.pk, reason="Again.", now=LATER)


def test_what_stands_on_account_pays_what_a_return_has_opened_and_not_before(billed: Till) -> None:
    returned = billed.pay("144.00", "A", on=date(2026, 6, 10))
    billed.pay("48.00", "B", on=date(2026, 6, 11))
    reverse_payment(actor=FINANCE, payment=returned.pk, reason="The bank returned it.", now=LATER)
    assert (billed.open(), billed.credit()) == ({"INV2": 96_00}, {})
    assert billed.open(date(2026, 7, 1)) == {}
    assert billed.credit(date(2026, 7, 1)) == {"B": 48_00}
