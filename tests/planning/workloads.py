"""Jobs for tests: written out, or drawn at random with much that is equal, so that ties are many."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterable, Sequence

from lionrock.planning.domain.estate import LONG_AGO, NEVER, Estate, Fate, Kind, Manner, Window, Work
from lionrock.planning.domain.gangs import Machine
from lionrock.planning.domain.jobs import Jobs, Trace, Unit
from lionrock.planning.domain.operating import Rules
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.priority import Priority

Row = tuple[int, int, int, int]
"""Submit time, run time, estimate, demand."""


def jobs_of(rows: Iterable[Row]) -> Jobs:
    """Return jobs numbered from 1, in the order given."""
    given = list(rows)
    columns = (array("q", column) for column in zip(*given, strict=True))
    return Jobs(array("q", range(1, len(given) + 1)), *columns)


def trace_of(
    rows: Sequence[tuple[int, int, int, int, int]],
    unit: Unit = Unit.GPUS,
    *,
    parts: int = 0,
    clusters: Sequence[str] = (),
) -> Trace:
    """Return a trace of (id, submit time, run time, demand, requested time)."""
    columns = [array("q", column) for column in zip(*rows, strict=True)]
    return Trace(unit, *columns, list(clusters), parts)


def random_jobs(draw: random.Random, most: int = 60) -> tuple[Jobs, int]:
    """Return some jobs, and the capacity of a pool in which each fits."""
    capacity = draw.randint(1, 12)
    span = draw.choice((1, 20, 100, 400))
    rows = sorted(_row(draw, span, capacity) for _ in range(draw.randint(1, most)))
    return jobs_of(rows), capacity


def random_gangs(draw: random.Random, most: int = 60) -> tuple[Jobs, Machine]:
    """Return some jobs, and nodes on which each fits."""
    machine = Machine(draw.randint(1, 6), draw.choice((1, 2, 4, 8)))
    span = draw.choice((1, 20, 100, 400))
    rows = sorted(_row(draw, span, draw.choice((machine.size, machine.capacity))) for _ in range(draw.randint(1, most)))
    return jobs_of(rows), machine


def crowded_jobs(draw: random.Random, count: int) -> tuple[Jobs, int]:
    """Return jobs of which hundreds run and thousands wait at once."""
    capacity = 300
    rows = []
    for _ in range(count):
        length = draw.randint(1, 3_000)
        estimate = draw.choice((length, length + draw.randint(0, 3_000), 6_000))
        demand = draw.randint(1, capacity) if draw.random() < 0.05 else draw.randint(1, 3)
        rows.append((draw.randint(0, 6_000), length, estimate, demand))
    rows.sort(key=lambda row: row[0])
    return jobs_of(rows), capacity


def random_operation(draw: random.Random, most: int = 40) -> tuple[Work, Estate, Rules]:
    """Return jobs, a machine of several kinds of nodes that come and go, and rules: any of all, together."""
    kinds = [Kind(str(each), draw.randint(1, 4), draw.choice((1, 2, 4, 8))) for each in range(draw.randint(1, 3))]
    span = draw.choice((20, 100, 400))
    nodes = sum(kind.nodes for kind in kinds)
    windows = [_window(draw, nodes, span) for _ in range(draw.choice((0, 0, 2, 5, 9)))]
    speeds = [[draw.choice((0, 500, 1000, 1000, 1500)) for _ in kinds] for _ in range(draw.randint(1, 3))]
    largest = max(kind.nodes * kind.size for kind in kinds)
    rows = sorted(_row(draw, span, draw.choice((2, largest, largest + 1))) for _ in range(draw.randint(1, most)))
    shares = [draw.randint(1, 3) for _ in range(draw.randint(1, 4))]
    pushy = draw.random() < 0.7
    work = Work.of(
        jobs_of(rows),
        classes=[draw.randrange(len(speeds)) for _ in rows],
        manners=[draw.choice((Manner.STAYS, *Manner)) if pushy else Manner.STAYS for _ in rows],
        accounts=[draw.randrange(len(shares)) for _ in rows],
        qualities=[draw.choice((0, 500, 1000)) for _ in rows],
    )
    rules = Rules(
        draw.choice((Policy.FCFS, Policy.EASY, Policy.EASY, Policy.SJF)),
        _priority(draw, shares) if draw.random() < 0.5 else None,
        draw.choice(list(Passes)),
        grace=draw.choice((0, 0, 3, 10)),
        depth=draw.choice((0, 0, 2)),
    )
    return work, Estate(kinds, windows, speeds), rules


def _window(draw: random.Random, nodes: int, span: int) -> Window:
    since = draw.choice((LONG_AGO, draw.randint(0, span), draw.randint(0, span)))
    until = draw.choice((NEVER, max(since, 0) + draw.randint(0, 60), max(since, 0) + draw.randint(0, 60)))
    announced = draw.choice((LONG_AGO, since, max(0, since - 10)))
    return Window(draw.randrange(nodes), since, until, announced, draw.choice(list(Fate)), draw.random() < 0.3)


def _priority(draw: random.Random, shares: Sequence[int]) -> Priority:
    return Priority(
        age=draw.randint(0, 5),
        fair_share=draw.randint(0, 50),
        size=draw.randint(0, 3),
        quality=draw.randint(0, 10),
        shares=shares,
        max_age=draw.randint(1, 100),
        half_life=draw.choice((0, 20, 100)),
        period=draw.choice((1, 7, 30)),
        favour_small=draw.random() < 0.5,
    )


def _row(draw: random.Random, span: int, capacity: int) -> Row:
    length = draw.randint(1, draw.choice((3, 30)))
    estimate = length + draw.choice((0, 0, draw.randint(0, 30)))
    return draw.randint(0, span), length, estimate, draw.randint(1, draw.choice((capacity, max(1, capacity // 3))))
