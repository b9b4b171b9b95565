"""A scenario as it stands in its file: the load, the machine over time, the money, and what each rests on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Final

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.figures import Figure
from lionrock.kernel.findings import Citation
from lionrock.planning.domain.pool import Policy
from lionrock.planning.scenarios.loads import LoadModel
from lionrock.rules.shape import Names
from lionrock.supply.domain.capacity import Change

WEEK: Final = 7 * 86_400


class Charging(StrEnum):
    """Whether users pay for what they use, or for devices that are theirs whether used or not."""

    PAY_PER_USE = "pay_per_use"
    LEASE = "lease"


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that a scenario assumes, and on whose word."""

    value: Fraction
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Class:
    """Jobs of up to so many devices; their speed goes with one published figure, unless a speed is stated."""

    id: str
    names: Names
    up_to: int
    bound_by: Figure
    speeds: Mapping[str, Stated]
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Licence:
    """How probable it is that a delivery is allowed; refused, it comes so many weeks later, or never."""

    granted: Stated
    later_weeks: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """So many devices of a kind from a week of the scenario on, that week and its delay added up."""

    id: str
    item: Item
    count: int
    week: int
    delay_weeks: int
    licence: Licence | None
    citation: Citation | None


class Retiring(StrEnum):
    """Whether devices that retire within the period count for all of it or for none."""

    KEPT = "kept"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Books:
    """What a programme has and has ordered, as the books of supply had it on a day."""

    programme: str
    day: date
    changes: tuple[Change, ...]
    retiring: Retiring | None = None
    retiring_count: int = 0
    """Devices that retire within the period of the scenario."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Which load, and how much of it from which week on: between two weeks in a straight line."""

    model: LoadModel
    levels: tuple[tuple[int, Fraction], ...]
    citation: Citation | None

    def level(self, week: int) -> Fraction:
        """Return the part of the model's load that there is in a week; it can be more than 1."""
        after = bisect_right([first for first, _ in self.levels], week)
        first, level = self.levels[max(after - 1, 0)]
        if after in {0, len(self.levels)}:
            return level
        then, next_level = self.levels[after]
        return level + (next_level - level) * Fraction(week - first, then - first)


@dataclass(frozen=True, slots=True)
class Price:
    """The list price of a node for a month, of how many devices and hours; minor units of the currency."""

    node_month: int
    devices: int
    hours: Fraction
    currency: str
    others: Mapping[str, int]
    """Node-months of accelerators that have another price."""
    citation: Citation | None

    def device_second(self, accelerator: str) -> Fraction:
        """Return minor units of a device for a second."""
        node_month = self.others.get(accelerator, self.node_month)
        return Fraction(node_month) / (self.devices * self.hours * 3600)


@dataclass(frozen=True, slots=True)
class Subsidy:
    """The share that the fund pays, and how demand answers when it is not the usual one.

    Demand changes by `elasticity` times the relative change of what users pay themselves, in a straight line.
    """

    share: Stated
    usual: Fraction
    elasticity: Stated
    fund: int | None
    """Minor units of the whole fund, where one is stated."""

    @property
    def response(self) -> Fraction:
        """Return how many times the usual demand there is, never below none."""
        usual = 1 - self.usual
        change = Fraction(0) if not usual else (usual - (1 - self.share.value)) / usual
        return max(Fraction(0), 1 + self.elasticity.value * change)


@dataclass(frozen=True, slots=True)
class Leases:
    """So many lessees with so many devices each, of the first delivery, and their share of all jobs.

    All other jobs have the rest of the machine; if idle nodes are lent, those of the lessees too, until they are back.
    """

    lessees: int
    devices: int
    share: Fraction
    lent: bool
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Energy:
    """What a device draws when idle, as a share of its power, and what the building adds to it."""

    idle: Stated
    pue: Stated
    powers: Mapping[str, Stated]
    """Watts of accelerators of which the catalogue has none."""


@dataclass(frozen=True, slots=True)
class Images:
    """Images a second and device: stated for an accelerator, else so many per 10^12 operations a second."""

    per_teraflops: Stated | None
    rates: Mapping[str, Stated]
    aim: int | None
    """Images an hour that are wanted."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One option, whole: everything that its result depends on, but for the seed."""

    id: str
    names: Names
    about: Names
    file: Path
    rulebook: Path
    begins: date
    weeks: int
    seeds: int
    demand: Demand
    classes: tuple[Class, ...]
    reference: Item
    fleet: tuple[Delivery, ...]
    books: Books | None
    """Where the fleet is from, unless it was written by hand."""
    policy: Policy
    precisions: tuple[Figure, ...]
    charging: Charging
    price: Price
    subsidy: Subsidy
    leases: Leases | None
    energy: Energy
    images: Images | None
    digest: str
    """SHA-256 of all files that it was read from, and of the rules by which it is simulated."""

    @property
    def length(self) -> int:
        """Seconds of the period that is looked at."""
        return self.weeks * WEEK

    def class_of(self, size: int) -> int:
        """Return the place of the class of a job of so many devices; the last takes all that are larger."""
        return next((at for at, each in enumerate(self.classes) if size <= each.up_to), len(self.classes) - 1)

    def speed(self, item: Item, of: Class) -> Fraction | None:
        """Return how fast an accelerator does a class's work, the reference being 1; None where nobody says."""
        if item.id in of.speeds:
            return of.speeds[item.id].value
        here, there = item.figures.known.get(of.bound_by), self.reference.figures.known.get(of.bound_by)
        return None if here is None or not there else Fraction(here) / Fraction(there)

    def watts(self, item: Item) -> Fraction | None:
        """Return what a device draws at work; None where nobody says."""
        stated = self.energy.powers.get(item.id)
        return stated.value if stated else item.figures.known.get(Figure.POWER)

    def image_rate(self, item: Item) -> Fraction | None:
        """Return images a second of a device; None where nobody says."""
        if self.images is None:
            return None
        if item.id in self.images.rates:
            return self.images.rates[item.id].value
        rate = item.figures.known.get(Figure.FP16)
        return None if self.images.per_teraflops is None or rate is None else self.images.per_teraflops.value * rate
