"""Write-offs: who may forgive how much, two pairs of eyes, and never more than is open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.receivables.ledgers import bill
from tests.receivables.till import AUDITOR, CHAIR, FINANCE, HARBOUR, LATER, OFFICE, PROGRAMME, SECOND, Till, hkd

from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from lionrock.kernel.periods import Month
from lionrock.ledger.check import check_books
from lionrock.ledger.queries import balance
from lionrock.people.domain import Actor
from lionrock.receivables.actions import agree_to_write_off, refuse_write_off, write_off
from lionrock.receivables.domain import Authority, Limits
from lionrock.receivables.models import WriteOff

INVOICE = "2026-04-0"
LIMITS = Limits(alone=500_00, finance=50_000_00, chair=1_000_000_00)


@pytest.mark.parametrize(
    ("limits", "amount", "needed"),
    [
        (LIMITS, 500_00, Authority.ALONE),
        (LIMITS, 500_01, Authority.FINANCE),
        (LIMITS, 50_000_00, Authority.FINANCE),
        (LIMITS, 50_000_01, Authority.CHAIR),
        (LIMITS, 1_000_000_00, Authority.CHAIR),
        (LIMITS, 1_000_000_01, Authority.NOBODY),
        (Limits(), 1, Authority.UNSET),
        (Limits(alone=5), 6, Authority.UNSET),
        (Limits(chair=5), 5, Authority.CHAIR),
        (Limits(alone=0, finance=0, chair=0), 1, Authority.NOBODY),
    ],
)
def test_what_it_takes_follows_from_the_amount(limits: Limits, amount: int, needed: Authority) -> None:
    assert limits.needed(amount) is needed


@pytest.fixture
def billed(till: Till) -> Till:
    """Harbour owes two million for April."""
    bill(Month(2026, 4), **{HARBOUR: 2_000_000_00})
    return till


def ask(text: str, *, by: Actor = FINANCE) -> WriteOff:
    return write_off(actor=by, document=INVOICE, amount=hkd(text), reason="In liquidation", now=LATER)


@pytest.mark.django_db
def test_a_small_amount_is_booked_at_once(billed: Till) -> None:
    ask("500.00")
    assert billed.open() == {INVOICE: 2_000_000_00 - 500_00}
    assert billed.open(date(2026, 11, 30)) == {INVOICE: 2_000_000_00}
    assert balance(PROGRAMME, f"written-off/{HARBOUR}", "HKD") == 500_00
    assert billed.owed() == {HARBOUR: 2_000_000_00 - 500_00}
    assert [fault for check in check_books() for fault in check.faults] == []


@pytest.mark.django_db
def test_limits_are_not_passed_in_slices(billed: Till) -> None:
    ask("500.00")
    assert ask("0.01").authority == "finance"
    assert ask("49499.99").authority == "finance"
    assert ask("0.01").authority == "chair"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "who", "error"),
    [
        ("600.00", SECOND, None),
        ("600.00", CHAIR, None),
        ("600.00", FINANCE, Refused),
        ("600.00", OFFICE, NotAllowed),
        ("600.00", AUDITOR, NotAllowed),
        ("60000.00", CHAIR, None),
        ("60000.00", SECOND, NotAllowed),
        ("60000.00", FINANCE, NotAllowed),
    ],
)
def test_another_person_with_the_authority_agrees(billed: Till, amount: str, who: Actor, error: Any) -> None:
    asked = ask(amount)
    assert billed.open() == {INVOICE: 2_000_000_00}
    if error:
        with pytest.raises(error):
            agree_to_write_off(actor=who, number=asked.pk, now=LATER)
        assert billed.owed() == {HARBOUR: 2_000_000_00}
        return
    agree_to_write_off(actor=who, number=asked.pk, now=LATER)
    assert billed.owed() == {HARBOUR: 2_000_000_00 - hkd(amount).minor}
    with pytest.raises(Conflict, match="answered before"):
        agree_to_write_off(actor=who, number=asked.pk, now=LATER)


@pytest.mark.django_db
def test_nobody_writes_off_more_than_the_programme_allows(billed: Till) -> None:
    with pytest.raises(Refused, match="more than anybody may write off"):
        ask("1000000.01")


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["0.00", "-1.00", "2000000.01"])
def test_no_more_is_written_off_than_is_open(billed: Till, amount: str) -> None:
    with pytest.raises(Invalid, match="is open and not asked for already"):
        ask(amount)


@pytest.mark.django_db
def test_what_is_paid_meanwhile_is_not_written_off(billed: Till) -> None:
    asked = ask("600.00")
    billed.pay("1999500.00", "A")
    with pytest.raises(Conflict, match=r"Only HKD 500\.00"):
        agree_to_write_off(actor=SECOND, number=asked.pk, now=LATER)
    assert billed.owed() == {HARBOUR: 500_00}
    refuse_write_off(actor=SECOND, number=asked.pk, reason="They have paid.", now=LATER)
    assert billed.open() == {INVOICE: 500_00}
