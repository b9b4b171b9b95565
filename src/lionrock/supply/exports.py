"""Orders and capacity as rows for CSV and JSON; petaflops are exact decimals, prices are in the major unit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from lionrock.controls.domain.explaining import shown
from lionrock.kernel.money import Money
from lionrock.people.domain import Actor
from lionrock.supply.domain.capacity import Capacity, Level, Standing
from lionrock.supply.domain.states import HOLDING
from lionrock.supply.models import Order
from lionrock.supply.policies import SEE_PRICES

_PLACES: Final = 6
CAPACITY_COLUMNS: Final = ("from", *(f"{standing.value}_petaflops" for standing in Standing), "total_petaflops", "goal")
ORDER_COLUMNS: Final = (
    "order",
    "programme",
    "supplier",
    "reference",
    "destination",
    "exporting_from",
    "headquarters",
    "state",
    "held_for",
    "line",
    "chip",
    "units",
    "chips_per_unit",
    "price",
    "currency",
    "site",
    "promised",
    "due",
    "authorisation",
)


def petaflops(value: Fraction) -> Decimal:
    """Return petaflops as a decimal; rates have few decimals, so that nothing is cut off."""
    return Decimal(shown(value, _PLACES))


def capacity_rows(capacity: Capacity) -> list[list[object]]:
    """Return a row for each day on which capacity changes."""
    return [_level(level, capacity) for level in capacity.levels]


def _level(level: Level, capacity: Capacity) -> list[object]:
    each = [petaflops(level.petaflops[standing]) for standing in Standing]
    goal = capacity.goal.petaflops if capacity.goal and level.on >= capacity.goal.by else None
    return [level.on, *each, petaflops(level.total), goal]


def order_rows(viewer: Actor, orders: Iterable[Order]) -> list[list[object]]:
    """Return a row for each line of these orders; prices are left empty for who may not see them."""
    return [row for order in orders for row in _lines(viewer, order)]


def _lines(viewer: Actor, order: Order) -> Iterable[list[object]]:
    priced = viewer.holds(*SEE_PRICES, programme=order.programme)
    standing = [hold for hold in order.holds.all() if hold.state in {state.value for state in HOLDING}]
    for line in order.lines.all():
        held = sorted({hold.why for hold in standing if hold.line in (0, line.position)})
        price = Money(line.price, line.currency) if priced else None
        yield [
            order.code,
            order.programme,
            order.supplier.organisation.code,
            order.reference,
            order.destination,
            order.exporting_from,
            order.headquarters,
            order.state,
            " ".join(held),
            line.position,
            line.chip,
            line.units,
            line.chips_per_unit,
            price.decimal if price else None,
            price.currency if price else None,
            line.site.code,
            line.promised,
            line.due,
            line.authorisation.number if line.authorisation else None,
        ]
