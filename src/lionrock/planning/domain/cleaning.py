"""What is left out of a trace before it is replayed, what is changed, and how often: no job goes silently.

The first reason that holds is the one that is counted, in the order of `LeftOut`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress, islice, repeat
from operator import lt
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.planning.domain.jobs import UNKNOWN, Estimates, Jobs, Trace

LATEST: Final = (1 << 62) - 1
"""The latest second that may be reached: the kernel counts in 64 bits."""


class LeftOut(StrEnum):
    """Why a row of a trace is not replayed."""

    PART = "part of another job"
    NO_SUBMIT_TIME = "no submit time"
    NO_LENGTH = "length of 0 or not known"
    NO_DEMAND = "no demand or not known"
    NO_CLUSTER = "in a virtual cluster that the machine has not"
    TOO_LARGE = "larger than the pool or virtual cluster"


class Changed(StrEnum):
    """What was done to rows that are replayed."""

    ESTIMATE_MISSING = "without estimate: the run time stands in"
    ESTIMATE_RAISED = "estimate below the run time: raised to it"
    OUT_OF_ORDER = "submitted before the row above it: sorted"
    SAME_ID = "with an id that another row has: both kept"


@dataclass(frozen=True)
class Cleaned:
    """What can be replayed, and the account of everything else."""

    jobs: Jobs
    places: Sequence[int]
    """The row of each job in the trace, from 0."""
    rows: int
    left_out: Mapping[LeftOut, int]
    changed: Mapping[Changed, int]


def clean(trace: Trace, capacity: int | Mapping[str, int], estimates: Estimates) -> Cleaned:
    """Return the jobs that a pool, or the virtual clusters, of so many units can run.

    Raises `Invalid` if there are none.
    """
    left_out = Counter({LeftOut.PART: trace.parts})
    kept = _kept(trace, _limits(trace, capacity))
    if len(kept) < len(trace):
        left_out += _count_left_out(trace, _limits(trace, capacity))
    changed: Counter[Changed] = Counter()
    order = _in_order(trace.submit, kept, changed)
    ids = _chosen(trace.ids, order)
    changed[Changed.SAME_ID] = len(ids) - len(set(ids))
    jobs = Jobs(
        ids,
        _chosen(trace.submit, order),
        _chosen(trace.duration, order),
        _estimates(trace, order, estimates, changed),
        _chosen(trace.demand, order),
    )
    _check(trace, jobs, capacity)
    return Cleaned(jobs, order, len(trace) + trace.parts, +left_out, +changed)


def reason(submit: int, duration: int, demand: int, capacity: int) -> LeftOut | None:
    """Return why a job is left out of so many units, if it is; none at all is a cluster that is not there."""
    if submit < 0:
        return LeftOut.NO_SUBMIT_TIME
    if duration <= 0:
        return LeftOut.NO_LENGTH
    if demand <= 0:
        return LeftOut.NO_DEMAND
    if not capacity:
        return LeftOut.NO_CLUSTER
    return LeftOut.TOO_LARGE if demand > capacity else None


def _limits(trace: Trace, capacity: int | Mapping[str, int]) -> Iterable[int]:
    """Return what the job of each row could get at most."""
    if isinstance(capacity, int):
        return repeat(capacity, len(trace))
    return (capacity.get(name, 0) for name in trace.labels)


def _kept(trace: Trace, limits: Iterable[int]) -> Sequence[int]:
    rows = zip(trace.submit, trace.duration, trace.demand, limits, strict=True)
    fits = [submit >= 0 and duration > 0 and 0 < demand <= capacity for submit, duration, demand, capacity in rows]
    if all(fits):
        return range(len(fits))
    return list(compress(range(len(fits)), fits))


def _count_left_out(trace: Trace, limits: Iterable[int]) -> Counter[LeftOut]:
    reasons = map(reason, trace.submit, trace.duration, trace.demand, limits)
    return Counter(why for why in reasons if why)


def _in_order(submit: array[int], kept: Sequence[int], changed: Counter[Changed]) -> Sequence[int]:
    times = _chosen(submit, kept)
    late = sum(map(lt, islice(times, 1, None), times))
    changed[Changed.OUT_OF_ORDER] = late
    # Sorting is stable, so that jobs of one second keep their places.
    return sorted(kept, key=submit.__getitem__) if late else kept


def _chosen(column: array[int], order: Sequence[int]) -> array[int]:
    # All rows as they stand is the rule for long traces, and costs nothing so.
    return column if order == range(len(column)) else array("q", map(column.__getitem__, order))


def _estimates(trace: Trace, order: Sequence[int], told: Estimates, changed: Counter[Changed]) -> array[int]:
    duration = _chosen(trace.duration, order)
    if told is Estimates.EXACT:
        return duration
    requested = _chosen(trace.requested, order)
    missing = requested.count(UNKNOWN)
    below = sum(map(lt, requested, duration))
    changed[Changed.ESTIMATE_MISSING] = missing
    changed[Changed.ESTIMATE_RAISED] = below - missing
    if missing == len(order):
        return duration
    return array("q", map(max, requested, duration)) if below else requested


def _check(trace: Trace, jobs: Jobs, capacity: int | Mapping[str, int]) -> None:
    if not jobs.ids:
        said = message(
            gettext_noop(
                "None of the {rows} rows can be replayed on {capacity} {unit}: each has no length, no demand in "
                "{unit}, or a demand above that. Choose another unit or a larger capacity."
            ),
            rows=len(trace),
            capacity=capacity if isinstance(capacity, int) else sum(capacity.values()),
            unit=trace.unit.value,
        )
        fault = Fault("planning.trace.nothing_left", said, field="unit", value=trace.unit.value)
        raise Invalid("planning.trace.nothing_left", said, faults=[fault])
    # No job can start later than if each waited for all before it, nor be expected to end later than this.
    if max(jobs.submit) + sum(jobs.duration) + max(jobs.estimate) > LATEST:
        said = message(gettext_noop("The times in the trace add up to more seconds than can be counted. Correct them."))
        raise Invalid(
            "planning.trace.too_long", said, faults=[Fault("planning.trace.too_long", said, field="duration")]
        )
