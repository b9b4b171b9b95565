"""Load to be drawn: jobs of an average centre, in whole numbers, and the same jobs for the same seed.

Two kinds. A *model* has the empirical distributions of a trace: how many jobs a week brought, at which hours of the
week, of which sizes, and how long those of a size ran (inverse transform of the empirical distribution in equal
parts, each standing for its mean, so that the work is that of the trace: A. M. Law, *Simulation Modeling and
Analysis*, 5th edition, 2015, chapters 6 and 8). A *trace* is resampled by its users' weeks, as
`domain/resampling.py` does it, which keeps bursts that a model loses.

Layers make more load of the same jobs: layer 0 is once the load, layer 1 once more, and of each layer a job is
there when its `mark` is below the level. So a scenario with more demand has all jobs of the one with less:
common random numbers, as they are called.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, pairwise
from random import Random
from typing import Final

from lionrock.planning.domain.jobs import Trace
from lionrock.planning.domain.resampling import WEEK, resample

HOUR: Final = 3600
MARKS: Final = 1 << 20
"""Marks and lots are below this."""
HOURS: Final = 168


@dataclass(frozen=True, slots=True)
class Shape:
    """Jobs of one size: how many of them among all, and how long they ran: the means of parts of equal probability."""

    size: int
    weight: int
    lengths: tuple[int, ...]


@dataclass(frozen=True)
class LoadModel:
    """A week of jobs, to be drawn from; `traced` is there when they are drawn from a trace itself."""

    id: str
    weekly: tuple[int, ...]
    """How many jobs each week of the trace brought; a drawn week is like one of them."""
    hours: tuple[int, ...]
    """Of how many jobs each hour of the week was the hour, Monday 00:00 first or whatever the trace began with."""
    shapes: tuple[Shape, ...]
    traced: Trace | None = field(default=None, compare=False)
    users: Sequence[str] = field(default=(), compare=False)

    def __hash__(self) -> int:
        return hash((self.id, self.weekly, self.shapes))

    @property
    def weekly_seconds(self) -> int:
        """Device-seconds of an average week, on the device that the model was measured on."""
        jobs = sum(shape.weight for shape in self.shapes) or 1
        work = sum(shape.weight * shape.size * sum(shape.lengths) // len(shape.lengths) for shape in self.shapes)
        return work * sum(self.weekly) // (jobs * max(len(self.weekly), 1))


@dataclass(frozen=True)
class Stream:
    """Jobs in the order of their submission: seconds, devices, seconds of work on the reference device.

    `mark` says at which level a job is there, `lot` whose it is and where it goes.
    """

    submit: array[int]
    size: array[int]
    work: array[int]
    mark: array[int]
    lot: array[int]

    def __len__(self) -> int:
        return len(self.submit)


Row = tuple[int, int, int, int, int]


@lru_cache(maxsize=4)
def stream(model: LoadModel, seed: int, layer: int, weeks: int) -> Stream:
    """Return a layer of the load for a seed; it does not depend on anything else."""
    rows = _resampled(model, seed, layer, weeks) if model.traced else _drawn(model, seed, layer, weeks)
    columns = zip(*sorted(rows), strict=True)
    return Stream(*(array("q", column) for column in columns)) if weeks else Stream(*(array("q") for _ in range(5)))


def _random(seed: int, purpose: str) -> Random:
    # The same numbers for the same seed are what is wanted here; nothing is to be kept secret.
    return Random(f"lionrock {seed} {purpose}")  # noqa: S311


def chance(seed: int, purpose: str) -> int:
    """Return a number below `MARKS` for one thing that may happen or not."""
    return _random(seed, purpose).getrandbits(20)


def _drawn(model: LoadModel, seed: int, layer: int, weeks: int) -> Iterator[Row]:
    random = _random(seed, f"load {layer}")
    hours, shapes = list(accumulate(model.hours)), list(accumulate(shape.weight for shape in model.shapes))
    for week in range(weeks):
        for _ in range(model.weekly[random.getrandbits(32) % len(model.weekly)]):
            # One draw of bits a job, cut into its parts, is several times as quick as one for each.
            bits = random.getrandbits(160)
            hour = bisect_right(hours, (bits & 0xFFFFFFFF) * hours[-1] >> 32)
            shape = model.shapes[bisect_right(shapes, (bits >> 32 & 0xFFFFFFFF) * shapes[-1] >> 32)]
            submit = week * WEEK + hour * HOUR + ((bits >> 64 & 0xFFFF) * HOUR >> 16)
            work = shape.lengths[(bits >> 80 & 0xFFFFFFFF) * len(shape.lengths) >> 32]
            yield submit, shape.size, work, bits >> 112 & MARKS - 1, bits >> 136 & MARKS - 1


def _resampled(model: LoadModel, seed: int, layer: int, weeks: int) -> Iterator[Row]:
    trace = model.traced
    if trace is None:
        return
    drawn = resample(trace.submit, model.users, weeks=weeks, percent=100, random=_random(seed, f"load {layer}"))
    for row, submit in drawn:
        if trace.duration[row] > 0 and trace.demand[row] > 0:
            # Of a user's week all jobs are there or none, so that less load is fewer users.
            mark = _digest(seed, layer, submit // WEEK, model.users[row])
            yield submit, trace.demand[row], trace.duration[row], mark, _digest(seed, model.users[row])


def _digest(*parts: object) -> int:
    return int.from_bytes(sha256(" ".join(map(str, parts)).encode()).digest()[:4]) & MARKS - 1


def fit(trace: Trace, parts: int = 100) -> LoadModel:
    """Return the model of a trace of at least a week: its whole weeks, hours of the week, sizes and lengths."""
    rows = [row for row in range(len(trace)) if trace.submit[row] >= 0 < min(trace.duration[row], trace.demand[row])]
    first = min((trace.submit[row] for row in rows), default=0)
    whole = max((trace.submit[row] for row in rows), default=0) + 1 - first
    weekly = [0] * (whole // WEEK)
    hours = [0] * HOURS
    sizes: dict[int, list[int]] = {}
    for row in rows:
        since = trace.submit[row] - first
        if since // WEEK < len(weekly):
            weekly[since // WEEK] += 1
            hours[since % WEEK // HOUR] += 1
            sizes.setdefault(trace.demand[row], []).append(trace.duration[row])
    shapes = [Shape(size, len(found), _means(sorted(found), parts)) for size, found in sorted(sizes.items())]
    return LoadModel("fitted", tuple(weekly), tuple(hours), tuple(shapes))


def _means(found: Sequence[int], parts: int) -> tuple[int, ...]:
    parts = min(parts, len(found))
    cuts = [len(found) * part // parts for part in range(parts + 1)]
    return tuple(sum(found[one:other]) // (other - one) for one, other in pairwise(cuts))
