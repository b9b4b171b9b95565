"""One scenario with one seed: draw the jobs, send each to a group, simulate, and count."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from heapq import merge
from math import ceil

from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.scenarios.fleets import Group, Shares, groups, shares
from lionrock.planning.scenarios.loads import MARKS, Row, stream
from lionrock.planning.scenarios.values import WEEK, Charging, Scenario

Engine = Callable[[Jobs, int], Sequence[int]]
"""Starts of jobs on a pool of so many devices, by the policy of the scenario."""


@dataclass
class Placed:
    """Jobs of one pool: when submitted, how long they run there, devices, and their work on the reference."""

    group: int
    capacity: int
    submit: array[int] = field(default_factory=lambda: array("q"))
    duration: array[int] = field(default_factory=lambda: array("q"))
    size: array[int] = field(default_factory=lambda: array("q"))
    starts: Sequence[int] = ()

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


def run(scenario: Scenario, seed: int, engine: Engine) -> Run:
    """Simulate a scenario with a seed."""
    found = groups(scenario, seed)
    desk = _Desk(scenario, found)
    for submit, size, work, lot in _jobs(scenario, seed):
        desk.take(submit, size, work, lot)
    for pool in desk.pools:
        if pool.submit:
            pool.starts = _starts(pool, found[pool.group], engine)
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
    """Sends each job to a pool: a lessee's, or one of those that all share, one for each kind of device."""

    def __init__(self, scenario: Scenario, found: tuple[Group, ...]) -> None:
        self.scenario = scenario
        self.found = found
        leases = scenario.leases if scenario.charging is Charging.LEASE else None
        self.leased = leases.devices if leases and not leases.lent else 0
        self.lessees = leases.lessees if leases and not leases.lent else 0
        self.pools = [Placed(0, self.leased) for _ in range(self.lessees)]
        self.pools += [Placed(at, group.capacity) for at, group in enumerate(found)]
        self.changes = sorted({each.at for group in found for each in group.arrivals})
        self.left_out = 0
        self.shares = cache(self._shares)
        self.length = cache(self._length)

    def take(self, submit: int, size: int, work: int, lot: int) -> None:
        if self.lessees:
            pool, group = lot * self.lessees // MARKS, 0
            if size > self.leased:
                self.left_out += 1
                return
        else:
            chosen = self.shares(size, bisect_right(self.changes, submit))
            if not chosen.groups:
                self.left_out += 1
                return
            group = pool = (
                chosen.groups[bisect_right(chosen.bounds, lot)] if len(chosen.groups) > 1 else chosen.groups[0]
            )
        self.pools[pool].add(submit, self.length(work, size, group), size)

    def _shares(self, size: int, changes: int) -> Shares:
        return shares(self.scenario, self.found, size, self.changes[changes - 1] if changes else 0)

    def _length(self, work: int, size: int, group: int) -> int:
        of = self.scenario.classes[self.scenario.class_of(size)]
        speed = self.scenario.speed(self.found[group].item, of) or Fraction(1)
        return max(1, ceil(work / speed))


def _starts(pool: Placed, group: Group, engine: Engine) -> Sequence[int]:
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
    return engine(jobs, pool.capacity)[first:]
