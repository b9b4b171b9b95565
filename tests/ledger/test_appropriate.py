"""Putting money into the fund: who may, what is refused, what is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.ledger.books import NOW, PROGRAMME, commit, hkd

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.kernel.money import Money
from lionrock.ledger.actions import appropriate
from lionrock.ledger.domain import FREE
from lionrock.ledger.models import Journal
from lionrock.ledger.queries import balance
from lionrock.people.domain import Actor, Grant, Role, terminal_operator

OPERATOR = terminal_operator("tester")
TREASURER = Actor("treasurer@example.org", frozenset({Grant(Role.FINANCE, programme=PROGRAMME)}))

pytestmark = pytest.mark.django_db


def _appropriate(actor: Actor = TREASURER, **change: object) -> Journal:
    facts: dict[str, object] = {
        "programme": PROGRAMME,
        "amount": hkd(3_000_000_000_00),
        "reason": "Vote of the year",
        "cause": "vote-2024-25",
        "now": NOW,
    }
    return appropriate(actor=actor, **(facts | change))  # type: ignore[arg-type]


def test_finance_puts_money_into_the_fund_and_it_is_on_record() -> None:
    journal = _appropriate()
    assert balance(PROGRAMME, FREE, "HKD") == 3_000_000_000_00
    assert (journal.cause, journal.memo) == ("ledger.appropriate:vote-2024-25", "Appropriation: Vote of the year")
    record = AuditRecord.objects.get()
    assert (record.action, record.subject, record.actor, record.at) == (
        "ledger.appropriate",
        PROGRAMME,
        TREASURER.email,
        NOW,
    )
    assert record.details == {
        "amount": "HKD 3,000,000,000.00",
        "reason": "Vote of the year",
        "cause": "vote-2024-25",
        "journal": journal.pk,
    }


def test_the_same_decision_booked_again_changes_nothing() -> None:
    first = _appropriate()
    assert _appropriate(now=NOW + timedelta(days=1)) == first
    assert (Journal.objects.count(), AuditRecord.objects.count()) == (1, 1)


def test_another_amount_for_the_same_decision_is_a_conflict() -> None:
    _appropriate()
    with pytest.raises(Conflict, match="was booked before with other content"):
        _appropriate(amount=hkd(1))
    assert AuditRecord.objects.count() == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.FINANCE}))
def test_no_other_role_may(role: Role) -> None:
    place = {"organisation": "harbour-university"} if role is Role.MEMBER else {"programme": PROGRAMME}
    with pytest.raises(NotAllowed):
        _appropriate(Actor("a@example.org", frozenset({Grant(role, **place)})))
    assert not Journal.objects.exists()


def test_finance_of_another_programme_may_not() -> None:
    with pytest.raises(NotAllowed):
        _appropriate(Actor("a@example.org", frozenset({Grant(Role.FINANCE, programme="elsewhere")})))


def test_a_programme_that_does_not_exist_has_no_fund() -> None:
    with pytest.raises(NotFound):
        _appropriate(OPERATOR, programme="elsewhere")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"amount": hkd(0)}, ["amount"]),
        ({"amount": hkd(10**17 + 1)}, ["amount"]),
        ({"amount": Money(5, "USD")}, ["amount"]),
        ({"reason": " "}, ["reason"]),
        ({"cause": ""}, ["cause"]),
        ({"amount": Money(0, "USD"), "reason": "", "cause": ""}, ["amount", "amount", "reason", "cause"]),
    ],
)
def test_every_fault_is_named_at_once(change: dict[str, object], fields: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        _appropriate(**change)
    assert [fault.field for fault in caught.value.faults] == fields
    assert not Journal.objects.exists()


def test_what_is_free_can_be_taken_out_and_what_is_committed_cannot() -> None:
    _appropriate(amount=hkd(100_00))
    commit("AW-2026-0001", 60_00)
    with pytest.raises(Refused, match=r"holds HKD 40\.00 free, and HKD 40\.01 was asked"):
        _appropriate(amount=hkd(-40_01), cause="cut")
    _appropriate(amount=hkd(-40_00), cause="cut")
    assert balance(PROGRAMME, FREE, "HKD") == 0
