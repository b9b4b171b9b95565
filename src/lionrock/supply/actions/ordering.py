"""Suppliers and orders: registered, placed one by one or by a file, moved and cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.calls.numbering import next_code
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.actions import register_organisation
from lionrock.people.domain import Actor
from lionrock.people.models import Organisation
from lionrock.people.policies import require
from lionrock.screening.actions import screen_party
from lionrock.screening.subjects import organisation_subject
from lionrock.sites.models import Site
from lionrock.supply.actions.rechecking import move_order, recheck_order, today_of
from lionrock.supply.domain.drafts import OrderDraft, check_draft, country_fault
from lionrock.supply.domain.holding import check_why
from lionrock.supply.domain.order_file import FileOrder, read_order_file
from lionrock.supply.domain.states import SHIPMENT_STEPS, OrderState, ShipmentState
from lionrock.supply.models import Order, OrderLine, Shipment, Supplier
from lionrock.supply.policies import ACT, require_anywhere
from lionrock.supply.queries.orders import book, order_by_code


@transaction.atomic
def register_supplier(*, actor: Actor, organisation: str, country: str, name: str = "", now: datetime) -> Supplier:
    """Put an organisation on file as a supplier, and screen it; registered before, it is left as it is.

    With a name, an organisation that is not on file is put there first (which takes the office).
    Takes the role office or compliance of any programme. Raises `Invalid`, `NotFound`.
    """
    require_anywhere(actor, *ACT)
    if country not in book().atlas.names:
        fault = country_fault(country, "country")
        raise Invalid(fault.code, fault.message, faults=[fault])
    found = Organisation.objects.filter(code=organisation).first()
    if found is None and name:
        found = register_organisation(actor=actor, code=organisation, name=name, now=now)
    if found is None:
        said = message(
            gettext_noop("There is no organisation {code} on file. Give its name to put it there."), code=organisation
        )
        raise NotFound("supply.supplier.organisation", said)
    supplier, made = Supplier.objects.get_or_create(
        organisation=found, defaults={"country": country, "registered_at": now, "registered_by": actor.email}
    )
    if made:
        details = {"country": country}
        record("supply.register_supplier", organisation, actor=actor.email, now=now, details=details)
        screen_party(organisation_subject(found), occasion="supplier", now=now)
    return supplier


@transaction.atomic
def place_order(*, actor: Actor, draft: OrderDraft, now: datetime) -> Order:
    """Place an order; it is held at once where screening or a control says so, and never refused for that.

    Takes the role office or compliance. Raises `Invalid` with all its faults.
    """
    require_anywhere(actor, *ACT)
    sites = dict(Site.objects.values_list("code", "programme"))
    suppliers = set(Supplier.objects.values_list("organisation__code", flat=True))
    programme = check_draft(draft, book(), sites, suppliers)
    require(actor, *ACT, programme=programme)
    return _placed(draft, programme, actor, now)


def _placed(draft: OrderDraft, programme: str, actor: Actor, now: datetime) -> Order:
    supplier = Supplier.objects.get(organisation__code=draft.supplier)
    if supplier.orders.filter(reference=draft.reference).exists():
        said = message(
            gettext_noop("{supplier} has an order under the reference “{value}” already. Nothing is ordered twice."),
            supplier=draft.supplier,
            value=draft.reference,
        )
        fault = Fault("supply.order.taken", said, field="reference", value=draft.reference)
        raise Invalid(fault.code, said, faults=[fault])
    today = today_of(programme, now)
    order = Order.objects.create(
        code=next_code("PO", today.year),
        programme=programme,
        supplier=supplier,
        reference=draft.reference,
        destination=draft.destination,
        exporting_from=draft.exporting_from,
        headquarters=draft.headquarters,
        uses=list(draft.uses),
        ordered_on=today,
        state=OrderState.OPEN.value,
        state_since=now,
        placed_at=now,
        placed_by=actor.email,
    )
    sites = {site.code: site for site in Site.objects.filter(code__in=[line.site for line in draft.lines])}
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, position=position, chip=line.chip, chips_per_unit=line.chips_per_unit, units=line.units,
            price=line.price.minor, currency=line.price.currency, site=sites[line.site], promised=line.due,
            due=line.due,
        )
        for position, line in enumerate(draft.lines, 1)
    )  # fmt: skip
    details = {"supplier": draft.supplier, "reference": draft.reference, "lines": len(draft.lines)}
    record("supply.place_order", order.code, actor=actor.email, now=now, programme=programme, details=details)
    recheck_order(order.pk, now)
    order.refresh_from_db()
    return order


@transaction.atomic
def import_orders(*, actor: Actor, content: bytes, name: str, now: datetime) -> list[Order]:
    """Place all orders of a file (CSV), or none of them.

    Takes the role office or compliance. Raises `Invalid` with the faults of all rows.
    """
    require_anywhere(actor, *ACT)
    sites = dict(Site.objects.values_list("code", "programme"))
    suppliers = set(Supplier.objects.values_list("organisation__code", flat=True))
    found = read_order_file(content, name, book(), sites, suppliers)
    faults: list[Fault] = []
    placed = []
    for each in found:
        try:
            placed.append(_of_file(each, sites, suppliers, actor, now))
        except Invalid as wrong:
            faults += [replace(fault, file=name, line=each.lines[0]) for fault in wrong.faults]
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    details = {"orders": [order.code for order in placed]}
    record("supply.import_orders", name, actor=actor.email, now=now, details=details)
    return placed


def _of_file(each: FileOrder, sites: dict[str, str], suppliers: set[str], actor: Actor, now: datetime) -> Order:
    programme = check_draft(each.draft, book(), sites, suppliers)
    require(actor, *ACT, programme=programme)
    return _placed(each.draft, programme, actor, now)


def order_to_change(actor: Actor, code: str) -> Order:
    """Return an order with its row locked, for who may act on it; raises `NotFound`, `NotAllowed`."""
    found = order_by_code(actor, code)
    require(actor, *ACT, programme=found.programme)
    return Order.objects.select_for_update().get(pk=found.pk)


def line_of(order: Order, position: int) -> OrderLine:
    """Return a line of an order; raises `NotFound`."""
    found = order.lines.select_related("site", "authorisation").filter(position=position).first()
    if found is None:
        template = gettext_noop("The order {code} has no line {line}.")
        raise NotFound("supply.line.unknown", message(template, code=order.code, line=position))
    return found


@transaction.atomic
def move_delivery(*, actor: Actor, order: str, line: int, due: date, reason: str, now: datetime) -> OrderLine:
    """Plan a line for another day; the rules are asked again for that day, and both answers stay.

    Takes the role office or compliance, and a reason. Raises `Conflict` for an order that is over.
    """
    found = order_to_change(actor, order)
    check_running(found)
    moved = line_of(found, line)
    why, before = check_why(reason), moved.due
    moved.due = due
    moved.save(update_fields=["due"])
    details = {"line": line, "from": str(before), "to": str(due), "reason": why}
    record("supply.move_delivery", order, actor=actor.email, now=now, programme=found.programme, details=details)
    recheck_order(found.pk, now, cause="date")
    return moved


def check_running(order: Order) -> None:
    """Raise `Conflict` for an order that is over, naming its state."""
    if order.state in (OrderState.DONE.value, OrderState.CANCELLED.value):
        template = gettext_noop("The order {code} is {state}. Nothing more can be done of it.")
        raise Conflict("supply.order.over", message(template, code=order.code, state=order.state))


@transaction.atomic
def cancel_order(*, actor: Actor, order: str, reason: str, now: datetime) -> Order:
    """Cancel what has not come of an order; what it held of licences is free for others.

    Takes the role office or compliance, and a reason. Raises `Conflict` for an order that is over.
    """
    found = order_to_change(actor, order)
    check_running(found)
    move_order(found, "cancel", now, actor=actor.email, reason=check_why(reason))
    for shipment in Shipment.objects.filter(line__order=found, state=ShipmentState.WAITING.value):
        shipment.state = SHIPMENT_STEPS[ShipmentState.WAITING, "cancel"].value
        shipment.save(update_fields=["state"])
    recheck_sharing(found, now)
    return found


def recheck_sharing(order: Order, now: datetime) -> None:
    """Look at the orders again that draw on the same authorisations."""
    papers = order.lines.exclude(authorisation=None).values("authorisation")
    others = OrderLine.objects.filter(authorisation__in=papers).exclude(order=order)
    for number in sorted(set(others.values_list("order", flat=True))):
        recheck_order(number, now)
