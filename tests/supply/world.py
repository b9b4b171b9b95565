"""A centre that runs H800 and orders more: what most tests of supply start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tests.calls.world import NOW, OPERATOR, holder

from lionrock.kernel.money import Money
from lionrock.people.actions import register_organisation
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Organisation
from lionrock.supply.actions import (
    cover_line,
    decide_authorisation,
    place_order,
    record_authorisation,
    register_supplier,
)
from lionrock.supply.domain.drafts import LineDraft, OrderDraft
from lionrock.supply.domain.states import Kind
from lionrock.supply.models import Order, Supplier

OWN = "hk-aiss-demo"
OFFICE, ADMIN = holder(Role.OFFICE, OWN), holder(Role.CLUSTER_ADMIN, OWN)
FIRST, SECOND = holder(Role.COMPLIANCE, OWN), Actor("second@example.org", holder(Role.COMPLIANCE, OWN).grants)
H800, H20, L20 = "nvidia-h800-sxm5-80gb", "nvidia-h20-96gb", "nvidia-l20"
ASCEND = "huawei-ascend-910b2"
DUE = date(2026, 9, 1)
LINE = LineDraft(H20, 100, Money(12_000_000, "USD"), "here", DUE, chips_per_unit=8)
DRAFT = OrderDraft("kestrel", "Q-1", "HK", "US", "HK", (LINE,))


def put_supplier(code: str = "kestrel", name: str = "Kestrel Systems", now: datetime = NOW) -> None:
    """Put a supplier on file; once."""
    if Supplier.objects.filter(organisation__code=code).exists():
        return
    if not Organisation.objects.filter(code=code).exists():
        register_organisation(actor=OPERATOR, code=code, name=name, now=now)
    register_supplier(actor=OPERATOR, organisation=code, country="SG", now=now)


def ordered(reference: str = "Q-1", *, now: datetime = NOW, actor: Actor = OFFICE, **line: Any) -> Order:
    """Place an order of one line."""
    put_supplier()
    draft = replace(DRAFT, reference=reference, lines=(replace(LINE, **line),))
    return place_order(actor=actor, draft=draft, now=now)


def licensed(order: Order, number: str = "D1", *, quantity: int = 800, grant: bool = True, **more: Any) -> Order:
    """Apply for a licence for the first line of an order, have it granted, and cover the line."""
    line = order.lines.get(position=1)
    about = {"actor": OFFICE, "programme": order.programme, "number": number, "now": NOW}
    record_authorisation(
        **about, kind=Kind.LICENCE, chip=line.chip, quantity=quantity, applied_on=NOW.date(),
        needs_statement=more.get("needs_statement", False),
    )  # fmt: skip
    cover_line(actor=OFFICE, order=order.code, line=1, number=number, now=NOW)
    if grant:
        ends = more.get("expires_on", date(2027, 12, 31))
        decide_authorisation(**about, verb="grant", on=NOW.date(), expires_on=ends)
    order.refresh_from_db()
    return order


def whys(order: Order) -> list[tuple[str, str]]:
    """Return what holds an order, or held it, with its state."""
    return [(hold.why, hold.state) for hold in order.holds.all()]
