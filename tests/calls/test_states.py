"""Every state of every machine of the line, with every verb."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.calls.world import NOW, World

from lionrock.allocations import domain as allocations
from lionrock.allocations.models import Allocation
from lionrock.applications import domain as applications
from lionrock.applications.models import Application
from lionrock.awards import domain as awards
from lionrock.awards.models import Award
from lionrock.calls import domain as calls
from lionrock.calls.models import Call
from lionrock.kernel.errors import Conflict
from lionrock.kernel.states import advance

MACHINES: dict[str, tuple[Mapping[Any, Any], type[StrEnum], str]] = {
    "call": (calls.TRANSITIONS, calls.CallState, "draft open open | open close closed"),
    "application": (
        applications.TRANSITIONS,
        applications.ApplicationState,
        """draft submit submitted | draft withdraw withdrawn | submitted withdraw withdrawn
        | submitted return returned | submitted accept eligible | submitted reject ineligible
        | submitted approve approved | submitted decline declined
        | returned submit submitted | returned withdraw withdrawn | returned reject ineligible
        | eligible withdraw withdrawn | eligible return returned | eligible assess assessed
        | eligible approve approved | eligible decline declined
        | assessed withdraw withdrawn | assessed reopen eligible
        | assessed approve approved | assessed decline declined""",
    ),
    "award": (
        awards.TRANSITIONS,
        awards.AwardState,
        """offered accept active | offered refuse declined | offered lapse lapsed | offered withdraw withdrawn
        | active vary active | active suspend suspended | active end ended | active withdraw withdrawn
        | suspended resume active | suspended end ended | suspended withdraw withdrawn
        | ended release ended | withdrawn release withdrawn""",
    ),
    "allocation": (
        allocations.TRANSITIONS,
        allocations.AllocationState,
        "active close closed | active replace replaced",
    ),
}
MODELS = {"call": Call, "application": Application, "award": Award, "allocation": Allocation}


def _pairs() -> list[tuple[str, str, str, str | None]]:
    found = []
    for thing, (_, states, moves) in MACHINES.items():
        allowed = {(one, verb): to for one, verb, to in (move.split() for move in moves.split("|"))}
        verbs = sorted({verb for _, verb in allowed} | {"open", "end"})
        found += [(thing, state.value, verb, allowed.get((state.value, verb))) for state in states for verb in verbs]
    return found


@pytest.mark.parametrize(("thing", "state", "verb", "to"), _pairs())
def test_every_state_with_every_verb(thing: str, state: str, verb: str, to: str | None) -> None:
    table, states, _ = MACHINES[thing]
    if to is not None:
        assert advance(table, states(state), verb, thing=thing) == to
        return
    with pytest.raises(Conflict) as raised:
        advance(table, states(state), verb, thing=thing)
    assert raised.value.code == "kernel.states.not_now"
    assert state in str(raised.value.message)


@pytest.mark.parametrize(
    ("thing", "meanwhile"),
    [("call", {}), ("application", {"decided_at": None}), ("award", {"ended_at": NOW}), ("allocation", {})],
)
def test_the_database_knows_no_other_state(thing: str, meanwhile: dict[str, Any], world: World) -> None:
    world.put_fund("1000000.00")
    world.awarded(world.open_call())
    guard = "(closed|state)" if thing == "allocation" else "state"
    with pytest.raises(IntegrityError, match=f"{thing}_{guard}"), transaction.atomic():
        MODELS[thing].objects.update(state="lost", **meanwhile)
