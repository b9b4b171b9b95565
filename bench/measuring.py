"""Taking times: the best of some rounds, so that a busy machine disturbs little."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 3


@dataclass(frozen=True)
class Measured:
    """One thing that was done to so many records, and how long it took."""

    what: str
    records: int
    seconds: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / max(self.seconds, 1e-9)

    def row(self, *others: Measured) -> list[str]:
        """Return the row of a table: the rate, and its ratio to that of each other."""
        return [self.what, f"{self.rate:,.0f}", *(f"{self.rate / other.rate:.3f}" for other in others)]


def cpu(what: str, records: int, act: Callable[[], object]) -> Measured:
    """Measure the CPU time of this process, all its threads together."""
    return Measured(what, records, min(_seconds(act, time.process_time) for _ in range(ROUNDS)))


def wall(what: str, records: int, act: Callable[[], object]) -> Measured:
    """Measure the time on the clock, once: what the database does is not this process's time."""
    return Measured(what, records, _seconds(act, time.perf_counter))


def _seconds(act: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    act()
    return clock() - began
