"""A machine whose nodes are of several kinds and come and go, and the jobs that meet it.

A pool whose units come and go is an estate of nodes of one unit each.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from itertools import accumulate

from lionrock.planning.domain.jobs import Jobs

NEVER = (1 << 63) - 1
"""A second that does not come: the end of what has none."""
LONG_AGO = -(1 << 62)
"""A second before all others: the start of what has none, or when what was always known was said."""
THOUSAND = 1000
"""Speeds are in thousandths of that of the machine on which the trace was taken."""
Placement = list[tuple[int, int]]
"""Which nodes a job holds, and how many units of each."""


class Manner(IntEnum):
    """What becomes of a job that others may push aside: it stays, or it gives way."""

    STAYS = 0
    QUEUES_AGAIN = 1
    IS_CANCELLED = 2


class Fate(IntEnum):
    """What becomes of jobs on a node that closes while they run."""

    FINISH = 0
    """They run on to their end; only then is the node empty."""
    LEAVE = 1
    """They have the grace time of the rules, then go as one that was pushed aside; who stays queues again."""
    STOP = 2
    """They stop at once and queue again, to start from their beginning."""
    LOSE = 3
    """They stop at once and are lost."""


class Outcome(Enum):
    """How a run of a job ended; its value is the number that the kernel has for it."""

    FINISHED = 0
    GAVE_WAY = 1
    """Pushed aside, and queued again."""
    CANCELLED = 2
    """Pushed aside for good."""
    STOPPED = 3
    """Its node closed, and it queued again."""
    LOST = 4
    """Its node closed for good."""


@dataclass(frozen=True)
class Kind:
    """Equal nodes of one kind of accelerator or processor; `size` is how many units each has."""

    name: str
    nodes: int
    size: int


@dataclass(frozen=True)
class Window:
    """A node is closed in [since, until); the scheduler knows of it from the second `announced` on.

    Orders not yet delivered close a node from `LONG_AGO`; what leaves for good is closed until `NEVER`. A lease
    that is lent while it is idle is `lent`: closed only to those that do not give way.
    """

    node: int
    since: int
    until: int
    announced: int = LONG_AGO
    fate: Fate = Fate.FINISH
    lent: bool = False

    @property
    def known(self) -> int:
        """Return when the scheduler knows: at the latest when it begins."""
        return min(self.announced, self.since)


@dataclass(frozen=True)
class Estate:
    """Kinds of nodes, numbered through from 0 in the order of the kinds, and when nodes are closed.

    `speeds` has a row for each class of work and a column for each kind, in thousandths; 0 means that such
    work cannot run, or does not want to run, there.
    """

    kinds: Sequence[Kind]
    windows: Sequence[Window] = ()
    speeds: Sequence[Sequence[int]] = ((THOUSAND,),)

    @property
    def nodes(self) -> int:
        """Return how many nodes there are in all."""
        return sum(kind.nodes for kind in self.kinds)

    @property
    def capacity(self) -> int:
        """Return the units of all nodes, open or closed."""
        return sum(kind.nodes * kind.size for kind in self.kinds)

    def lasting(self) -> list[Window]:
        """Return the windows that are longer than nothing, in their order."""
        return [window for window in self.windows if window.since < window.until]

    def firsts(self) -> list[int]:
        """Return the number of the first node of each kind."""
        return [0, *accumulate(kind.nodes for kind in self.kinds)][:-1]

    def preferences(self) -> list[list[int]]:
        """Return for each class of work the kinds that it may run on: the fastest first, then as they stand."""
        return [[kind for kind in _fastest_first(row) if row[kind]] for row in self.speeds]


@dataclass(frozen=True)
class Work:
    """Jobs, and of each: its class of work, its manner, its account and its quality of service (0 to 1000).

    An empty column stands for nothing but zeros.
    """

    jobs: Jobs
    classes: array[int]
    manners: array[int]
    accounts: array[int]
    qualities: array[int]

    @staticmethod
    def of(
        jobs: Jobs,
        *,
        classes: Sequence[int] = (),
        manners: Sequence[int] = (),
        accounts: Sequence[int] = (),
        qualities: Sequence[int] = (),
    ) -> Work:
        """Return the same with columns filled up."""
        columns = (array("q", column or bytes(8 * len(jobs))) for column in (classes, manners, accounts, qualities))
        return Work(jobs, *columns)


@dataclass(frozen=True)
class Run:
    """A job held nodes of one kind from a second up to another; `node` is the lowest number of them."""

    job: int
    """Its place among the jobs."""
    start: int
    end: int
    kind: int
    node: int
    outcome: Outcome


@dataclass(frozen=True)
class Operation:
    """All runs, in the order in which they ended; a job may have several, or none if it never could start."""

    runs: Sequence[Run]

    def last_runs(self) -> dict[int, Run]:
        """Return the last run of each job that has any."""
        return {run.job: run for run in self.runs}

    def finished(self) -> Iterator[Run]:
        """Yield the runs that came to their end."""
        return (run for run in self.runs if run.outcome is Outcome.FINISHED)

    def starts(self, jobs: int, missing: int = -1) -> list[int]:
        """Return when the last run of each job began, and `missing` for those that have none."""
        last = self.last_runs()
        return [last[job].start if job in last else missing for job in range(jobs)]


def _fastest_first(speeds: Sequence[int]) -> list[int]:
    return sorted(range(len(speeds)), key=lambda kind: -speeds[kind])


def takes(seconds: int, speed: int) -> int:
    """Return how long work of so many seconds takes at a speed in thousandths: whole seconds, rounded up."""
    return -(-seconds * THOUSAND // speed)


def fits_empty(demand: int, kind: Kind) -> bool:
    """Tell whether a job could be placed if every node of the kind were free and open."""
    return demand <= kind.nodes * kind.size
