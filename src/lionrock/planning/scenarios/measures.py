"""What a run comes to, in exact numbers: the list of measures, and each of them reckoned."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

from lionrock.controls.domain.figures import Figure
from lionrock.kernel.money import settle
from lionrock.kernel.periods import add_months
from lionrock.planning.scenarios.fleets import Group
from lionrock.planning.scenarios.running import Placed, Run, leases_of
from lionrock.planning.scenarios.values import Scenario

BOUND: Final = 10
"""Seconds below which a job's length counts as this, so that the shortest do not rule the mean slowdown.

D. G. Feitelson, "Metrics for parallel job scheduling and their convergence", JSSPP 2001.
"""
THOUSAND: Final = 1000
_DAY: Final = 86_400
_PETA: Final = 1000
"""Rates of the catalogue are of 10^12 operations a second."""
_KWH: Final = 3_600_000


class Unit(StrEnum):
    """How a measure is counted, and so how it is written."""

    SECONDS = "seconds"
    SHARE = "share"
    RATIO = "ratio"
    COUNT = "count"
    HOURS = "device_hours"
    PETAFLOP_HOURS = "petaflop_hours"
    MONEY = "money"
    KWH = "kwh"


class Better(StrEnum):
    """Which way a measure is better; of some nobody can say so without knowing what is wanted."""

    LESS = "less"
    MORE = "more"
    NEITHER = "neither"


MEASURES: Final[Mapping[str, tuple[Unit, Better]]] = {
    "wait": (Unit.SECONDS, Better.LESS),
    "turnaround": (Unit.SECONDS, Better.LESS),
    "slowdown": (Unit.RATIO, Better.LESS),
    "waiting_at_end": (Unit.COUNT, Better.LESS),
    "jobs_done": (Unit.COUNT, Better.MORE),
    "utilisation": (Unit.SHARE, Better.NEITHER),
    "device_hours": (Unit.HOURS, Better.NEITHER),
    "work_done": (Unit.HOURS, Better.MORE),
    "images_an_hour": (Unit.COUNT, Better.MORE),
    "fund": (Unit.MONEY, Better.NEITHER),
    "users": (Unit.MONEY, Better.NEITHER),
    "cost_of_work": (Unit.MONEY, Better.LESS),
    "cost_of_job": (Unit.MONEY, Better.LESS),
    "energy": (Unit.KWH, Better.NEITHER),
    "energy_of_work": (Unit.KWH, Better.LESS),
}
"""By its name; the wait of a class is `wait.CLASS`, petaflop-hours of a precision are `petaflop_hours.PRECISION`."""


def measure_kind(name: str) -> tuple[Unit, Better]:
    """Return how a measure is counted, and which way it is better."""
    if name.startswith("petaflop_hours."):
        return Unit.PETAFLOP_HOURS, Better.MORE
    return MEASURES[name.partition(".")[0]]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the jobs of a class and size waited, in seconds."""

    of: str
    size: int
    jobs: int
    total: int
    median: int
    ninetieth: int
    longest: int


@dataclass(frozen=True, slots=True)
class GroupUse:
    """Device-seconds of a kind of device in the period: used, and there."""

    accelerator: str
    used: int
    capacity: int


@dataclass(frozen=True, slots=True)
class MonthUse:
    """A calendar month of the period: device-seconds, and minor units that were charged and that the fund paid."""

    month: str
    used: int
    capacity: int
    charged: int
    fund: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that is kept of a run."""

    measures: Mapping[str, Fraction | None]
    waits: tuple[Waits, ...]
    groups: tuple[GroupUse, ...]
    months: tuple[MonthUse, ...]
    jobs: int
    left_out: int


@dataclass
class _Sums:
    waits: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    run: int = 0
    slowdown: int = 0
    waiting: int = 0
    done: int = 0
    used: list[list[int]] = field(default_factory=list)
    """Device-seconds by group and month."""
    billed: list[list[int]] = field(default_factory=list)
    """Those of them that are paid by use."""
    work: Fraction = Fraction(0)


def outcome(run: Run) -> Outcome:
    """Reckon everything up to the end of the period; waits are of all jobs that were submitted in it."""
    scenario = run.scenario
    edges = list(_edges(scenario))
    sums = _Sums()
    sums.used, sums.billed = ([[0] * (len(edges) - 1) for _ in run.groups] for _ in range(2))
    for pool in run.pools:
        used = _add(sums, pool, scenario, edges)
        for at, seconds in enumerate(used):
            sums.used[pool.group][at] += seconds
            sums.billed[pool.group][at] += 0 if pool.leased else seconds
        sums.work += _work(pool, run.groups[pool.group], scenario)
    months = tuple(_months(run, sums, edges))
    uses = tuple(
        GroupUse(group.item.id, sum(used), group.device_seconds(scenario.length))
        for group, used in zip(run.groups, sums.used, strict=True)
    )
    waits = tuple(_waits(scenario, sums))
    return Outcome(
        _measures(run, sums, uses, months, waits),
        waits,
        uses,
        months,
        sum(each.jobs for each in waits),
        run.left_out,
    )


def _edges(scenario: Scenario) -> Iterator[int]:
    """Yield the seconds at which calendar months begin, from the beginning of the period to its end."""
    yield 0
    month = add_months(scenario.begins.replace(day=1), 1)
    while (second := (month - scenario.begins).days * _DAY) < scenario.length:
        yield second
        month = add_months(month, 1)
    yield scenario.length


def _add(sums: _Sums, pool: Placed, scenario: Scenario, edges: Sequence[int]) -> list[int]:
    """Add the jobs of a pool up, and return the device-seconds that they used in each month."""
    used, end_of_all = [0] * (len(edges) - 1), scenario.length
    for submit, start, duration, size in zip(pool.submit, pool.starts, pool.duration, pool.size, strict=True):
        wait, end = start - submit, start + duration
        sums.waits.setdefault((scenario.class_of(size), size), []).append(wait)
        sums.run += duration
        sums.slowdown += max((wait + duration) * THOUSAND // max(duration, BOUND), THOUSAND)
        sums.done += end <= end_of_all
        if start >= end_of_all:
            sums.waiting += 1
            continue
        end = min(end, end_of_all)
        month = bisect_right(edges, start) - 1
        while edges[month + 1] < end:
            used[month] += (edges[month + 1] - start) * size
            month, start = month + 1, edges[month + 1]  # noqa: PLW2901 - the rest of the job
        used[month] += (end - start) * size
    return used


def _work(pool: Placed, group: Group, scenario: Scenario) -> Fraction:
    """Return the device-seconds of the reference that were done in the period."""
    by_class = [0] * len(scenario.classes)
    for start, duration, size in zip(pool.starts, pool.duration, pool.size, strict=True):
        by_class[scenario.class_of(size)] += max(min(start + duration, scenario.length) - start, 0) * size
    speeds = (scenario.speed(group.item, of) or Fraction(0) for of in scenario.classes)
    return sum((used * speed for used, speed in zip(by_class, speeds, strict=True)), Fraction(0))


def _months(run: Run, sums: _Sums, edges: Sequence[int]) -> Iterator[MonthUse]:
    scenario, first = run.scenario, run.scenario.begins.replace(day=1)
    for at, (begin, end) in enumerate(pairwise(edges)):
        used = [each[at] for each in sums.used]
        there = [group.device_seconds(end) - group.device_seconds(begin) for group in run.groups]
        prices = [scenario.price.device_second(group.item.id) for group in run.groups]
        billed = [each[at] for each in sums.billed]
        if leases := leases_of(scenario):
            # A lease is paid for whether used or not.
            billed[0] += leases.lessees * leases.devices * (end - begin)
        charged = sum((seconds * price for seconds, price in zip(billed, prices, strict=True)), Fraction(0))
        yield MonthUse(
            f"{add_months(first, at):%Y-%m}",
            sum(used),
            sum(there),
            settle(charged),
            settle(charged * scenario.subsidy.share.value),
        )


def _waits(scenario: Scenario, sums: _Sums) -> Iterator[Waits]:
    for (of, size), found in sorted(sums.waits.items()):
        found.sort()
        last = len(found) - 1
        yield Waits(
            scenario.classes[of].id,
            size,
            len(found),
            sum(found),
            found[last // 2],
            found[last * 9 // 10],
            found[-1],
        )


def _measures(
    run: Run, sums: _Sums, uses: Sequence[GroupUse], months: Sequence[MonthUse], waits: Sequence[Waits]
) -> dict[str, Fraction | None]:
    scenario = run.scenario
    jobs, used = sum(each.jobs for each in waits), sum(use.used for use in uses)
    waited = sum(each.total for each in waits)
    charged, fund = sum(month.charged for month in months), sum(month.fund for month in months)
    energy = _energy(scenario, run.groups, uses)
    found = {
        "wait": _ratio(waited, jobs),
        "turnaround": _ratio(waited + sums.run, jobs),
        "slowdown": _ratio(sums.slowdown, jobs * THOUSAND),
        "waiting_at_end": Fraction(sums.waiting),
        "jobs_done": Fraction(sums.done),
        "utilisation": _ratio(used, sum(use.capacity for use in uses)),
        "device_hours": Fraction(used, 3600),
        "work_done": sums.work / 3600,
        "images_an_hour": _images(scenario, run.groups, uses),
        "fund": Fraction(fund),
        "users": Fraction(charged - fund),
        "cost_of_work": _ratio(charged * 3600, sums.work),
        "cost_of_job": _ratio(charged, sums.done),
        "energy": energy,
        "energy_of_work": None if energy is None else _ratio(energy * 3600, sums.work),
    }
    for each in scenario.classes:
        of = [row for row in waits if row.of == each.id]
        found[f"wait.{each.id}"] = _ratio(sum(row.total for row in of), sum(row.jobs for row in of))
    for precision in scenario.precisions:
        found[f"petaflop_hours.{precision.value}"] = _petaflop_hours(run.groups, uses, precision)
    return found


def _ratio(one: Fraction | int, other: Fraction | int) -> Fraction | None:
    return Fraction(one) / other if other else None


def _petaflop_hours(groups: Sequence[Group], uses: Sequence[GroupUse], precision: Figure) -> Fraction | None:
    return _total(
        (group.item.figures.known.get(precision), Fraction(use.used, 3600 * _PETA))
        for group, use in zip(groups, uses, strict=True)
    )


def _images(scenario: Scenario, groups: Sequence[Group], uses: Sequence[GroupUse]) -> Fraction | None:
    """Return images of an average hour of the period: of the device-hours that were used, at the stated rates."""
    hours = Fraction(scenario.length, 3600)
    return _total((scenario.image_rate(group.item), use.used / hours) for group, use in zip(groups, uses, strict=True))


def _energy(scenario: Scenario, groups: Sequence[Group], uses: Sequence[GroupUse]) -> Fraction | None:
    idle, pue = scenario.energy.idle.value, scenario.energy.pue.value
    return _total(
        (scenario.watts(group.item), (use.used + (use.capacity - use.used) * idle) * pue / _KWH)
        for group, use in zip(groups, uses, strict=True)
    )


def _total(parts: Iterator[tuple[Fraction | None, Fraction]]) -> Fraction | None:
    """Return the sum of rates times amounts; None where a rate that matters is not known."""
    found = Fraction(0)
    for rate, amount in parts:
        if amount and rate is None:
            return None
        found += amount * (rate or 0)
    return found
