"""Shipments: announced, come, or lost."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, Invalid, NotFound, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor
from lionrock.people.policies import require
from lionrock.supply.actions.ordering import check_running, line_of, order_to_change
from lionrock.supply.actions.rechecking import recheck_order, today_of
from lionrock.supply.domain.states import HOLDING, SHIPMENT_STEPS, ShipmentState
from lionrock.supply.models import Order, OrderLine, Shipment
from lionrock.supply.policies import ACT
from lionrock.supply.queries.orders import programmes_seen

_COUNTED = [ShipmentState.WAITING.value, ShipmentState.ON_THE_WAY.value, ShipmentState.ARRIVED.value]


@transaction.atomic
def announce_shipment(
    *,
    actor: Actor,
    order: str,
    line: int,
    units: int,
    reference: str,
    sent_on: date,
    expected_on: date,
    now: datetime,
) -> Shipment:
    """Record a shipment of a line, or of a part of it; while its line is held it waits, and is not refused.

    Takes the role office or compliance. Raises `Invalid` for more than is still to come.
    """
    found = order_to_change(actor, order)
    check_running(found)
    recheck_order(found.pk, now)
    sent = line_of(found, line)
    _check(sent, units, reference, sent_on, expected_on)
    held = found.holds.filter(line__in=[0, line], state__in=[state.value for state in HOLDING]).exists()
    made = Shipment.objects.create(
        line=sent,
        reference=reference,
        units=units,
        sent_on=sent_on,
        expected_on=expected_on,
        state=(ShipmentState.WAITING if held else ShipmentState.ON_THE_WAY).value,
        recorded_at=now,
        recorded_by=actor.email,
    )
    details = {"line": line, "units": units, "reference": reference, "state": made.state}
    record("supply.announce_shipment", order, actor=actor.email, now=now, programme=found.programme, details=details)
    return made


def _check(line: OrderLine, units: int, reference: str, sent_on: date, expected_on: date) -> None:
    faults: list[Fault] = []
    with collecting(faults):
        check_line(reference, field="reference", longest=100)
    left = line.units - sum(line.shipments.filter(state__in=_COUNTED).values_list("units", flat=True))
    if not 1 <= units <= left:
        template = gettext_noop("{units} cannot be sent: {left} of line {line} are still to come.")
        said = message(template, units=units, left=left, line=line.position)
        faults.append(Fault("supply.shipment.units", said, field="units", value=str(units)))
    if expected_on < sent_on:
        said = message(gettext_noop("It cannot come on {day}, before it is sent."), day=expected_on)
        faults.append(Fault("supply.shipment.days", said, field="expected_on", value=str(expected_on)))
    if line.shipments.filter(reference=reference).exists():
        said = message(gettext_noop("The shipment “{value}” of this line is on file already."), value=reference)
        faults.append(Fault("supply.shipment.taken", said, field="reference", value=reference))
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)


def shipment_by_number(actor: Actor, number: int) -> Shipment:
    """Return a shipment with its row locked; raises `NotFound`."""
    seen = Shipment.objects.filter(line__order__programme__in=programmes_seen(actor))
    found = seen.select_for_update(of=("self",)).select_related("line__order", "line__site").filter(pk=number).first()
    if found is None:
        said = message(gettext_noop("There is no shipment {number} for you."), number=number)
        raise NotFound("supply.shipment.unknown", said)
    return found


@transaction.atomic
def end_shipment(*, actor: Actor, shipment: int, arrived: bool, on: date, now: datetime) -> Shipment:
    """Record that a shipment has come, or is lost: what is lost is still to come, and stands as at risk.

    Takes the role office or compliance. Raises `Invalid` for a day to come or before it was sent,
    `Conflict` for a shipment that has ended.
    """
    found = shipment_by_number(actor, shipment)
    order: Order = found.line.order
    require(actor, *ACT, programme=order.programme)
    state = advance(SHIPMENT_STEPS, ShipmentState(found.state), "arrive" if arrived else "lose", thing=found.reference)
    check_day(on, found.sent_on, today_of(order.programme, now))
    found.state, found.ended_on = state.value, on
    found.save(update_fields=["state", "ended_on"])
    details = {"line": found.line.position, "reference": found.reference, "state": found.state, "on": str(on)}
    record("supply.end_shipment", order.code, actor=actor.email, now=now, programme=order.programme, details=details)
    recheck_order(order.pk, now)
    return found


def check_day(on: date, least: date, today: date) -> None:
    """Raise `Invalid` for a day that is to come, or before another."""
    if least <= on <= today:
        return
    template = gettext_noop("{day} is not between {least} and today. Check it.")
    said = message(template, day=on, least=least)
    raise Invalid("supply.day", said, faults=[Fault("supply.day", said, field="on", value=str(on))])
