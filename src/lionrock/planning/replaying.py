"""A replay from the file to the schedule: read, clean, simulate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.planning.domain import clusters, conservative, gangs, operating, pool
from lionrock.planning.domain.cleaning import Cleaned, clean
from lionrock.planning.domain.estate import Estate, Kind, Operation, Work
from lionrock.planning.domain.gangs import Machine
from lionrock.planning.domain.jobs import Estimates, Jobs, Label, Trace, Unit
from lionrock.planning.domain.operating import Rules
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.priority import Priority
from lionrock.planning.kernel import fast
from lionrock.planning.kernel import operating as fast_operating
from lionrock.planning.traces.machines import read_machines
from lionrock.planning.traces.reading import read_trace

PoolEngine = Callable[[Jobs, int, Policy, Passes], Sequence[int]]
ConservativeEngine = Callable[[Jobs, int], Sequence[int]]
OperatingEngine = Callable[[Work, Estate, Rules], Operation]


class Engine(StrEnum):
    """The kernel in C, or the readable definitions: same schedules."""

    FAST = "fast"
    REFERENCE = "reference"

    @property
    def pool(self) -> PoolEngine:
        """Return what replays one pool, first come first served or with EASY."""
        return fast.starts if self is Engine.FAST else pool.starts

    @property
    def conservative(self) -> ConservativeEngine:
        """Return what replays one pool with conservative backfilling."""
        return fast.conservative_starts if self is Engine.FAST else conservative.starts

    @property
    def gangs(self) -> clusters.Engine:
        """Return what replays gangs on nodes."""
        return fast.gang_starts if self is Engine.FAST else gangs.starts

    @property
    def operate(self) -> OperatingEngine:
        """Return what replays all else, and is slower."""
        return fast_operating.operate if self is Engine.FAST else operating.operate


@dataclass(frozen=True)
class Wish:
    """How a trace is to be replayed: on one pool or nodes of so many units, or on a machine of virtual clusters."""

    policy: Policy
    capacity: int | None = None
    per_node: int | None = None
    machine: Path | None = None
    unit: Unit | None = None
    estimates: Estimates = Estimates.REQUESTED
    passes: Passes = Passes.EACH_TIME
    priority: Priority | None = None
    """Of the users in the trace, who all have the same share, whatever shares it says."""
    engine: Engine = Engine.FAST
    zone: ZoneInfo | None = None
    """Of local times in Slurm's accounting."""


@dataclass(frozen=True)
class Replay:
    """What came of it."""

    unit: Unit
    capacity: int
    cleaned: Cleaned
    starts: Sequence[int]
    """The second at which each job starts, in the order of the cleaned jobs."""
    parts: Sequence[clusters.Part]
    """The virtual clusters, if the machine has any."""


def replay(file: Path, wish: Wish) -> Replay:
    """Replay a trace; raises `Invalid` for wishes that do not go together, and what reading raises."""
    _check(wish)
    label = Label.CLUSTER if wish.machine else Label.USER if wish.priority else None
    trace = read_trace(file, wish.unit, label=label, zone=wish.zone)
    return _on_machine(trace, wish.machine, wish) if wish.machine else _on_one(trace, wish.capacity or 0, wish)


def _on_one(trace: Trace, capacity: int, wish: Wish) -> Replay:
    cleaned = clean(trace, capacity, wish.estimates)
    starts: Sequence[int]
    if wish.policy is Policy.CONSERVATIVE:
        starts = wish.engine.conservative(cleaned.jobs, capacity)
    elif wish.per_node or wish.policy is Policy.SJF or wish.priority:
        size = wish.per_node or 1
        users = [trace.labels[place] for place in cleaned.places] if wish.priority else []
        starts = _gangs(wish, users)(cleaned.jobs, Machine(capacity // size, size), wish.policy)
    else:
        starts = wish.engine.pool(cleaned.jobs, capacity, wish.policy, wish.passes)
    return Replay(trace.unit, capacity, cleaned, starts, ())


def _on_machine(trace: Trace, file: Path, wish: Wish) -> Replay:
    machines = read_machines(file, trace.unit)
    capacities = {name: machine.capacity for name, machine in machines.items()}
    cleaned = clean(trace, capacities, wish.estimates)
    names = [trace.labels[place] for place in cleaned.places]
    parts = list(clusters.parts(cleaned.jobs, names, machines))
    starts = clusters.starts(cleaned.jobs, parts, wish.policy, _gangs(wish, []))
    return Replay(trace.unit, sum(capacities.values()), cleaned, starts, parts)


def _gangs(wish: Wish, users: Sequence[str]) -> clusters.Engine:
    """Return what replays gangs on nodes in this way."""
    if wish.passes is Passes.EACH_TIME and not wish.priority:
        return wish.engine.gangs
    return partial(_operated, wish, users)


def _operated(wish: Wish, users: Sequence[str], jobs: Jobs, machine: Machine, policy: Policy) -> Sequence[int]:
    accounts = {user: place for place, user in enumerate(dict.fromkeys(users))}
    work = Work.of(jobs, accounts=[accounts[user] for user in users])
    priority = replace(wish.priority, shares=[1] * len(accounts)) if wish.priority else None
    rules = Rules(policy, priority, wish.passes)
    return wish.engine.operate(work, Estate([Kind("node", machine.nodes, machine.size)]), rules).starts(len(jobs))


def _check(wish: Wish) -> None:
    one, nodes = wish.capacity is not None, wish.machine is not None or wish.per_node is not None
    faults = []
    if one == (wish.machine is not None):
        said = gettext_noop("A replay needs a capacity or a machine of virtual clusters, and not both.")
        faults.append(_fault(message(said), "capacity"))
    if wish.per_node is not None and (wish.capacity or 0) % wish.per_node:
        said = gettext_noop("A capacity of {capacity} cannot be nodes of {size} units each. Choose a multiple of it.")
        faults.append(_fault(message(said, capacity=wish.capacity, size=wish.per_node), "per_node"))
    if nodes and wish.policy is Policy.CONSERVATIVE:
        said = gettext_noop(
            "Conservative backfilling is there for one pool of equal units. Leave nodes out, or use easy."
        )
        faults.append(_fault(message(said), "policy"))
    if wish.passes is Passes.EACH_EVENT and wish.policy is Policy.CONSERVATIVE:
        said = gettext_noop("Conservative backfilling acts once a second. Leave the pass after each event out.")
        faults.append(_fault(message(said), "passes"))
    if wish.priority and (wish.machine is not None or wish.policy not in {Policy.FCFS, Policy.EASY}):
        said = gettext_noop(
            "A priority is there for fcfs and easy on one pool or its nodes, where users come before users."
        )
        faults.append(_fault(message(said), "priority"))
    if faults:
        said = gettext_noop("What was asked for does not go together.")
        raise Invalid("planning.replay.wish", message(said), faults=faults)


def _fault(said: Message, field: str) -> Fault:
    return Fault("planning.replay.wish", said, field=field)
