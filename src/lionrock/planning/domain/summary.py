"""What a schedule comes to: waiting, and use against capacity. Exact: integers and fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lionrock.planning.domain.jobs import Jobs


@dataclass(frozen=True)
class Summary:
    """A schedule in numbers; times in seconds of the trace, demand in unit-seconds."""

    jobs: int
    waited: int
    """Jobs that did not start when they were submitted."""
    mean_wait: Fraction
    median_wait: int
    """The lower of the two in the middle, where the number of jobs is even."""
    longest_wait: int
    first_submit: int
    last_end: int
    used: int
    capacity: int
    """Unit-seconds of the whole pool from the first submission to the last end."""

    @property
    def utilisation(self) -> Fraction:
        """Return use ÷ capacity of the same time."""
        return Fraction(self.used, self.capacity)


def summarise(jobs: Jobs, starts: Sequence[int], capacity: int) -> Summary:
    """Sum a schedule of at least one job up."""
    waits = sorted(start - submit for start, submit in zip(starts, jobs.submit, strict=True))
    first = jobs.submit[0]
    last = max(start + duration for start, duration in zip(starts, jobs.duration, strict=True))
    return Summary(
        jobs=len(jobs),
        waited=sum(wait > 0 for wait in waits),
        mean_wait=Fraction(sum(waits), len(waits)),
        median_wait=waits[(len(waits) - 1) // 2],
        longest_wait=waits[-1],
        first_submit=first,
        last_end=last,
        used=sum(duration * demand for duration, demand in zip(jobs.duration, jobs.demand, strict=True)),
        capacity=capacity * (last - first),
    )
