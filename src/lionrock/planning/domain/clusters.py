"""Virtual clusters: each has nodes of its own, and its jobs run there and nowhere else."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lionrock.planning.domain.gangs import Machine
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.pool import Policy

Engine = Callable[[Jobs, Machine, Policy], Sequence[int]]


@dataclass(frozen=True)
class Part:
    """The jobs of one virtual cluster, and where they stand among all."""

    name: str
    machine: Machine
    places: list[int]
    jobs: Jobs


def parts(jobs: Jobs, names: Sequence[str], machines: Mapping[str, Machine]) -> Iterator[Part]:
    """Yield the virtual clusters that have jobs, in the order of the machine."""
    places: dict[str, list[int]] = {name: [] for name in machines}
    for place, name in enumerate(names):
        places[name].append(place)
    for name, chosen in places.items():
        if chosen:
            yield Part(name, machines[name], chosen, jobs.chosen(chosen))


def starts(jobs: Jobs, found: Sequence[Part], policy: Policy, engine: Engine) -> array[int]:
    """Return the second at which each job starts, in the order of the jobs."""
    schedule = array("q", bytes(8 * len(jobs)))
    for part in found:
        for place, start in zip(part.places, engine(part.jobs, part.machine, policy), strict=True):
            schedule[place] = start
    return schedule
