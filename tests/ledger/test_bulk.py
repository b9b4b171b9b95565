"""Posting many journals at once: the same books, the same guards and the same refusals as one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.ledger.books import CLERK, MEMO, NOW, PROGRAMME, committing, fund, hkd, settle_constraints

from lionrock.kernel.errors import Conflict, Refused
from lionrock.ledger.actions import post
from lionrock.ledger.bulk import post_all
from lionrock.ledger.check import check_books
from lionrock.ledger.domain import FREE, JournalDraft, committed, quota_grant, quota_use, release
from lionrock.ledger.models import Journal, Posting
from lionrock.ledger.queries import balances

pytestmark = pytest.mark.django_db

ROWS = ("programme", "cause", "unit", "memo", "at", "actor", "details", "postings__account__path", "postings__amount")


def _drafts() -> list[JournalDraft]:
    awards = [f"AW-{number}" for number in range(5)]
    grants = [quota_grant(PROGRAMME, one, "h800", 3600, at=NOW, cause=f"grant {one}") for one in awards]
    uses = [quota_use(PROGRAMME, one, "h800", 4000, at=NOW, cause=f"use {one}") for one in awards]
    freed = release(PROGRAMME, "AW-2", hkd(5), at=NOW, cause="over")
    odd = replace(grants[0], cause="odd", memo=MEMO, details={"hash": 'a"b\\N', "lines": 2})
    return [*(committing(one, 10) for one in awards), *grants, *uses, freed, odd]


def _books() -> list[tuple[object, ...]]:
    return list(Journal.objects.exclude(cause="vote").order_by("cause", "postings__account__path").values_list(*ROWS))


def test_the_books_are_the_same_as_when_posted_one_by_one() -> None:
    fund(100)
    from django.db import transaction  # noqa: PLC0415 - a savepoint of this one test

    point = transaction.savepoint()
    for draft in _drafts():
        post(draft, actor=CLERK)
    wanted, stood = _books(), balances(PROGRAMME, "", "HKD")
    transaction.savepoint_rollback(point)
    post_all(_drafts(), actor=CLERK)
    settle_constraints()
    assert _books() == wanted
    assert balances(PROGRAMME, "", "HKD") == stood
    assert [fault for result in check_books() for fault in result.faults] == []


def test_what_was_posted_before_is_not_posted_again() -> None:
    fund(100)
    post(_drafts()[3], actor=CLERK)
    for _ in range(2):
        post_all(_drafts(), actor=CLERK)
    assert Journal.objects.count() == 1 + len(_drafts())
    other = replace(_drafts()[3], details={"another": 1})
    with pytest.raises(Conflict, match="was booked before with other content"):
        post_all([*_drafts(), other], actor=CLERK)


def test_of_two_with_one_cause_the_second_must_be_the_same() -> None:
    fund(100)
    first = committing("AW-1", 10)
    post_all([first, first], actor=CLERK)
    assert Posting.objects.filter(journal__cause=first.cause).count() == 2
    with pytest.raises(Conflict):
        post_all([committing("AW-7", 10), replace(committing("AW-7", 11), cause="awards.AW-7")], actor=CLERK)


def test_one_that_the_fund_does_not_hold_is_refused_and_none_is_posted() -> None:
    fund(25)
    with pytest.raises(Refused) as raised:
        post_all([committing(f"AW-{number}", 10) for number in range(3)], actor=CLERK)
    assert raised.value.code == "ledger.fund.exhausted"
    assert "HKD 0.05" in str(raised.value)
    assert balances(PROGRAMME, FREE, "HKD") == {FREE: 25}
    assert balances(PROGRAMME, committed("AW-0"), "HKD").get(committed("AW-0"), 0) == 0


def test_nothing_to_post_is_nothing_posted() -> None:
    post_all([], actor=CLERK)
    assert not Journal.objects.exists()
