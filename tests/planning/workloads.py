"""Jobs for tests: written out, or drawn at random with much that is equal, so that ties are many."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterable, Sequence

from lionrock.planning.domain.gangs import Machine
from lionrock.planning.domain.jobs import Jobs, Trace, Unit

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


def _row(draw: random.Random, span: int, capacity: int) -> Row:
    length = draw.randint(1, draw.choice((3, 30)))
    estimate = length + draw.choice((0, 0, draw.randint(0, 30)))
    return draw.randint(0, span), length, estimate, draw.randint(1, draw.choice((capacity, max(1, capacity // 3))))
