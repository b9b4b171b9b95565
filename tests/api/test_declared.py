"""Operations made of actions: what is sent becomes the action's arguments, and what is shown is the thing as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError
from tests.api.asking import Program, problem, token_for
from tests.config.rows import HARBOUR, OWN, Scene
from tests.config.scene import address_of

from lionrock.api.declared.answers import facts
from lionrock.api.declared.given import form_of
from lionrock.api.declared.things import make
from lionrock.api.operations import OPERATIONS
from lionrock.awards.actions import end_award
from lionrock.awards.domain import Decision
from lionrock.kernel.errors import Invalid
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor


@dataclass(frozen=True)
class Part:
    """A value made of fields."""

    amount: Money
    note: str = ""


def act(
    *, actor: Actor, award: str, decision: Decision, cap: Money | None, share: Fraction, month: Month, on: date,
    now: datetime, at: datetime | None = None, parts: Sequence[Part] = (), typed: str | tuple[str, ...] = "",
    progress: Callable[[int], None] = print,
) -> None:  # fmt: skip
    """Do something."""


SENT = {"decision": "approve", "cap": "12.50", "share": "0.70", "month": "2026-03", "on": "2026-03-04"}


def _arguments(sent: dict[str, Any]) -> dict[str, Any]:
    form = form_of(act, ["award"])
    return form.arguments(form.model.model_validate(sent), lambda: "HKD")


def test_what_is_sent_becomes_what_the_domain_has() -> None:
    found = _arguments({**SENT, "at": "2026-03-04T09:00:00+08:00", "typed": ["a"]})
    assert found == {
        "decision": Decision.APPROVE,
        "cap": Money(12_50, "HKD"),
        "share": Fraction(7, 10),
        "month": Month(2026, 3),
        "on": date(2026, 3, 4),
        "at": datetime(2026, 3, 4, 1, tzinfo=UTC),
        "typed": ["a"],
    }


def test_what_is_not_sent_is_left_to_the_action_and_who_and_when_are_nobody_s_to_send() -> None:
    form = form_of(act, ["award"])
    assert set(form.model.model_fields) == {"decision", "cap", "share", "month", "on", "at", "parts", "typed"}
    assert "parts" not in _arguments(SENT)
    assert _arguments({**SENT, "cap": None})["cap"] is None
    with pytest.raises(ValidationError):
        form.model.model_validate({**SENT, "actor": "somebody"})


def test_an_amount_within_another_value_names_its_currency() -> None:
    parts = [{"amount": {"amount": "3.00", "currency": "USD"}, "note": "x"}]
    assert _arguments({**SENT, "parts": parts})["parts"] == (Part(Money(3_00, "USD"), "x"),)


@pytest.mark.parametrize(
    ("field", "value"),
    [("cap", "12.505"), ("cap", "many"), ("share", "1.5"), ("month", "2026-13"), ("parts", [{"amount": {}}])],
)
def test_what_the_domain_cannot_read_is_refused(field: str, value: object) -> None:
    with pytest.raises((Invalid, ValidationError)) as wrong:
        _arguments({**SENT, field: value})
    if isinstance(wrong.value, Invalid):
        assert wrong.value.faults[0].value == value


@pytest.mark.parametrize("value", ["1772600000", 1772600000, "2026-03-04T09:00:00", "0001-01-01T00:00:00Z"])
def test_an_instant_has_one_spelling_and_a_zone(value: object) -> None:
    with pytest.raises(ValidationError):
        _arguments({**SENT, "at": value})


def test_an_operation_has_a_name_of_its_own() -> None:
    with pytest.raises(TypeError):
        make(end_award, "awards/{award}/over", OPERATIONS["end_award"].scope, facts("Over", code=str))


@pytest.fixture
def finance(scene: Scene) -> Program:
    """A program of who looks after the money."""
    return Program(token_for(address_of("finance")))


PAYMENT = {"programme": OWN, "organisation": HARBOUR, "amount": "1.00", "paid_on": "2026-04-10", "reference": "B-1"}


@pytest.mark.django_db
def test_a_payment_is_recorded_read_listed_and_reversed(finance: Program) -> None:
    made = finance.ask("POST", "payments", PAYMENT)
    shown = json.loads(made.content)
    assert (made.status_code, shown["amount"], shown["currency"], shown["reversed_on"]) == (201, 100, "HKD", None)
    assert finance.get(f"payments/{shown['number']}") == shown
    reversed_ = finance.ask("POST", f"payments/{shown['number']}/reverse", {"reason": "The bank returned it."})
    assert json.loads(reversed_.content)["reversal_reason"] == "The bank returned it."
    wrong = finance.ask("POST", "payments", {**PAYMENT, "amount": "1.005", "reference": "B-2"})
    assert problem(wrong) == (422, "kernel.money.places")


@pytest.mark.django_db
def test_a_change_of_what_somebody_else_changed_is_refused_where_one_says_what_one_read(finance: Program) -> None:
    number = json.loads(finance.ask("POST", "payments", PAYMENT).content)["number"]
    path = f"payments/{number}/reverse"
    assert problem(finance.ask("POST", path, {"reason": "x"}, If_Match='"other"')) == (412, "api.change.outdated")
    read = finance.ask("GET", f"payments/{number}")
    assert finance.ask("POST", path, {"reason": "x"}, If_Match=read["ETag"]).status_code == 200


@pytest.mark.django_db
def test_a_list_is_handed_out_an_object_a_line_and_says_where_it_goes_on(finance: Program) -> None:
    for number in range(3):
        finance.ask("POST", "payments", {**PAYMENT, "reference": f"L-{number}"})
    answer = finance.ask("GET", f"payments?limit=2&programme={OWN}", Accept="application/x-ndjson")
    lines = [json.loads(line) for line in answer.content.splitlines()]
    assert (answer["Content-Type"], [row["reference"] for row in lines]) == ("application/x-ndjson", ["L-2", "L-1"])
    address, _, relation = answer["Link"].partition("; ")
    assert relation == 'rel="next"'
    rest = finance.ask("GET", address[1:-1].removeprefix("/api/v1/"), Accept="application/x-ndjson")
    assert ([json.loads(line)["reference"] for line in rest.content.splitlines()], rest.headers.get("Link")) == (
        ["L-0"],
        None,
    )
    assert finance.ask("GET", "payments", Accept="*/*")["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_a_bank_file_is_sent_as_it_is(finance: Program) -> None:
    path = f"programmes/{OWN}/bank-files?name=april.csv"
    rows = b"date,amount,currency,reference,payer\n2026-04-01,1.00,HKD,F1,nobody-known\n"
    taken = finance.ask("POST", path, rows, Content_Type="text/csv")
    assert (taken.status_code, json.loads(taken.content)["tally"]["held"]) == (201, 1)
    [held] = finance.get(f"programmes/{OWN}/held-payments")["items"]
    dropped = finance.ask("POST", f"held-payments/{held['number']}/drop", {"reason": "No payment."})
    assert dropped.status_code == 200, dropped.content


@pytest.mark.django_db
def test_the_books_are_read_by_whoever_may(finance: Program, scene: Scene) -> None:
    trial = finance.get(f"programmes/{OWN}/trial-balance")
    units = {row["unit"] for row in trial["rows"]}
    assert all(sum(row["closing"] for row in trial["rows"] if row["unit"] == unit) == 0 for unit in units)
    assert finance.ask("GET", f"programmes/{OWN}/books/beancount").content.startswith(b"option")
    member = Program(token_for(address_of("member")))
    assert problem(member.ask("GET", f"programmes/{OWN}/trial-balance"))[0] == 404
