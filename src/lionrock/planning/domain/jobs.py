"""Jobs in columns: as a trace has them, and as a simulator takes them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

UNKNOWN = -1
"""What traces write for a number that is not known."""


class Unit(StrEnum):
    """What a pool is made of, and what jobs ask for."""

    GPUS = "gpus"
    CPUS = "cpus"
    NODES = "nodes"


class Estimates(StrEnum):
    """Whether a scheduler is told what users asked for, or how long jobs will really run."""

    REQUESTED = "requested"
    EXACT = "exact"


class Label(StrEnum):
    """Names that a trace has for its jobs."""

    CLUSTER = "vc"
    USER = "user"


@dataclass(frozen=True)
class Trace:
    """Jobs as a file has them, in the order of the file; seconds, and units of demand.

    Each column is a signed 64-bit array of the same length. `requested` is the time that the user
    asked for; `UNKNOWN` stands for what the file does not say. `labels` has the virtual cluster or the user
    of each job, or is empty where nobody asked. `parts` counts lines that were no jobs of their own.
    """

    unit: Unit
    ids: array[int]
    submit: array[int]
    duration: array[int]
    demand: array[int]
    requested: array[int]
    labels: list[str]
    parts: int = 0

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Jobs:
    """Jobs that can be scheduled, in the order of the queue: (submit time, place in the file).

    Durations and demands are above zero, and no estimate is below its duration: `cleaning.clean`
    sees to it.
    """

    ids: array[int]
    submit: array[int]
    duration: array[int]
    estimate: array[int]
    demand: array[int]

    def __len__(self) -> int:
        return len(self.ids)

    def chosen(self, places: Sequence[int]) -> Jobs:
        """Return some of the jobs, in the order of their places."""
        columns = (self.ids, self.submit, self.duration, self.estimate, self.demand)
        return Jobs(*(array("q", map(column.__getitem__, places)) for column in columns))
