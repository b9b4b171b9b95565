"""Conservative backfilling on one pool, simulated plainly: everybody who waits is promised a start.

A job that joins the queue is promised the earliest second from which it fits for as long as its estimate,
beside all that runs (as long as estimated) and all who were promised a start before it. When a job ends
before its estimate, each that waits, in the order of the queue, gives its promise back and is promised
the earliest second again, which is never later: its old place is still there.

At each second all ends free their units, then promises are made anew if an end was early, then all
submissions join the queue one by one, then those start whose promise is this second.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from lionrock.planning.domain.jobs import Jobs

Held = tuple[int, int, int]
"""From a second, up to another, so many units."""


def starts(jobs: Jobs, capacity: int) -> list[int]:
    """Return the second at which each job starts, in the order of the jobs."""
    return _Pool(jobs, capacity).run()


def first_promises(jobs: Jobs, capacity: int) -> list[int]:
    """Return the second that each job was promised when it joined the queue."""
    pool = _Pool(jobs, capacity)
    pool.run()
    return pool.first_promises


class _Pool:
    def __init__(self, jobs: Jobs, capacity: int) -> None:
        self.jobs = jobs
        self.capacity = capacity
        self.promises: dict[int, int] = {}
        """Of those that wait, in the order of the queue."""
        self.running: set[int] = set()
        self.ends: list[tuple[int, int]] = []
        """A heap of (end, job)."""
        self.starts = [0] * len(jobs)
        self.first_promises: list[int] = []

    def run(self) -> list[int]:
        submitted = 0
        while submitted < len(self.jobs) or self.ends or self.promises:
            now = min([*(end for end, _ in self.ends[:1]), *self.jobs.submit[submitted:][:1], *self.promises.values()])
            if self._end(now):
                self._promise_anew(now)
            while submitted < len(self.jobs) and self.jobs.submit[submitted] == now:
                self.promises[submitted] = self._earliest(submitted, now)
                self.first_promises.append(self.promises[submitted])
                submitted += 1
            for job in [job for job, promise in self.promises.items() if promise == now]:
                self._start(job, now)
        return self.starts

    def _end(self, now: int) -> bool:
        """Tell whether any job ended before its estimate."""
        early = False
        while self.ends and self.ends[0][0] == now:
            _, job = heapq.heappop(self.ends)
            self.running.remove(job)
            early |= self.jobs.estimate[job] > self.jobs.duration[job]
        return early

    def _start(self, job: int, now: int) -> None:
        del self.promises[job]
        self.starts[job] = now
        self.running.add(job)
        heapq.heappush(self.ends, (now + self.jobs.duration[job], job))

    def _promise_anew(self, now: int) -> None:
        for job in self.promises:
            self.promises[job] = self._earliest(job, now)

    def _earliest(self, job: int, now: int) -> int:
        others = {other: start for other, start in self.promises.items() if other != job}
        others |= {other: self.starts[other] for other in self.running}
        held = [(start, start + self.jobs.estimate[other], self.jobs.demand[other]) for other, start in others.items()]
        # More becomes free only where something ends.
        for start in sorted({now, *(end for _, end, _ in held)}):
            if _most(held, start, start + self.jobs.estimate[job]) + self.jobs.demand[job] <= self.capacity:
                return start
        raise ValueError(f"job {self.jobs.ids[job]} is larger than the pool")


def _most(held: Iterable[Held], first: int, end: int) -> int:
    """Return the most units that are held at once in [first, end)."""
    within = [(max(since, first), until, units) for since, until, units in held if since < end and until > first]
    return max((sum(units for since, until, units in within if since <= at < until) for at, _, _ in within), default=0)
