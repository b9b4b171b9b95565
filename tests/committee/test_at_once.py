"""Two resolutions at once: the fund, the call's budget and the devices are never given twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from tests.calls.world import NOW, World
from tests.committee.table import Table, applied, put_person, set_table

from lionrock.awards.models import Award
from lionrock.committee.actions import add_to_agenda, cast_vote, open_meeting, plan_meeting, propose_decision
from lionrock.committee.domain import Choice, Proposal
from lionrock.committee.models import Meeting, Resolution
from lionrock.kernel.errors import LionrockError
from lionrock.ledger.queries import balance
from lionrock.people.domain import Role

Outcome = Resolution | LionrockError | None


def at_once(acts: Sequence[Callable[[], Resolution]]) -> list[Outcome]:
    """Start each in a thread of its own at the same moment, and return what came of each."""
    start = threading.Barrier(len(acts))
    outcomes: list[Outcome] = [None] * len(acts)

    def run(index: int) -> None:
        start.wait()
        try:
            outcomes[index] = acts[index]()
        except LionrockError as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def refused(outcomes: Sequence[Outcome]) -> list[str]:
    return [fault.code for outcome in outcomes if isinstance(outcome, LionrockError) for fault in outcome.faults]


def voted(table: Table, codes: Sequence[str], proposal: Proposal) -> None:
    table.agenda(*codes)
    table.open()
    for code in codes:
        table.propose(code, proposal)
        table.vote(code, ann="for", ben="for", cho="for")


@pytest.mark.django_db(transaction=True)
def test_of_four_resolutions_at_once_those_that_the_fund_holds_are_made(world: World) -> None:
    table = set_table(world, fund="1400000.00")
    codes = [table.application() for _ in range(4)]
    voted(table, codes, Proposal())
    outcomes = at_once([lambda code=code: table.resolve(code) for code in codes])
    assert refused(outcomes) == ["committee.fund"] * 2
    assert (Award.objects.count(), balance(world.programme, "budget/free", "HKD")) == (2, 56_000_00)
    assert sorted(table.item(code).state for code in codes) == ["open", "open", "resolved", "resolved"]


@pytest.mark.django_db(transaction=True)
def test_one_item_resolved_by_many_at_once_is_resolved_once(world: World) -> None:
    table = set_table(world)
    code = table.application()
    voted(table, [code], Proposal())
    outcomes = at_once([lambda: table.resolve(code)] * 4)
    assert sum(isinstance(outcome, Resolution) for outcome in outcomes) == 1
    assert (Award.objects.count(), Resolution.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_last_free_devices_are_given_once(lagoon: World) -> None:
    """Lagoon has twelve pods; the largest request is seven."""
    own = {"programme": "lagoon"}
    chair, member = put_person("chair", Role.CHAIR, **own), put_person("ann", Role.COMMITTEE, **own)
    lagoon.put_fund("900.000")
    call = lagoon.open_call()
    codes = [applied(lagoon, call, request=lagoon.request).code for _ in range(2)]
    meeting = plan_meeting(actor=chair, programme="lagoon", title="One", when=NOW, now=NOW).code
    add_to_agenda(actor=chair, meeting=meeting, applications=codes, now=NOW)
    open_meeting(actor=chair, meeting=meeting, present=[chair.email, member.email], now=NOW)
    for code in codes:
        propose_decision(actor=chair, meeting=meeting, application=code, proposal=Proposal(count=7), now=NOW)
        for actor in (chair, member):
            cast_vote(actor=actor, meeting=meeting, application=code, choice=Choice.FOR, now=NOW)
    table = Table(lagoon, call, meeting, chair, chair, {"ann": member})
    outcomes = at_once([lambda code=code: table.resolve(code) for code in codes])
    assert refused(outcomes) == ["committee.capacity"]
    assert Award.objects.count() == 1
    assert Meeting.objects.get().state == "in_session"
