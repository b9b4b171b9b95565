"""Capacity of a programme over time, out of what runs and what is ordered.

The planner reads `planned_capacity` for what is planned, and calls `domain.capacity.capacity_over_time`
with `changes_planned` and changes of its own for what would be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lionrock.kernel.messages import Message
from lionrock.notices.domain import told
from lionrock.people.domain import Actor
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.supply.domain.capacity import (
    Batch,
    Capacity,
    Change,
    Goal,
    Standing,
    capacity_over_time,
    changes_of,
    rates_of,
)
from lionrock.supply.domain.holding import Reason, Why
from lionrock.supply.domain.states import HOLDING, OrderState, ShipmentState
from lionrock.supply.models import Equipment, Hold, OrderLine, Retirement, Shipment, SupplyGoal
from lionrock.supply.policies import SEE
from lionrock.supply.queries.orders import book

_BEFORE = timedelta(days=180)
_AFTER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Capacity as it is planned on a day, and what holds each order of which something is at risk."""

    capacity: Capacity
    today: date
    held: Mapping[str, Sequence[Message]]


def goal_of(programme: str) -> Goal | None:
    """Return what a programme aims at; None while nobody has said."""
    found = SupplyGoal.objects.filter(programme=programme).first()
    return Goal(found.petaflops, found.by, found.source) if found else None


def planned_capacity(viewer: Actor, programme: str, today: date) -> Outlook:
    """Return the capacity of a programme over time as it is planned today, at 16 bits without sparsity.

    Takes a role that sees supply. Raises `NotAllowed`, and `NotFound` for no programme. Six queries.
    """
    changes, held = _planned(viewer, programme, today)
    goal = goal_of(programme)
    last = max([today, *(change.on for change in changes), *([goal.by] if goal else [])]) + _AFTER
    rates = rates_of(book().items)
    found = capacity_over_time(changes, rates, first=today - _BEFORE, last=last, goal=goal)
    return Outlook(found, today, held)


def changes_planned(viewer: Actor, programme: str, today: date) -> list[Change]:
    """Return what runs, and what is ordered, as changes: what `capacity_over_time` takes."""
    return _planned(viewer, programme, today)[0]


def _planned(viewer: Actor, programme: str, today: date) -> tuple[list[Change], Mapping[str, Sequence[Message]]]:
    require(viewer, *SEE, programme=programme_on_file(programme).id)
    ordered, held = _ordered(programme, today)
    return [*_running(programme), *ordered], held


def _running(programme: str) -> Iterator[Change]:
    equipment = Equipment.objects.filter(site__programme=programme).select_related("site")
    for each in equipment:
        yield Change(each.since, each.chip, each.chips, Standing.CERTAIN, each.note, each.site.code)
    retired = Retirement.objects.filter(equipment__site__programme=programme)
    for gone in retired.select_related("equipment__site"):
        what = gone.equipment
        yield Change(gone.on, what.chip, -gone.chips, Standing.CERTAIN, gone.reason, what.site.code)


def _ordered(programme: str, today: date) -> tuple[list[Change], Mapping[str, Sequence[Message]]]:
    """Return what orders still bring, and what holds those that are held."""
    lines = OrderLine.objects.filter(order__programme=programme)
    ordered = list(lines.select_related("order", "site").order_by("order_id", "position"))
    holds: dict[int, list[Hold]] = {}
    for hold in Hold.objects.filter(order__programme=programme, state__in=[state.value for state in HOLDING]):
        holds.setdefault(hold.order_id, []).append(hold)
    batches = batches_of(ordered)
    found: list[Change] = []
    held: dict[str, Sequence[Message]] = {}
    for line in ordered:
        standing = holds.get(line.order_id, [])
        reasons = [_reason(hold) for hold in standing if hold.line in (0, line.position)]
        cause, site = line.order.code, line.site.code
        found += changes_of(line.chip, batches[line.pk], reasons, today, cause=cause, site=site)
        if line.order.state == OrderState.HELD.value:
            held[cause] = [told(hold.said) for hold in standing]
    return found, held


def _reason(hold: Hold) -> Reason:
    return Reason(Why(hold.why), hold.line, hold.basis, told(hold.said), hold.chips)


def batches_of(lines: Sequence[OrderLine]) -> Mapping[int, Sequence[Batch]]:
    """Return what of each line does not run yet, in chips, by the day on which it comes or came (two queries)."""
    shipments: dict[int, list[Shipment]] = {line.pk: [] for line in lines}
    for shipment in Shipment.objects.filter(line__in=lines).prefetch_related("equipment"):
        shipments[shipment.line_id].append(shipment)
    return {line.pk: list(_batches(line, shipments[line.pk])) for line in lines}


def _batches(line: OrderLine, shipments: Sequence[Shipment]) -> Iterator[Batch]:
    """Yield what is there and what is to come; of an order that is cancelled nothing is to come."""
    cancelled = line.order.state == OrderState.CANCELLED.value
    left = line.chips
    for shipment in shipments:
        chips, state = shipment.units * line.chips_per_unit, ShipmentState(shipment.state)
        if state is ShipmentState.ARRIVED:
            left -= chips
            idle = chips - sum(each.chips for each in shipment.equipment.all())
            if idle:
                yield Batch(idle, shipment.ended_on or shipment.expected_on, arrived=True)
        elif not cancelled and state in (ShipmentState.ON_THE_WAY, ShipmentState.WAITING):
            left -= chips
            yield Batch(chips, shipment.expected_on)
    if cancelled:
        return
    lost = min(left, sum(_lost(shipment, line) for shipment in shipments))
    if lost:
        yield Batch(lost, line.due, lost=True)
    if left > lost:
        yield Batch(left - lost, line.due)


def _lost(shipment: Shipment, line: OrderLine) -> int:
    return shipment.units * line.chips_per_unit if shipment.state == ShipmentState.LOST.value else 0
