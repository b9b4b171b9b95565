"""One pool of equal units, simulated plainly: the definition that the fast kernel has to equal.

The rules, with their tie-breaking, are written out in `docs/explanation/planning.md`.
"""

from __future__ import annotations

import heapq
from enum import StrEnum

from lionrock.planning.domain.jobs import Jobs


class Policy(StrEnum):
    """Who is first in the queue, and who may start when the first has to wait.

    First come first served and shortest first: nobody. EASY: whoever does not delay the first.
    Conservative: whoever delays nobody before it.
    """

    FCFS = "fcfs"
    EASY = "easy"
    CONSERVATIVE = "conservative"
    SJF = "sjf"


class Passes(StrEnum):
    """When the scheduler looks at the queue."""

    EACH_TIME = "each-time"
    EACH_EVENT = "each-event"


def starts(jobs: Jobs, capacity: int, policy: Policy, passes: Passes) -> list[int]:
    """Return the second at which each job starts, in the order of the jobs: first come first served, or EASY.

    Shortest first is in `gangs`, for nodes of one unit each are a pool, and `conservative` stands alone.
    """
    if policy not in {Policy.FCFS, Policy.EASY}:
        raise ValueError(f"{policy} is not simulated here")
    return _Pool(jobs, capacity, policy).run(passes)


class _Pool:
    def __init__(self, jobs: Jobs, capacity: int, policy: Policy) -> None:
        self.jobs = jobs
        self.policy = policy
        self.free = capacity
        self.queue: list[int] = []
        """Jobs that wait, by their place; they join in the order of (submit time, place in the file)."""
        self.running: dict[int, int] = {}
        """The end of each running job, if its estimate were right."""
        self.ends: list[tuple[int, int, int]] = []
        """A heap of (end, how many had started before, job)."""
        self.submitted = 0
        self.starts = [0] * len(jobs)
        self.started = 0

    def run(self, passes: Passes) -> list[int]:
        act = self._each_time if passes is Passes.EACH_TIME else self._each_event
        while self.submitted < len(self.jobs) or self.ends:
            act(self._next_time())
        return self.starts

    def _next_time(self) -> int:
        times = [self.ends[0][0]] if self.ends else []
        if self.submitted < len(self.jobs):
            times.append(self.jobs.submit[self.submitted])
        return min(times)

    def _each_time(self, now: int) -> None:
        while self._ends_at(now):
            self._end_one()
        while self._submits_at(now):
            self._submit_one()
        self._pass(now)

    def _each_event(self, now: int) -> None:
        while self._submits_at(now):
            self._submit_one()
            self._pass(now)
        while self._ends_at(now):
            self._end_one()
            self._pass(now)

    def _ends_at(self, now: int) -> bool:
        return bool(self.ends) and self.ends[0][0] == now

    def _submits_at(self, now: int) -> bool:
        return self.submitted < len(self.jobs) and self.jobs.submit[self.submitted] == now

    def _end_one(self) -> None:
        _, _, job = heapq.heappop(self.ends)
        del self.running[job]
        self.free += self.jobs.demand[job]

    def _submit_one(self) -> None:
        self.queue.append(self.submitted)
        self.submitted += 1

    def _start(self, job: int, now: int) -> None:
        self.starts[job] = now
        self.free -= self.jobs.demand[job]
        self.running[job] = now + self.jobs.estimate[job]
        heapq.heappush(self.ends, (now + self.jobs.duration[job], self.started, job))
        self.started += 1

    def _pass(self, now: int) -> None:
        gone = 0
        while gone < len(self.queue) and self.jobs.demand[self.queue[gone]] <= self.free:
            self._start(self.queue[gone], now)
            gone += 1
        del self.queue[:gone]
        if self.policy is Policy.EASY and len(self.queue) > 1 and self.free:
            self._backfill(now)

    def _backfill(self, now: int) -> None:
        shadow, extra = self._shadow(self.jobs.demand[self.queue[0]])
        gone = set()
        for job in self.queue[1:]:
            demand = self.jobs.demand[job]
            if demand > self.free:
                continue
            if now + self.jobs.estimate[job] > shadow:
                if demand > extra:
                    continue
                extra -= demand
            self._start(job, now)
            gone.add(job)
        if gone:
            self.queue = [job for job in self.queue if job not in gone]

    def _shadow(self, demand: int) -> tuple[int, int]:
        """Return when so many units would be free, and how many more would be free then."""
        free, shadow = self.free, 0
        for end, job in sorted((end, job) for job, end in self.running.items()):
            if free >= demand and end > shadow:
                break
            free, shadow = free + self.jobs.demand[job], end
        return shadow, free - demand
