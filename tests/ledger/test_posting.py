"""Posting: once per cause, never more than there is, and in any number at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.ledger.books import CLERK, NOW, PROGRAMME, commit, committing, fund, hkd

from lionrock.kernel.errors import Conflict, LionrockError, Refused
from lionrock.ledger.actions import post
from lionrock.ledger.domain import (
    APPROPRIATION,
    FREE,
    AccrualLine,
    Entry,
    JournalDraft,
    accrual,
    committed,
    quota_grant,
    quota_remaining,
    quota_unit,
    quota_use,
    quota_used,
    receivable_from_scheme,
    receivable_from_user,
    release,
    revenue,
    spent,
)
from lionrock.ledger.models import Journal, LedgerAccount, Posting
from lionrock.ledger.queries import balance, balances

AWARD = "AW-2026-0001"


def _stand() -> dict[str, int]:
    return {path: amount for path, amount in balances(PROGRAMME, "", "HKD").items() if amount}


@pytest.mark.django_db
def test_money_goes_from_the_vote_to_the_revenue() -> None:
    fund(1_000_00)
    commit(AWARD, 700_00)
    lines = [
        AccrualLine("harbour-university", "cyberport", hkd(210_00), hkd(90_00), AWARD),
        AccrualLine("harbour-university", "cyberport", hkd(0), hkd(5_00)),
    ]
    draft = accrual(PROGRAMME, lines, at=NOW, cause="statements.1", memo="March 2026")
    assert draft is not None
    post(draft, actor=CLERK)
    post(release(PROGRAMME, AWARD, hkd(490_00), at=NOW, cause="awards.end"), actor=CLERK)
    assert _stand() == {
        APPROPRIATION: -1_000_00,
        FREE: 790_00,
        spent(AWARD): 210_00,
        receivable_from_scheme(AWARD): 210_00,
        receivable_from_user("harbour-university"): 95_00,
        revenue("cyberport"): -305_00,
    }


@pytest.mark.django_db
def test_quota_may_be_used_beyond_what_was_granted() -> None:
    unit = quota_unit("h800-node")
    post(quota_grant(PROGRAMME, AWARD, "h800-node", 3_600, at=NOW, cause="grant"), actor=CLERK)
    post(quota_use(PROGRAMME, AWARD, "h800-node", 4_000, at=NOW, cause="use"), actor=CLERK)
    assert balance(PROGRAMME, quota_remaining(AWARD, "h800-node"), unit) == -400
    assert balance(PROGRAMME, quota_used(AWARD, "h800-node"), unit) == 4_000


@pytest.mark.django_db
def test_the_journal_keeps_who_when_and_why() -> None:
    journal = fund(100_00)
    journal.refresh_from_db()
    assert (journal.actor, journal.at, journal.memo) == (CLERK, NOW, "Appropriation: vote")
    assert int(journal.tx) > 0


@pytest.mark.django_db
def test_balances_are_those_at_and_below_a_path() -> None:
    fund(100_00)
    commit("AW-2026-0001", 10_00)
    commit("AW-2026-0012", 20_00)
    both = {committed("AW-2026-0001"): 10_00, committed("AW-2026-0012"): 20_00}
    assert balances(PROGRAMME, "budget/committed", "HKD") == both
    assert balances(PROGRAMME, "budget/committed/", "HKD") == both
    assert balances(PROGRAMME, "budget/committed/AW-2026-001", "HKD") == {}
    assert balances(PROGRAMME, committed("AW-2026-0012"), "HKD") == {committed("AW-2026-0012"): 20_00}
    assert balances(PROGRAMME, "budget", "USD") == {}
    assert balance("elsewhere", FREE, "HKD") == 0


# --- once per cause ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_again_returns_the_first_journal() -> None:
    fund(100_00)
    draft = replace(committing(AWARD, 60_00), details={"lines": 3, "hash": "ab"})
    first = post(draft, actor=CLERK)
    later = replace(draft, at=NOW + timedelta(days=3), memo="again", entries=tuple(reversed(draft.entries)))
    assert post(later, actor="somebody@else.org") == first
    assert _stand()[FREE] == 40_00
    assert Journal.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"entries": committing(AWARD, 60_01).entries},
        {"entries": committing("AW-2026-0002", 60_00).entries},
        {"unit": "USD"},
        {"details": {"hash": "other"}},
    ],
)
def test_other_content_under_a_cause_is_a_conflict(change: dict[str, object]) -> None:
    fund(100_00)
    commit(AWARD, 60_00)
    with pytest.raises(Conflict) as caught:
        post(replace(committing(AWARD, 60_00), **change), actor=CLERK)
    assert caught.value.code == "ledger.journal.cause_taken"
    assert f"awards.{AWARD} of {PROGRAMME} was booked before with other content" in str(caught.value)
    assert _stand()[FREE] == 40_00


@pytest.mark.django_db
def test_causes_of_two_programmes_do_not_meet() -> None:
    ours = fund(100_00)
    theirs = post(
        JournalDraft("elsewhere", "vote", "JPY", "", NOW, (Entry(FREE, 5), Entry(APPROPRIATION, -5))),
        actor=CLERK,
    )
    assert ours != theirs
    assert balance("elsewhere", FREE, "JPY") == 5


# --- never more than there is -----------------------------------------------------------------


@pytest.mark.django_db
def test_the_fund_is_never_over_committed() -> None:
    fund(1_000_00)
    commit(AWARD, 999_99)
    with pytest.raises(Refused) as caught:
        commit("AW-2026-0002", 2)
    assert caught.value.code == "ledger.fund.exhausted"
    assert str(caught.value) == (
        "The fund of hk-aiss holds HKD 0.01 free, and HKD 0.02 was asked. "
        "Ask for less, release what ended awards no longer need, or have more appropriated."
    )
    commit("AW-2026-0003", 1)
    assert _stand() == {
        APPROPRIATION: -1_000_00,
        committed(AWARD): 999_99,
        committed("AW-2026-0003"): 1,
    }


@pytest.mark.django_db
def test_a_fund_without_money_commits_nothing() -> None:
    with pytest.raises(Refused, match=r"holds HKD 0\.00 free, and HKD 1\.00 was asked"):
        commit(AWARD, 1_00)
    assert not Posting.objects.exists()


@pytest.mark.django_db
def test_an_award_spends_and_releases_no_more_than_is_committed_to_it() -> None:
    fund(1_000_00)
    commit(AWARD, 10_00)
    over = accrual(
        PROGRAMME,
        [AccrualLine("harbour-university", "cyberport", hkd(10_01), hkd(0), AWARD)],
        at=NOW,
        cause="over",
        memo="",
    )
    assert over is not None
    for draft in (over, release(PROGRAMME, AWARD, hkd(10_01), at=NOW, cause="all of it")):
        with pytest.raises(Refused) as caught:
            post(draft, actor=CLERK)
        assert caught.value.code == "ledger.commitment.exhausted"
        assert f"HKD 10.00 is still committed to {AWARD}, and HKD 10.01 was to be taken" in str(caught.value)


@pytest.mark.django_db
def test_the_transaction_stays_usable_after_a_refusal() -> None:
    fund(100_00)
    with transaction.atomic():
        with pytest.raises(Refused):
            commit(AWARD, 101_00)
        commit("AW-2026-0002", 100_00)
    assert _stand()[committed("AW-2026-0002")] == 100_00


@pytest.mark.django_db
def test_a_defect_is_not_dressed_up_as_a_refusal() -> None:
    """A cause longer than its column is none of the fund's business."""
    with pytest.raises(Exception, match="value too long") as caught:
        post(replace(committing(AWARD, 1), cause="x" * 256), actor=CLERK)
    assert not isinstance(caught.value, LionrockError)


# --- in any number at once --------------------------------------------------------------------


def _all_at_once(drafts: list[JournalDraft]) -> list[Journal | LionrockError]:
    """Post each draft from a thread and connection of its own, all started together."""
    results: list[Journal | LionrockError] = []
    gate = threading.Barrier(len(drafts))

    def run(draft: JournalDraft) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            results.append(post(draft, actor=CLERK))
        except LionrockError as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(results) == len(drafts), "a thread ended with an error that is none of the product's"
    return results


@pytest.mark.django_db(transaction=True)
def test_of_forty_commitments_at_once_exactly_those_that_fit_are_made() -> None:
    fund(1_000_00)
    results = _all_at_once([committing(f"AW-2026-{number:04d}", 70_00) for number in range(1, 41)])
    refusals = [result for result in results if isinstance(result, Refused)]
    made = [result for result in results if isinstance(result, Journal)]
    assert (len(made), len(refusals)) == (14, 26)
    assert {refusal.code for refusal in refusals} == {"ledger.fund.exhausted"}
    commitments = balances(PROGRAMME, "budget/committed", "HKD")
    assert sorted(amount for amount in commitments.values() if amount) == [70_00] * 14
    assert balance(PROGRAMME, FREE, "HKD") == 20_00
    assert Journal.objects.count() == 1 + 14


@pytest.mark.django_db(transaction=True)
def test_commitments_of_all_sizes_at_once_leave_no_gap_that_one_would_have_filled() -> None:
    fund(1_000_00)
    asked = {f"AW-2026-{number:04d}": number * 5_00 for number in range(1, 41)}
    results = _all_at_once([committing(award, amount) for award, amount in asked.items()])
    made = {path.rsplit("/")[-1] for path, amount in balances(PROGRAMME, "budget/committed", "HKD").items() if amount}
    free = balance(PROGRAMME, FREE, "HKD")
    assert len(made) == sum(isinstance(result, Journal) for result in results)
    assert free == 1_000_00 - sum(asked[award] for award in made) >= 0
    assert all(amount > free for award, amount in asked.items() if award not in made)


@pytest.mark.django_db(transaction=True)
def test_the_same_cause_at_once_is_booked_once() -> None:
    fund(1_000_00)
    results = _all_at_once([committing(AWARD, 70_00)] * 12)
    assert {result.pk for result in results if isinstance(result, Journal)} == {
        Journal.objects.get(cause=f"awards.{AWARD}").pk
    }
    assert balance(PROGRAMME, FREE, "HKD") == 930_00


@pytest.mark.django_db(transaction=True)
def test_journals_over_the_same_accounts_in_opposite_order_do_not_deadlock() -> None:
    fund(1_000_00)
    paths = [f"budget/committed/AW-2026-{number:04d}" for number in range(1, 21)]
    forth = (*(Entry(path, 1) for path in paths), Entry(FREE, -20))
    drafts = [
        JournalDraft(PROGRAMME, f"round {turn}", "HKD", "", NOW, forth if turn % 2 else tuple(reversed(forth)))
        for turn in range(20)
    ]
    results = _all_at_once(drafts)
    assert all(isinstance(result, Journal) for result in results)
    assert balances(PROGRAMME, "budget/committed", "HKD") == dict.fromkeys(paths, 20)
    assert LedgerAccount.objects.count() == 22
