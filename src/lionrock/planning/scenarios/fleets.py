"""The machine over time: what of the ordered devices is there in which week, for a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, groupby

from lionrock.controls.domain.catalogue import Item
from lionrock.planning.scenarios.loads import MARKS, chance
from lionrock.planning.scenarios.values import WEEK, Delivery, Scenario


@dataclass(frozen=True, slots=True)
class Arrival:
    """Devices that come to a group, and when: seconds from the beginning of the scenario."""

    at: int
    count: int


@dataclass(frozen=True)
class Group:
    """All devices of one kind: a pool of its own, with a queue of its own."""

    item: Item
    arrivals: tuple[Arrival, ...]
    """In the order of time; those that never come are not among them."""

    @property
    def capacity(self) -> int:
        """Devices when all have come."""
        return sum(each.count for each in self.arrivals)

    def count_at(self, time: int) -> int:
        """Return the devices that are there at a second."""
        return sum(each.count for each in self.arrivals if each.at <= time)

    def device_seconds(self, length: int) -> int:
        """Return the capacity of a period from the beginning on: devices times the seconds that they are there."""
        return sum(each.count * max(length - each.at, 0) for each in self.arrivals)


def groups(scenario: Scenario, seed: int) -> tuple[Group, ...]:
    """Return the groups in the order of the file; a group of which nothing ever comes is left out."""
    found: dict[str, list[Arrival]] = {}
    items: dict[str, Item] = {}
    for delivery in scenario.fleet:
        items[delivery.item.id] = delivery.item
        week = arrival_week(delivery, seed)
        if week is not None and week < scenario.weeks:
            found.setdefault(delivery.item.id, []).append(Arrival(week * WEEK, delivery.count))
    return tuple(Group(items[name], tuple(_in_order(arrivals))) for name, arrivals in found.items())


def arrival_week(delivery: Delivery, seed: int) -> int | None:
    """Return the week in which a delivery comes; None if its licence is refused for good.

    The same delivery in another scenario has the same luck with the same seed.
    """
    week = delivery.week + delivery.delay_weeks
    licence = delivery.licence
    if licence is None or chance(seed, f"licence {delivery.id}") < licence.granted.value * MARKS:
        return week
    return None if licence.later_weeks is None else week + licence.later_weeks


def _in_order(arrivals: Sequence[Arrival]) -> Iterator[Arrival]:
    for at, together in groupby(sorted(arrivals, key=lambda each: each.at), key=lambda each: each.at):
        yield Arrival(at, sum(each.count for each in together))


@dataclass(frozen=True, slots=True)
class Shares:
    """From a second on, where the jobs of a class and size go: bounds of their lots, and the group of each."""

    bounds: tuple[int, ...]
    groups: tuple[int, ...]


def shares(scenario: Scenario, found: Sequence[Group], size: int, time: int) -> Shares:
    """Return how jobs of a size choose at a second: as much as each group that can hold them does in a second.

    While nothing there can hold them they wait for the group that once will have the most.
    """
    of = scenario.classes[scenario.class_of(size)]
    speeds = [scenario.speed(group.item, of) or Fraction(0) for group in found]
    there = [group.count_at(time) * speed for group, speed in zip(found, speeds, strict=True)]
    weights = [weight if group.count_at(time) >= size else 0 for group, weight in zip(found, there, strict=True)]
    if not any(weights):
        most = max((group.capacity for group, speed in zip(found, speeds, strict=True) if speed), default=0)
        weights = [
            int(bool(speed) and group.capacity == most >= size) for group, speed in zip(found, speeds, strict=True)
        ]
    whole = sum(weights)
    chosen = [at for at, weight in enumerate(weights) if weight]
    bounds = [int(part * MARKS / Fraction(whole)) for part in accumulate(weights[at] for at in chosen)]
    return Shares(tuple(bounds), tuple(chosen))
