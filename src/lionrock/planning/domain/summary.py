"""What a schedule comes to: waiting, and use against capacity. Exact: integers and fractions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import add, mul, sub

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
    waits = sorted(map(sub, starts, jobs.submit))
    first = jobs.submit[0]
    last = max(map(add, starts, jobs.duration))
    return Summary(
        jobs=len(jobs),
        waited=len(waits) - bisect_right(waits, 0),
        mean_wait=Fraction(sum(waits), len(waits)),
        median_wait=waits[(len(waits) - 1) // 2],
        longest_wait=waits[-1],
        first_submit=first,
        last_end=last,
        used=sum(map(mul, jobs.duration, jobs.demand)),
        capacity=capacity * (last - first),
    )


def fixed(value: Fraction, places: int) -> str:
    """Return a fraction of zero or more with so many decimals, half up."""
    shifted = (value * 10**places * 2 + 1) // 2
    return f"{shifted // 10**places}.{shifted % 10**places:0{places}}"
