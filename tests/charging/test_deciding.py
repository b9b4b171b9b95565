"""Adjustments and shared fees: decided once, charged by the next close, earned and settled in the ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import DatabaseError, transaction
from tests.calls.world import OPERATOR, holder, member
from tests.charging.books import FINANCE, MADE, PROGRAMME, Books, shown, used

from lionrock.audit.models import AuditRecord
from lionrock.charging.actions import adjust, share_fee
from lionrock.charging.commands.charge import charge
from lionrock.charging.models import DecidedAdjustment, DecidedFee, MonthClose
from lionrock.charging.queries import adjustments, fees, preview
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.models import Journal
from lionrock.people.domain import Role
from lionrock.sites.models import Site
from lionrock.statements.models import Document
from lionrock.terminal.errors import Group

MARCH, APRIL = Month(2026, 3), Month(2026, 4)
A, B = "2026-03-10T00:00:00", "2026-03-10T01:00:00"


def _hkd(minor: int) -> Money:
    return Money(minor, "HKD")


def _adjust(minor: int = -500, **facts: Any) -> DecidedAdjustment:
    given: dict[str, Any] = {
        "actor": FINANCE, "programme": PROGRAMME, "account": "u1", "amount": _hkd(minor), "month": MARCH,
        "reason": "Outage", "cause": "note 1", "now": MADE,
    }  # fmt: skip
    return adjust(**(given | facts))


def _share(minor: int = 5, **facts: Any) -> DecidedFee:
    given: dict[str, Any] = {
        "actor": FINANCE, "programme": PROGRAMME, "amount": _hkd(minor), "weights": {"u1": 1, "u2": 1}, "month": MARCH,
        "reason": "Network", "cause": "fee 1", "now": MADE,
    }  # fmt: skip
    return share_fee(**(given | facts))


@pytest.fixture
def two(books: Books) -> Books:
    """Two accounts with an award each, and use of the first in March."""
    books.put_award("A2", "u2", cap=10_000)
    books.take(used("1", A, B))
    return books


def test_the_next_close_charges_what_was_decided(two: Books) -> None:
    _adjust()
    _share()
    seen = preview(FINANCE, PROGRAMME, MARCH)
    march = two.close("2026-03")
    lines = [
        ("usage", "u1", "north", 1000, 700, ""),
        ("adjustment", "u1", PROGRAMME, -500, -350, "Outage"),
        ("fee", "u1", PROGRAMME, 3, 0, "Network"),
        ("fee", "u2", PROGRAMME, 2, 0, "Network"),
    ]
    assert shown(march, "kind", "account", "site", "gross", "subsidy", "reason") == lines
    assert [line.gross for line in seen.lines] == [row[3] for row in lines]
    assert two.balances("revenue") == {"north": -1000, PROGRAMME: 495}
    assert two.balances("receivable") == {"scheme/A1": 350, "user/u1": 153, "user/u2": 2}
    assert {one.charged_in for one in (DecidedAdjustment.objects.get(), DecidedFee.objects.get())} == {march}
    assert two.close("2026-04").lines.count() == 0, "charged once"
    assert Document.objects.get(month=MARCH.first_day, organisation__code="u2").user == 2
    kept = AuditRecord.objects.filter(action__in=["charging.adjust", "charging.share_fee"]).order_by("id")
    assert list(kept.values_list("subject", "organisation")) == [("note 1", "u1"), ("fee 1", "")]


def test_what_concerns_a_closed_month_corrects_it_and_what_lies_ahead_waits(two: Books) -> None:
    two.close("2026-03")
    _adjust(1000, account="u2", award="A2")
    _adjust(700, cause="note 2", month=Month(2026, 5))
    april = two.close("2026-04")
    assert shown(april, "kind", "corrects", "gross", "subsidy_by_award") == [
        ("adjustment", MARCH.first_day, 1000, {"A2": 700})
    ]
    assert shown(two.close("2026-05"), "gross", "corrects") == [(700, None)]


def test_a_fee_between_sites_moves_what_they_have_earned_and_is_charged_to_nobody(two: Books) -> None:
    for code in ("north", "south", "west"):
        Site.objects.create(
            code=code, name=code, time_zone="Asia/Hong_Kong", programme=PROGRAMME, driver="local", created_at=MADE
        )
    _share(100, weights={"north": 1, "south": 2, "west": 0}, site="south")
    march = two.close("2026-03")
    assert shown(march, "kind", "gross") == [("usage", 1000)]
    assert two.balances("revenue") == {"north": -1000 + 33, "south": -33}
    assert Journal.objects.get(cause="charging.close_month:2026-03:fee:fee 1").memo == "Between sites: Network"
    _share(100, weights={"south": 1}, site="south", cause="fee 2", month=APRIL)
    before = Journal.objects.count()
    two.close("2026-04")
    assert Journal.objects.count() == before, "who owes himself moves nothing"


def test_a_decision_is_made_once(two: Books) -> None:
    assert _adjust() == _adjust(now=MADE.replace(year=2027))
    assert _share() == _share(weights={"u2": 1, "u1": 1})
    assert AuditRecord.objects.filter(action="charging.adjust").count() == 1
    for other in ({"minor": 1}, {"reason": "Another"}, {"month": APRIL}, {"award": "A1"}):
        with pytest.raises(Conflict, match="decided before"):
            _adjust(**other)
    with pytest.raises(Conflict):
        _share(weights={"u1": 1, "u2": 2})


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"amount": _hkd(0)}, ["amount"]),
        ({"amount": Money(5, "JPY")}, ["amount"]),
        ({"amount": _hkd(10**17 + 1), "reason": " "}, ["amount", "reason"]),
        ({"reason": "x" * 301, "cause": "two\nlines", "site": "moon"}, ["reason", "cause", "site"]),
        ({"account": "u9"}, ["account"]),
        ({"award": "A2"}, ["award"]),
        ({"account": "u9", "award": "A9", "cause": ""}, ["cause", "account", "award"]),
    ],
)
def test_every_fault_of_an_adjustment_is_told(two: Books, facts: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Invalid) as raised:
        _adjust(**facts)
    assert [fault.field for fault in raised.value.faults] == fields
    assert not DecidedAdjustment.objects.exists()


@pytest.mark.parametrize(
    ("weights", "values"),
    [({}, [""]), ({"u1": 0}, [""]), ({"u1": 3, "u2": -1}, ["u2=-1"]), ({"u1": 1, "moon": 1}, ["moon", "u1"])],
)
def test_every_fault_of_a_fee_is_told(two: Books, weights: dict[str, int], values: list[str]) -> None:
    with pytest.raises(Invalid) as raised:
        _share(weights=weights)
    assert [fault.value for fault in raised.value.faults] == values


def test_who_may_decide_and_see(two: Books) -> None:
    for who in (member("u1"), holder(Role.AUDITOR, PROGRAMME), holder(Role.FINANCE, "other")):
        for act in (_adjust, _share):
            with pytest.raises(NotAllowed):
                act(actor=who)
    _adjust(actor=OPERATOR)
    _share()
    for viewer, sees in ((FINANCE, 1), (OPERATOR, 1), (holder(Role.FINANCE, "other"), 0), (member("u1"), 0)):
        assert (adjustments(viewer).count(), fees(viewer).count()) == (sees, sees)


def test_the_database_keeps_a_decision_as_it_was_made(two: Books) -> None:
    _adjust()
    march, april = two.close("2026-03"), two.close("2026-04")
    rows = DecidedAdjustment.objects.all()
    for change in (
        lambda: rows.update(amount=1),
        lambda: rows.update(charged_in=april),
        lambda: rows.update(charged_in=None),
        rows.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert rows.get().charged_in == march


def _run(*words: str) -> Result:
    group = Group("cli", commands={"charge": charge})
    return CliRunner().invoke(group, ["charge", *words])


def test_by_the_command(two: Books) -> None:
    of = ("--programme", PROGRAMME, "--month", "2026-03", "--at", "2026-03-20T09:00+08:00")
    made = _run(
        "adjust", *of, "--account", "u1", "--amount", "-5.00", "--reason", "Outage", "--cause", "note 1", "--json"
    )
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)[0]["charged in"] is None
    share = ("share-fee", *of, "--amount", "0.05", "--reason", "Network", "--cause", "fee 1")
    assert _run(*share, "--weight", "u1=1", "--weight", "u2=1").exit_code == 0
    for wrong in ("u1", "u1=", "=1", "u1=1.5", "u1=-1"):
        assert _run(*share, "--weight", wrong).exit_code == 2, wrong
    two.close("2026-03")
    told = json.loads(_run("decided", "--json").stdout)
    assert [(one["kind"], one["who"], one["amount"], one["charged in"]) for one in told] == [
        ("adjustment", "u1", -500, "2026-03"),
        ("fee", "u1=1, u2=1", 5, "2026-03"),
    ]
    assert "HKD -5.00" in _run("decided").stdout
    assert MonthClose.objects.count() == 1
