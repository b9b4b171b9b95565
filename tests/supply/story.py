"""The story of a centre that runs 1,300 petaflops of H800 and has ordered what is to make them 3,000."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from tests.supply.world import ADMIN, ASCEND, DRAFT, H20, H800, L20, LINE, OFFICE, OWN, licensed, put_supplier

from lionrock.kernel.money import Money
from lionrock.supply.actions import (
    announce_shipment,
    commission_equipment,
    commission_shipment,
    end_shipment,
    keep_statement,
    move_delivery,
    place_order,
    recheck_orders,
    retire_equipment,
    set_goal,
)
from lionrock.supply.models import Order

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BY = date(2027, 6, 30)
H800_CHIPS = 1315
"""1,300 petaflops at 989 × 10^12 operations a second each, rounded up."""


@dataclass(frozen=True)
class Told:
    """The orders of the story, by what became of them."""

    moved: Order
    applied: Order
    held: Order
    free: Order


def tell() -> Told:
    """Put the centre, its goal, and four orders: licensed and in part come, applied for, held, and free of licence."""
    set_goal(actor=OFFICE, programme=OWN, petaflops=3000, by=BY, source="2025-26 Budget", now=START)
    rests = {"note": "Report of the opening, 2024", "now": START}
    made = commission_equipment(
        actor=ADMIN, site="here", chip=H800, chips=H800_CHIPS, since=date(2024, 12, 9), **rests
    )  # fmt: skip
    retire_equipment(
        actor=ADMIN, equipment=made.pk, chips=128, on=date(2027, 5, 1), reason="End of its warranty", now=START
    )
    put_supplier()
    put_supplier("sparrow", "Sparrow Servers")
    moved = _ordered("Q-1", H20, 200, date(2026, 9, 1))
    keep_statement(
        actor=OFFICE, site="here", reference="EUS-1", signed_by="Chan Tai Man", signed_on=START.date(),
        uses="Research and services of the centre.", now=START,
    )  # fmt: skip
    licensed(moved, "D1234567", quantity=1600, needs_statement=True)
    _come(moved, 120)
    move_delivery(actor=OFFICE, order=moved.code, line=1, due=date(2027, 2, 1), reason="The factory is late.", now=NOW)
    applied = licensed(_ordered("Q-2", H20, 300, date(2027, 3, 1)), "Z9876543", quantity=2400, grant=False)
    held = _ordered("S-77", ASCEND, 250, date(2027, 4, 1), supplier="sparrow")
    free = _ordered("Q-3", L20, 500, date(2027, 1, 15))
    recheck_orders(NOW)
    for order in (moved, applied, held, free):
        order.refresh_from_db()
    return Told(moved, applied, held, free)


def _ordered(reference: str, chip: str, units: int, due: date, supplier: str = "kestrel") -> Order:
    line = replace(LINE, chip=chip, units=units, due=due, price=Money(9_500_000, "USD"))
    draft = replace(DRAFT, supplier=supplier, reference=reference, lines=(line,))
    return place_order(actor=OFFICE, draft=draft, now=START)


def _come(order: Order, units: int) -> None:
    """Ship a part of the first line, have it come, and put it into operation."""
    sent = announce_shipment(
        actor=OFFICE, order=order.code, line=1, units=units, reference="AWB 160-1", sent_on=date(2026, 8, 1),
        expected_on=date(2026, 8, 20), now=START,
    )  # fmt: skip
    end_shipment(actor=OFFICE, shipment=sent.pk, arrived=True, on=date(2026, 8, 22), now=NOW)
    commission_shipment(actor=ADMIN, shipment=sent.pk, units=units - 20, since=date(2026, 10, 1), now=NOW)
