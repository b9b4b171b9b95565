"""One scenario with one seed: draw the jobs, send each to a group, simulate, and count."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from heapq import merge
from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import Final

from lionrock.planning.domain.estate import Estate, Fate, Kind, Manner, Operation, Window, Work
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.operating import Rules
from lionrock.planning.scenarios.fleets import Group, Shares, groups, shares
from lionrock.planning.scenarios.loads import MARKS, Row, stream
from lionrock.planning.scenarios.values import WEEK, Charging, Leases, Scenario

_DEPTH: Final = 200
"""How many waiting jobs backfilling looks at on nodes: as schedulers limit it, so that long queues cost no more."""


@dataclass(frozen=True, slots=True)
class Engines:
    """What simulates: starts on a pool of so many devices, and a machine whose nodes are closed at times."""

    pool: Callable[[Jobs, int], Sequence[int]]
    operate: Callable[[Work, Estate, Rules], Operation]


@dataclass
class Placed:
    """Jobs of one pool: when submitted, how long they run there, devices, and their work on the reference."""

    group: int
    capacity: int
    leased: bool = False
    submit: array[int] = field(default_factory=lambda: array("q"))
    duration: array[int] = field(default_factory=lambda: array("q"))
    size: array[int] = field(default_factory=lambda: array("q"))
    starts: Sequence[int] = ()
    """Of the last run of each job; those that had to give way before it are lost."""

    def add(self, submit: int, duration: int, size: int) -> None:
        """Take a job in; jobs come in the order of their submission."""
        self.submit.append(submit)
        self.duration.append(duration)
        self.size.append(size)


@dataclass
class Run:
    """What came of it: the pools with their schedules, and the jobs that no group could ever hold."""

    scenario: Scenario
    groups: tuple[Group, ...]
    pools: list[Placed]
    left_out: int


def leases_of(scenario: Scenario) -> Leases | None:
    """Return the leases of a scenario in which there are any."""
    return scenario.leases if scenario.charging is Charging.LEASE else None


def run(scenario: Scenario, seed: int, engines: Engines) -> Run:
    """Simulate a scenario with a seed."""
    found = groups(scenario, seed)
    desk = _Desk(scenario, found)
    for submit, size, work, lot in _jobs(scenario, seed):
        desk.take(submit, size, work, lot)
    leases = leases_of(scenario)
    for pool in desk.pools:
        if pool.submit:
            lends = leases is not None and leases.lent and not pool.leased
            pool.starts = (
                _borrowing(pool, desk.pools, scenario, engines) if lends else _starts(pool, found[pool.group], engines)
            )
    return Run(scenario, found, desk.pools, desk.left_out)


def _jobs(scenario: Scenario, seed: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield submit time, size, work and lot of the jobs that there are at the scenario's level of demand."""
    response = scenario.subsidy.response
    levels = [scenario.demand.level(week) * response for week in range(scenario.weeks)]
    layers = ceil(max(levels))
    parts = [
        _of_layer(scenario, seed, layer, [int((level - layer) * MARKS) for level in levels]) for layer in range(layers)
    ]
    for submit, size, work, _, lot in parts[0] if layers == 1 else merge(*parts):
        yield submit, size, work, lot


def _of_layer(scenario: Scenario, seed: int, layer: int, bounds: Sequence[int]) -> Iterator[Row]:
    drawn = stream(scenario.demand.model, seed, layer, scenario.weeks)
    rows = zip(drawn.submit, drawn.size, drawn.work, drawn.mark, drawn.lot, strict=True)
    return (row for row in rows if row[3] < bounds[row[0] // WEEK])


class _Desk:
    """Sends each job to a pool: a lessee's, or one of those that all others share, one for each kind of device."""

    def __init__(self, scenario: Scenario, found: tuple[Group, ...]) -> None:
        self.scenario = scenario
        self.found = found
        leases = leases_of(scenario) if found else None
        self.leased = leases.devices if leases else 0
        self.lessees = leases.lessees if leases else 0
        self.bound = int(leases.share * MARKS) if leases else 0
        """Lots below this are lessees'."""
        self.pools = [Placed(0, self.leased, leased=True) for _ in range(self.lessees)]
        taken = self.lessees * self.leased
        self.pools += [Placed(at, group.capacity - (0 if at else taken)) for at, group in enumerate(found)]
        self.changes = sorted({each.at for group in found for each in group.arrivals})
        self.left_out = 0
        self.shares = cache(self._shares)
        self.length = cache(self._length)

    def take(self, submit: int, size: int, work: int, lot: int) -> None:
        group = 0 if lot < self.bound else self._group(submit, size, lot)
        pool = lot * self.lessees // self.bound if lot < self.bound else self.lessees + (group or 0)
        if group is None or size > self.pools[pool].capacity:
            self.left_out += 1
        else:
            self.pools[pool].add(submit, self.length(work, size, group), size)

    def _group(self, submit: int, size: int, lot: int) -> int | None:
        chosen = self.shares(size, bisect_right(self.changes, submit))
        if len(chosen.groups) <= 1:
            return chosen.groups[0] if chosen.groups else None
        return chosen.groups[bisect_right(chosen.bounds, lot)]

    def _shares(self, size: int, changes: int) -> Shares:
        return shares(self.scenario, self.found, size, self.changes[changes - 1] if changes else 0)

    def _length(self, work: int, size: int, group: int) -> int:
        of = self.scenario.classes[self.scenario.class_of(size)]
        speed = self.scenario.speed(self.found[group].item, of) or Fraction(1)
        return max(1, ceil(work / speed))


def _starts(pool: Placed, group: Group, engines: Engines) -> Sequence[int]:
    """Simulate a pool: devices that come later are held until then, by a job each that is first of all."""
    held = [(each.at, each.count) for each in group.arrivals if each.at] if pool.capacity == group.capacity else []
    first = len(held)
    jobs = Jobs(
        array("q", range(first + len(pool.submit))),
        array("q", [0] * first) + pool.submit,
        array("q", [at for at, _ in held]) + pool.duration,
        array("q", [at for at, _ in held]) + pool.duration,
        array("q", [count for _, count in held]) + pool.size,
    )
    return engines.pool(jobs, pool.capacity)[first:]


def _borrowing(pool: Placed, pools: Sequence[Placed], scenario: Scenario, engines: Engines) -> Sequence[int]:
    """Simulate jobs that may have idle nodes of lessees too, and queue again when these are wanted back."""
    size = scenario.price.devices
    # The own nodes have the lowest numbers, so that of equal nodes an own one is taken.
    node = pool.capacity // size
    windows: list[Window] = []
    for lessee in pools:
        if lessee.leased:
            windows += _closed(lessee, node, size)
            node += lessee.capacity // size
    jobs = Jobs(array("q", range(len(pool.submit))), pool.submit, pool.duration, pool.duration, pool.size)
    work = Work.of(jobs, manners=[Manner.QUEUES_AGAIN] * len(jobs))
    kinds = [Kind("all", node, size)]
    operation = engines.operate(work, Estate(kinds, windows), Rules(scenario.policy, depth=_DEPTH))
    return operation.starts(len(jobs))


def _closed(lessee: Placed, first: int, size: int) -> Iterator[Window]:
    """Yield when a lessee's nodes are wanted: as many as the running jobs need, packed, the lowest numbers first."""
    runs = list(zip(lessee.starts, lessee.duration, lessee.size, strict=True))
    changes = sorted(
        [*((start, used) for start, _, used in runs), *((start + long, -used) for start, long, used in runs)]
    )
    since: list[int] = []
    busy = 0
    for at, together in groupby(changes, key=itemgetter(0)):
        busy += sum(change for _, change in together)
        wanted = -(-busy // size)
        while len(since) < wanted:
            since.append(at)
        while len(since) > wanted:
            began = since.pop()
            yield Window(first + len(since), began, at, announced=began, fate=Fate.LEAVE)
