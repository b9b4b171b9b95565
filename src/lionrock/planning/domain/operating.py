"""A machine that changes, operated by rules, simulated plainly: the definition that the fast kernel has to equal.

Gangs on nodes of several kinds, packed as in `gangs`; nodes that are leased, maintained, delivered late, or
fail; priorities; jobs that give way to others. The rules, with their tie-breaking, are written out in
`docs/explanation/planning.md`; where nothing of this is asked for, the schedule is that of `gangs` and `pool`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lionrock.planning.domain.estate import (
    NEVER,
    Estate,
    Fate,
    Manner,
    Operation,
    Outcome,
    Placement,
    Run,
    Window,
    Work,
    fits_empty,
    takes,
)
from lionrock.planning.domain.gangs import give_back, place, take
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.priority import Priority, Standing

Spot = tuple[int, Placement]
"""A kind, and the nodes of it."""


@dataclass(frozen=True)
class Rules:
    """How the machine is operated.

    With a priority the queue is in its order, and `policy` says who may pass the first. `grace` is how many
    seconds those have who give way. `depth` is how many behind the first backfilling looks at; 0 is all.
    """

    policy: Policy = Policy.EASY
    priority: Priority | None = None
    passes: Passes = Passes.EACH_TIME
    grace: int = 0
    depth: int = 0


def operate(work: Work, estate: Estate, rules: Rules) -> Operation:
    """Return what ran when and where. Jobs that no empty kind could hold do not run, and nobody waits for them.

    Raises `ValueError` for a policy that is for one pool only.
    """
    if rules.policy is Policy.CONSERVATIVE:
        raise ValueError("conservative backfilling is for one pool")
    return Operation(_Machine(work, estate, rules).run())


@dataclass
class _Running:
    number: int
    """How many runs had started before."""
    start: int
    end: int
    """When it ends, or when it leaves if it was told to."""
    promise: int
    """When it would end if its estimate were right, or when it leaves."""
    spot: Spot
    leaves: Outcome | None = None


class _Machine:
    def __init__(self, work: Work, estate: Estate, rules: Rules) -> None:
        self.work, self.jobs, self.estate, self.rules = work, work.jobs, estate, rules
        self.firsts, self.preferences = estate.firsts(), estate.preferences()
        self.free = [kind.size for kind in estate.kinds for _ in range(kind.nodes)]
        self.windows: list[list[Window]] = [[] for _ in self.free]
        lasting = estate.lasting()
        for window in lasting:
            self.windows[window.node].append(window)
        self.changes = sorted(_changes(lasting), key=lambda change: change[:2])
        self.changed = 0
        """How many changes of the windows are past."""
        self.now = min(self.jobs.submit, default=0)
        self.standing = Standing(rules.priority, self.now) if rules.priority else None
        self.queue: list[int] = []
        self.running: dict[int, _Running] = {}
        self.ends: list[tuple[int, int, int]] = []
        """A heap of (end, number of the run, job); of a run that was told to leave, the old one is stale."""
        self.submitted = self.started = 0
        self.runs: list[Run] = []

    # ---- events ----------------------------------------------------------------------------------

    def run(self) -> list[Run]:
        while (now := self._next_time()) is not None:
            self.now = now
            if self.standing:
                self.standing.catch_up(now)
            if self.rules.passes is Passes.EACH_TIME:
                list(self._ends())
                self._change()
                list(self._submissions())
                self._pass()
                continue
            for each in (self._submissions(), self._ends()):
                for _ in each:
                    self._pass()
            if self._change():
                self._pass()
        return self.runs

    def _next_time(self) -> int | None:
        while self.ends and self._stale(*self.ends[0]):
            heapq.heappop(self.ends)
        times = [self.ends[0][0]] if self.ends else []
        if self.submitted < len(self.jobs):
            times.append(self.jobs.submit[self.submitted])
        if self.changed < len(self.changes) and (times or self.queue):
            times.append(self.changes[self.changed][0])
        return min(times, default=None)

    def _stale(self, end: int, number: int, job: int) -> bool:
        found = self.running.get(job)
        return found is None or (found.number, found.end) != (number, end)

    def _ends(self) -> Iterator[None]:
        while self.ends and self.ends[0][0] == self.now:
            end = heapq.heappop(self.ends)
            if not self._stale(*end):
                job = end[2]
                self._end(job, self.running[job].leaves or Outcome.FINISHED)
                yield

    def _submissions(self) -> Iterator[None]:
        while self.submitted < len(self.jobs) and self.jobs.submit[self.submitted] == self.now:
            job = self.submitted
            self.submitted += 1
            if any(fits_empty(self.jobs.demand[job], self.estate.kinds[kind]) for kind in self._kinds(job)):
                self.queue.append(job)
                yield

    def _change(self) -> bool:
        """Let windows be announced, end and begin; tell whether any did."""
        before = self.changed
        while self.changed < len(self.changes) and self.changes[self.changed][0] <= self.now:
            _, begins, window = self.changes[self.changed]
            self.changed += 1
            if begins:
                self._close(window)
        return self.changed > before

    def _close(self, window: Window) -> None:
        hit = [job for job, run in self.running.items() if any(node == window.node for node, _ in run.spot[1])]
        for job in sorted(hit, key=lambda job: self.running[job].number):
            if window.fate is Fate.FINISH or (window.lent and self._gives_way(job)):
                continue
            if window.fate is Fate.LEAVE:
                self._leave(job)
            else:
                self._end(job, Outcome.STOPPED if window.fate is Fate.STOP else Outcome.LOST)

    # ---- jobs ------------------------------------------------------------------------------------

    def _gives_way(self, job: int) -> bool:
        return self.work.manners[job] != Manner.STAYS

    def _kinds(self, job: int) -> list[int]:
        return self.preferences[self.work.classes[job]]

    def _takes(self, job: int, seconds: Sequence[int], kind: int) -> int:
        return takes(seconds[job], self.estate.speeds[self.work.classes[job]][kind])

    def _start(self, job: int, spot: Spot) -> None:
        end = self.now + self._takes(job, self.jobs.duration, spot[0])
        promise = self.now + self._takes(job, self.jobs.estimate, spot[0])
        self.running[job] = _Running(self.started, self.now, end, promise, spot)
        heapq.heappush(self.ends, (end, self.started, job))
        self.started += 1
        take(self.free, spot[1])
        if self.standing:
            self.standing.change(self.work.accounts[job], self.jobs.demand[job], self.now)

    def _end(self, job: int, outcome: Outcome) -> None:
        run = self.running.pop(job)
        give_back(self.free, run.spot[1])
        if self.standing:
            self.standing.change(self.work.accounts[job], -self.jobs.demand[job], self.now)
        lowest = min(node for node, _ in run.spot[1])
        self.runs.append(Run(job, run.start, self.now, run.spot[0], lowest, outcome))
        if outcome in {Outcome.GAVE_WAY, Outcome.STOPPED}:
            self.queue.append(job)

    def _leave(self, job: int) -> None:
        """Tell a job to go within the grace time, as one that gives way."""
        run = self.running[job]
        outcome = Outcome.CANCELLED if self.work.manners[job] == Manner.IS_CANCELLED else Outcome.GAVE_WAY
        if not self.rules.grace:
            self._end(job, outcome)
        elif run.leaves is None and self.now + self.rules.grace < run.end:
            run.leaves = outcome
            run.end = run.promise = self.now + self.rules.grace
            heapq.heappush(self.ends, (run.end, run.number, job))

    # ---- passes ----------------------------------------------------------------------------------

    def _order(self, job: int) -> tuple[bool, int, int, int]:
        """Return what the queue is sorted by: who stays is before who gives way."""
        first = 0
        if self.standing:
            told = self.jobs.submit[job], self.jobs.demand[job], self.work.qualities[job]
            first = -self.standing.of(self.work.accounts[job], *told, self.estate.capacity)
        elif self.rules.policy is Policy.SJF:
            first = self.jobs.estimate[job]
        return self._gives_way(job), first, self.jobs.submit[job], job

    def _pass(self) -> None:
        self.queue.sort(key=self._order)
        head = 0
        while head < len(self.queue):
            job = self.queue[head]
            spot = self._spot(job, self.free, self.now) or self._make_room(job)
            if spot:
                self.queue.remove(job)
                self._start(job, spot)
                # Who was pushed aside waits again, behind.
                self.queue.sort(key=self._order)
                continue
            promised = self._shadow(job)
            if promised is None:
                head += 1
                continue
            if self.rules.policy is Policy.EASY:
                self._backfill(head, *promised)
            return

    def _backfill(self, first: int, shadow: int, then: list[int]) -> None:
        head, *behind = self.queue[first:]
        for job in behind[: self.rules.depth or None]:
            spot = self._spot(job, self.free, self.now)
            if spot is None:
                continue
            # Who gives way may sit where the head will go, if there is time to make it go.
            in_time = self._gives_way(job) and not self._gives_way(head) and shadow > self.now + self.rules.grace
            if not in_time and self.now + self._takes(job, self.jobs.estimate, spot[0]) > shadow:
                take(then, spot[1])
                if self._spot(head, then, shadow) is None:
                    give_back(then, spot[1])
                    continue
            self.queue.remove(job)
            self._start(job, spot)

    def _spot(self, job: int, free: Sequence[int], at: int) -> Spot | None:
        """Return where a job goes if nodes have so many free units at a second: on the first kind that has room."""
        for kind in self._kinds(job):
            until = at + self._takes(job, self.jobs.estimate, kind)
            first, nodes, size = self.firsts[kind], self.estate.kinds[kind].nodes, self.estate.kinds[kind].size
            room = [free[node] if self._open(node, job, at, until) else 0 for node in range(first, first + nodes)]
            found = place(room, size, self.jobs.demand[job])
            if found:
                return kind, [(first + node, units) for node, units in found]
        return None

    def _open(self, node: int, job: int, since: int, until: int) -> bool:
        """Tell whether a node is open to a job all the while, as far as is known now."""
        gives_way = self._gives_way(job)
        return not any(
            window.since < until
            and since < window.until
            and window.known <= self.now
            and not (window.lent and gives_way)
            for window in self.windows[node]
        )

    def _shadow(self, head: int) -> tuple[int, list[int]] | None:
        """Return when the head could be placed if all estimates were right, and what each node has free then.

        Before a head that stays, those that give way are gone within the grace time. There is no such second if
        the head could not even be placed when nobody runs.
        """
        gone = NEVER if self._gives_way(head) else self.now + self.rules.grace
        promised = [
            (min(run.promise, gone) if self._gives_way(job) else run.promise, run.spot[1])
            for job, run in self.running.items()
        ]
        known = (window for window in self.estate.lasting() if window.known <= self.now)
        opened = {window.until for window in known if self.now < window.until < NEVER}
        then = list(self.free)
        left = sorted(promised, key=lambda each: each[0])
        for at in sorted(opened.union(time for time, _ in left)):
            while left and left[0][0] <= at:
                give_back(then, left.pop(0)[1])
            if self._spot(head, then, at):
                return at, then
        return None

    def _make_room(self, head: int) -> Spot | None:
        """Push aside the youngest that give way, as many as it takes; return the spot if it is free now."""
        if self._gives_way(head):
            return None
        then = list(self.free)
        for run in self.running.values():
            if run.leaves:
                give_back(then, run.spot[1])
        if self._spot(head, then, self.now):
            return None  # enough is on its way
        chosen = self._enough(head, then)
        for job in chosen:
            self._leave(job)
        return self._spot(head, self.free, self.now) if chosen else None

    def _enough(self, head: int, then: list[int]) -> list[int]:
        can_go = [job for job, run in self.running.items() if self._gives_way(job) and not run.leaves]
        can_go.sort(key=lambda job: -self.running[job].number)
        chosen = []
        for job in can_go:
            chosen.append(job)
            give_back(then, self.running[job].spot[1])
            if self._spot(head, then, self.now):
                return self._spared(head, then, chosen)
        return []

    def _spared(self, head: int, then: list[int], chosen: list[int]) -> list[int]:
        """Return those without whom there would not be enough; the oldest is the first to be spared."""
        needed = []
        for job in reversed(chosen):
            take(then, self.running[job].spot[1])
            if self._spot(head, then, self.now) is None:
                give_back(then, self.running[job].spot[1])
                needed.append(job)
        return needed[::-1]


def _changes(windows: Iterable[Window]) -> Iterator[tuple[int, bool, Window]]:
    """Yield at which seconds something about a window changes, and whether it begins then."""
    for window in windows:
        yield window.since, True, window
        yield window.known, False, window
        if window.until < NEVER:
            yield window.until, False, window
