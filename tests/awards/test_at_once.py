"""Many decisions at once: the fund is never over-committed, and nothing that fits is turned away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from tests.calls.world import OPERATOR, World

from lionrock.allocations.models import Allocation
from lionrock.applications.models import Application
from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import accept_offer, decide_variation, decline_offer, lapse_offers, request_variation
from lionrock.awards.domain import Change, Decision
from lionrock.awards.models import Award
from lionrock.kernel.errors import Conflict, LionrockError, Refused
from lionrock.ledger.queries import balance, balances

Outcome = Award | LionrockError | None


def _all_at_once(decisions: list[Callable[[], Award | None]]) -> list[Outcome]:
    """Start each decision in a thread of its own at the same moment, and return what came of each."""
    start = threading.Barrier(len(decisions))
    outcomes: list[Outcome] = [None] * len(decisions)

    def run(index: int) -> None:
        start.wait()
        try:
            outcomes[index] = decisions[index]()
        except LionrockError as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(decisions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _codes(outcomes: list[Outcome]) -> list[str]:
    return [outcome.code for outcome in outcomes if isinstance(outcome, LionrockError)]


@pytest.mark.django_db(transaction=True)
def test_of_forty_awards_at_once_exactly_those_that_fit_are_made(world: World) -> None:
    world.put_fund("1000.00")
    call = world.open_call()
    cap = world.money("70.00")
    asked = [world.submitted(call) for _ in range(40)]
    outcomes = _all_at_once([lambda one=one: world.decided(one, cap=cap) for one in asked])
    made = [outcome for outcome in outcomes if isinstance(outcome, Award)]
    assert _codes(outcomes) == ["ledger.fund.exhausted"] * 26
    assert sorted(award.code for award in made) == [f"AW-2026-{number:04d}" for number in range(1, 15)]
    committed = balances(world.programme, "budget/committed", "HKD")
    assert {path: amount for path, amount in committed.items() if amount} == {
        f"budget/committed/{award.code}": 70_00 for award in made
    }
    assert balance(world.programme, "budget/free", "HKD") == 20_00
    assert Allocation.objects.count() == 14
    states = Application.objects.values_list("state", flat=True)
    assert sorted(states) == ["approved"] * 14 + ["submitted"] * 26
    assert AuditRecord.objects.filter(action="awards.decide_application").count() == 14


@pytest.mark.django_db(transaction=True)
def test_a_calls_budget_holds_under_decisions_at_once(world: World) -> None:
    world.put_fund("1000.00")
    call = world.open_call(budget=world.money("100.00"))
    asked = [world.submitted(call) for _ in range(12)]
    cap = world.money("30.00")
    outcomes = _all_at_once([lambda one=one: world.decided(one, cap=cap) for one in asked])
    assert _codes(outcomes) == ["awards.call.exhausted"] * 9
    assert balance(world.programme, "budget/free", "HKD") == 910_00


@pytest.mark.django_db(transaction=True)
def test_one_application_decided_by_many_at_once_is_decided_once(world: World) -> None:
    world.put_fund("10000000.00")
    application = world.submitted(world.open_call())
    outcomes = _all_at_once([lambda: world.decided(application)] * 8)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert (len(refused), Award.objects.count()) == (7, 1)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Refused)]


@pytest.mark.django_db(transaction=True)
def test_an_offer_accepted_refused_and_lapsed_at_once_becomes_one_of_them(world: World) -> None:
    """Its money is in the award or in the fund, never in both; whoever comes second is told."""
    world.put_fund("10000000.00")
    call = world.open_call()
    for _ in range(6):
        offer = world.awarded(call, accept=False)
        late = world.now + timedelta(days=31)
        steps: list[Callable[[], object]] = [
            lambda code=offer.code: accept_offer(
                actor=OPERATOR, award=code, signatory="Chan", title="Dean", now=world.now
            ),
            lambda code=offer.code: decline_offer(actor=OPERATOR, award=code, reason="no", now=world.now),
            lambda late=late: lapse_offers(late),
        ]
        _all_at_once(steps)  # type: ignore[arg-type]
        offer.refresh_from_db()
        committed = balance(world.programme, f"budget/committed/{offer.code}", "HKD")
        assert (offer.state, committed) in {("active", offer.cap_minor), ("declined", 0), ("lapsed", 0)}
        assert Allocation.objects.filter(award=offer).count() == (offer.state == "active")
    budget = balances(world.programme, "budget", "HKD")
    assert sum(budget.values()) == 0


@pytest.mark.django_db(transaction=True)
def test_an_offer_accepted_by_many_at_once_is_accepted_once(world: World) -> None:
    world.put_fund("10000000.00")
    offer = world.awarded(world.open_call(), accept=False)
    outcomes = _all_at_once(
        [lambda number=number: world.accepted(offer, title=f"Dean {number}") for number in range(6)]
    )
    assert (len(_codes(outcomes)), Allocation.objects.count()) == (5, 1)
    assert offer.papers.filter(kind="agreement").count() == 1


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_never_commit_more_than_the_fund_holds(world: World) -> None:
    """Five awards of 672,000.00 each ask for three months more; the fund holds two of them."""
    world.put_fund("4704000.00")
    call = world.open_call()
    made = [world.awarded(call) for _ in range(5)]
    change = Change(valid_to=date(2026, 10, 1))
    for award in made:
        request_variation(actor=OPERATOR, award=award.code, change=change, reason="more", now=world.now)
    given = {"number": 1, "decision": Decision.APPROVE, "decided_by": "Committee", "now": world.now}
    steps = [lambda code=one.code: decide_variation(actor=OPERATOR, award=code, **given) for one in made]
    assert _codes(_all_at_once(steps)) == ["ledger.fund.exhausted"] * 3  # type: ignore[arg-type]
    assert balance(world.programme, "budget/free", "HKD") == 0
