"""`check_books` finds what nobody should have been able to do."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.books import CLERK, NOW, PROGRAMME, account, commit, fund, guards_off, hkd, settle_constraints, sql

from lionrock.kernel.errors import Refused
from lionrock.ledger.actions import post
from lionrock.ledger.check import check_books
from lionrock.ledger.domain import (
    FREE,
    AccrualLine,
    JournalDraft,
    accrual,
    appropriation,
    commitment,
    committed,
    quota_grant,
    quota_use,
    release,
)
from lionrock.ledger.domain.accounts import floor_of
from lionrock.ledger.models import AccountBalance

AWARD = "AW-2026-0001"

pytestmark = pytest.mark.django_db


def _faults() -> dict[str, list[str]]:
    return {result.code: [str(fault) for fault in result.faults] for result in check_books() if result.faults}


@pytest.fixture
def books() -> None:
    fund(1_000_00)
    commit(AWARD, 600_00)
    lines = [AccrualLine("harbour-university", "cyberport", hkd(70_00), hkd(30_00), AWARD)]
    booked = accrual(PROGRAMME, lines, at=NOW, cause="march", memo="March")
    assert booked is not None
    post(booked, actor=CLERK)
    post(quota_grant(PROGRAMME, AWARD, "h800-node", 3_600, at=NOW, cause="grant"), actor=CLERK)


def test_empty_books_are_sound() -> None:
    assert not _faults()


@pytest.mark.usefixtures("books")
def test_sound_books_pass_and_everything_was_examined() -> None:
    assert not _faults()
    examined = {result.code.rsplit(".", 1)[1]: result.examined for result in check_books()}
    assert examined == {
        "guards": 11,
        "orphans": 11 + 9,
        "journals": 4,
        "units": 11,
        "balances": 9,
        "floors": 2,
        "identities": 3,
    }


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("corruption", "found"),
    [
        (
            "update ledger_posting set amount = amount + 1 where account_id = {free} and amount = 100000",
            {
                "ledger.check.journals": "has 2 postings that sum to 1.",
                "ledger.check.balances": "is kept as 40000 (floor 0), and its postings sum to 40001",
                "ledger.check.identities": "The book “budget” of hk-aiss is out by 1 (HKD).",
            },
        ),
        (
            "delete from ledger_posting where account_id = {free} and amount < 0",
            {
                "ledger.check.journals": "(awards.AW-2026-0001) has 1 postings that sum to 60000.",
                "ledger.check.balances": "is kept as 40000 (floor 0), and its postings sum to 100000",
                "ledger.check.identities": "is out by 60000",
            },
        ),
        (
            "update ledger_accountbalance set balance = balance - 1 where account_id = {free}",
            {"ledger.check.balances": "budget/free of hk-aiss is kept as 39999 (floor 0), and its"},
        ),
        (
            "update ledger_accountbalance set floor = null where account_id = {free}",
            {"ledger.check.balances": "is kept as 40000 (floor None), and its postings sum to 40000 (floor 0; HKD)."},
        ),
        (
            "delete from ledger_accountbalance where account_id = {free}",
            {"ledger.check.orphans": "has no balance (budget/free)."},
        ),
        (
            "update ledger_journal set unit = 'USD' where cause = 'vote'",
            {"ledger.check.units": "(hk-aiss, USD) stands on budget/free of hk-aiss in HKD."},
        ),
        (
            "update ledger_posting set account_id = {committed} where account_id = {spent}",
            {
                "ledger.check.balances": "budget/committed/AW-2026-0001 of hk-aiss is kept as 53000",
            },
        ),
        (
            "update ledger_posting set account_id = {revenue} where account_id = {spent}",
            {
                "ledger.check.balances": "budget/spent/AW-2026-0001 of hk-aiss is kept as 7000",
                "ledger.check.identities": "The book “budget” of hk-aiss is out by -7000 (HKD).",
            },
        ),
        (
            "update ledger_posting set amount = amount * 10 where abs(amount) = 60000",
            {
                "ledger.check.floors": "budget/free of hk-aiss stands at -500000 and may not fall below 0 (HKD).",
                "ledger.check.balances": "is kept as 40000 (floor 0), and its postings sum to -500000",
            },
        ),
        (
            (
                "insert into ledger_journal (programme, cause, unit, memo, at, actor, details)"
                " values ('hk-aiss', 'hollow', 'HKD', '', now(), '', '{{}}')"
            ),
            {"ledger.check.journals": "(hollow) has 0 postings that sum to 0."},
        ),
    ],
)
def test_each_corruption_is_found_and_named(corruption: str, found: dict[str, str]) -> None:
    places = {
        "free": account(FREE),
        "committed": account(committed(AWARD)),
        "spent": account(f"budget/spent/{AWARD}"),
        "revenue": account("revenue/cyberport"),
    }
    with guards_off():
        sql(corruption.format(**places))
    faults = _faults()
    assert set(faults) == set(found)
    for code, says in found.items():
        assert any(says in sentence for sentence in faults[code]), faults[code]


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "alter table ledger_posting disable trigger ledger_append_only",
            "The guard ledger_append_only on ledger_posting is missing or switched off.",
        ),
        (
            "drop trigger ledger_sum_zero on ledger_journal",
            "The guard ledger_sum_zero on ledger_journal is missing or switched off.",
        ),
    ],
)
def test_a_guard_that_is_off_is_named(change: str, named: str) -> None:
    settle_constraints()
    sql(change)
    faults = _faults()
    assert set(faults) == {"ledger.check.guards"}
    assert faults["ledger.check.guards"][0].startswith(named)


def test_postings_that_lost_their_journal_are_named() -> None:
    journal = fund(100_00).pk
    with guards_off():
        sql("alter table ledger_posting drop constraint " + _foreign_key("journal_id"))
        sql("delete from ledger_journal")
    faults = _faults()
    assert set(faults) == {"ledger.check.orphans"}
    assert len(faults["ledger.check.orphans"]) == 2
    assert f"has no journal ({journal})." in faults["ledger.check.orphans"][0]


def _foreign_key(column: str) -> str:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "ledger_posting")
    (name,) = [name for name, one in constraints.items() if one["foreign_key"] and one["columns"] == [column]]
    return name


# --- any sequence of journals -----------------------------------------------------------------

awards = st.sampled_from(["AW-2026-0001", "AW-2026-0002", "AW-2026-0003"])
money = st.integers(1, 5_000)
verbs = st.one_of(
    st.tuples(st.just("appropriate"), st.none(), st.integers(-3_000, 5_000).filter(bool)),
    st.tuples(st.just("commit"), awards, money),
    st.tuples(st.just("release"), awards, money),
    st.tuples(st.just("spend"), awards, st.integers(-2_000, 2_000).filter(bool)),
    st.tuples(st.just("grant"), awards, money),
    st.tuples(st.just("use"), awards, money),
)


def _draft(number: int, verb: str, award: str, amount: int) -> JournalDraft:
    cause = f"event {number}"
    if verb == "appropriate":
        return appropriation(PROGRAMME, hkd(amount), at=NOW, cause=cause, reason="vote")
    if verb in {"grant", "use"}:
        build = quota_grant if verb == "grant" else quota_use
        return build(PROGRAMME, award, "h800-node", amount, at=NOW, cause=cause)
    if verb == "spend":
        lines = [AccrualLine("harbour-university", "cyberport", hkd(amount), hkd(amount * 3), award)]
        draft = accrual(PROGRAMME, lines, at=NOW, cause=cause, memo="")
        assert draft is not None
        return draft
    return (commitment if verb == "commit" else release)(PROGRAMME, award, hkd(amount), at=NOW, cause=cause)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(verbs, max_size=15))
def test_any_sequence_of_journals_balances(events: list[tuple[str, str, int]]) -> None:
    """The database agrees with a plain model: what it takes and refuses, and every balance."""
    model: dict[tuple[str, str], int] = {}
    point = transaction.savepoint()
    for number, event in enumerate(events):
        draft = _draft(number, *event)
        after = dict(model)
        for entry in draft.entries:
            after[draft.unit, entry.account] = after.get((draft.unit, entry.account), 0) + entry.amount
        fits = all(floor_of(path) is None or amount >= 0 for (_, path), amount in after.items())
        try:
            post(draft, actor=CLERK)
        except Refused:
            assert not fits
        else:
            assert fits
            model = after
    settle_constraints()
    kept = AccountBalance.objects.values_list("account__unit", "account__path", "balance")
    assert {(unit, path): amount for unit, path, amount in kept if amount} == {
        key: amount for key, amount in model.items() if amount
    }
    assert not _faults()
    transaction.savepoint_rollback(point)
