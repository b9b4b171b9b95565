"""Gangs on equal nodes of some units each, simulated plainly: the definition that the fast kernel has to equal.

A job is packed as the Helios authors' simulator packs it (consolidated placement; Hu et al., "Characterization
and Prediction of Deep Learning Workloads in Large-Scale GPU Datacenters", SC'21):

- one that fits one node goes to the node with the fewest free units that still has enough;
- a larger one takes wholly free nodes, and the rest of its units, if any, on the node with the most free
  units of all others;
- of equal nodes the one of the lowest number is taken.

At each second all ends free their units, then all submissions join the queue, then one pass runs.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from lionrock.planning.domain.estate import Placement
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.pool import Policy


@dataclass(frozen=True)
class Machine:
    """Equal nodes, and how many units (GPUs, processors) each has."""

    nodes: int
    size: int

    @property
    def capacity(self) -> int:
        """Return the units of all nodes, which is what the largest job may ask for."""
        return self.nodes * self.size


def starts(jobs: Jobs, machine: Machine, policy: Policy) -> list[int]:
    """Return the second at which each job starts, in the order of the jobs; by any policy but the conservative."""
    if policy is Policy.CONSERVATIVE:
        raise ValueError("conservative backfilling is for one pool")
    return _Cluster(jobs, machine, policy).run()


def place(free: Sequence[int], size: int, demand: int) -> Placement | None:
    """Return where a job goes on nodes with so many free units each, or None if it has to wait."""
    if demand <= size:
        fitting = [node for node in range(len(free)) if free[node] >= demand]
        return [(min(fitting, key=free.__getitem__), demand)] if fitting else None
    whole, rest = divmod(demand, size)
    parts = [size] * whole + [rest] * (rest > 0)
    freest = sorted(range(len(free)), key=lambda node: -free[node])[: len(parts)]
    chosen = list(zip(freest, parts, strict=True)) if len(freest) == len(parts) else []
    return chosen if chosen and all(free[node] >= part for node, part in chosen) else None


class _Cluster:
    def __init__(self, jobs: Jobs, machine: Machine, policy: Policy) -> None:
        self.jobs = jobs
        self.size = machine.size
        self.policy = policy
        self.free = [machine.size] * machine.nodes
        self.queue: list[int] = []
        self.placements: dict[int, Placement] = {}
        """Of the jobs that run."""
        self.ends: list[tuple[int, int]] = []
        """A heap of (end, job)."""
        self.starts = [0] * len(jobs)

    def run(self) -> list[int]:
        submitted = 0
        while submitted < len(self.jobs) or self.ends:
            times = [*(end for end, _ in self.ends[:1]), *self.jobs.submit[submitted : submitted + 1]]
            now = min(times)
            while self.ends and self.ends[0][0] == now:
                give_back(self.free, self.placements.pop(heapq.heappop(self.ends)[1]))
            while submitted < len(self.jobs) and self.jobs.submit[submitted] == now:
                self.queue.append(submitted)
                submitted += 1
            self._pass(now)
        return self.starts

    def _pass(self, now: int) -> None:
        if self.policy is Policy.SJF:
            # By the estimate; sorting is stable, so that equal ones keep the order in which they joined.
            self.queue.sort(key=self.jobs.estimate.__getitem__)
        while self.queue and (placement := self._place(self.queue[0], self.free)):
            self._start(self.queue.pop(0), placement, now)
        if self.policy is Policy.EASY and len(self.queue) > 1:
            self._backfill(now)

    def _place(self, job: int, free: Sequence[int]) -> Placement | None:
        return place(free, self.size, self.jobs.demand[job])

    def _start(self, job: int, placement: Placement, now: int) -> None:
        self.starts[job] = now
        self.placements[job] = placement
        take(self.free, placement)
        heapq.heappush(self.ends, (now + self.jobs.duration[job], job))

    def _backfill(self, now: int) -> None:
        head = self.queue[0]
        shadow, then = self._shadow(head)
        for job in self.queue[1:]:
            placement = self._place(job, self.free)
            if placement is None:
                continue
            if now + self.jobs.estimate[job] > shadow:
                take(then, placement)
                if self._place(head, then) is None:
                    give_back(then, placement)
                    continue
            self._start(job, placement, now)
            self.queue.remove(job)

    def _shadow(self, head: int) -> tuple[int, list[int]]:
        """Return when the head could be placed if all estimates were right, and what each node has free then."""
        then = list(self.free)
        promised = sorted((self.starts[job] + self.jobs.estimate[job], job) for job in self.placements)
        shadow = promised[0][0]
        for end, job in promised:
            if end > shadow and self._place(head, then):
                break
            shadow = end
            give_back(then, self.placements[job])
        return shadow, then


def take(free: list[int], placement: Placement) -> None:
    """Take the units of a placement from what nodes have free."""
    for node, units in placement:
        free[node] -= units


def give_back(free: list[int], placement: Placement) -> None:
    """Give the units of a placement back to its nodes."""
    for node, units in placement:
        free[node] += units
