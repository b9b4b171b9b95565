"""What runs: commissioned out of a shipment or there before, retired; and what is aimed at."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from lionrock.audit.actions import record
from lionrock.controls.reading.described import catalogued
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, Refused, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.sites.models import Site
from lionrock.supply.actions.delivering import check_day, shipment_by_number
from lionrock.supply.actions.rechecking import today_of
from lionrock.supply.domain.states import HOLDING, ShipmentState
from lionrock.supply.models import Equipment, Hold, Retirement, SupplyGoal
from lionrock.supply.policies import RUN
from lionrock.supply.queries.orders import book, programmes_seen


@transaction.atomic
def commission_shipment(*, actor: Actor, shipment: int, units: int, since: date, now: datetime) -> Equipment:
    """Put units of a shipment that has come into operation: from that day they count as certain.

    Takes the role cluster_admin. Raises `Refused` while the line is held, `Conflict` for what has not
    come, `Invalid` for more units than have come, or a day to come.
    """
    found = shipment_by_number(actor, shipment)
    line, order = found.line, found.line.order
    require(actor, *RUN, programme=order.programme)
    if found.state != ShipmentState.ARRIVED.value or found.ended_on is None:
        said = message(gettext_noop("The shipment {reference} has not come."), reference=found.reference)
        raise Conflict("supply.shipment.not_there", said)
    standing = Hold.objects.filter(order=order, line__in=[0, line.position], state__in=[each.value for each in HOLDING])
    if standing.exists():
        template = gettext_noop("Line {line} of {code} is held. Compliance has to release it first.")
        raise Refused("supply.line.held", message(template, line=line.position, code=order.code))
    running = found.equipment.aggregate(chips=Sum("chips"))["chips"] or 0
    left = found.units - running // line.chips_per_unit
    _check_number(units, left, "units")
    check_day(since, found.ended_on, today_of(order.programme, now))
    made = Equipment(
        site=line.site,
        chip=line.chip,
        chips=units * line.chips_per_unit,
        since=since,
        shipment=found,
        note=f"{order.code} · {found.reference}",
    )
    return _commissioned(made, "commission_shipment", order.code, actor, now)


def _commissioned(made: Equipment, action: str, subject: str, actor: Actor, now: datetime) -> Equipment:
    made.recorded_at, made.recorded_by = now, actor.email
    made.save()
    details = {"site": made.site.code, "chip": made.chip, "chips": made.chips, "since": str(made.since)}
    programme = made.site.programme
    record(f"supply.{action}", subject, actor=actor.email, now=now, programme=programme, details=details)
    return made


def _check_number(value: int, left: int, field: str) -> None:
    if 1 <= value <= left:
        return
    said = message(
        gettext_noop("{value} in {field} is not between 1 and the {left} that are there."),
        value=value,
        field=field,
        left=left,
    )
    raise Invalid("supply.number", said, faults=[Fault("supply.number", said, field=field, value=str(value))])


@transaction.atomic
def commission_equipment(
    *, actor: Actor, site: str, chip: str, chips: int, since: date, note: str, now: datetime
) -> Equipment:
    """Record what runs at a site that no order here has brought.

    Takes the role cluster_admin of the site's programme. Raises `Invalid` with all faults.
    """
    found = Site.objects.filter(code=site).first()
    if found is None:
        raise NotFound("supply.site.unknown", message(gettext_noop("There is no site {code}."), code=site))
    require(actor, *RUN, programme=found.programme)
    faults: list[Fault] = []
    with collecting(faults):
        catalogued(book().items, [chip])
    with collecting(faults):
        _check_number(chips, 10_000_000, "chips")
    with collecting(faults):
        check_day(since, date(2000, 1, 1), today_of(found.programme, now))
    with collecting(faults):
        check_line(note, field="note", longest=300)
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    made = Equipment(site=found, chip=chip, chips=chips, since=since, note=note)
    return _commissioned(made, "commission_equipment", site, actor, now)


@transaction.atomic
def retire_equipment(*, actor: Actor, equipment: int, chips: int, on: date, reason: str, now: datetime) -> Retirement:
    """Take chips out of operation from a day on, which may be to come.

    Takes the role cluster_admin, and a reason. Raises `Invalid` for more than run, or a day before they did.
    """
    seen = Equipment.objects.filter(site__programme__in=programmes_seen(actor)).select_for_update(of=("self",))
    found = seen.select_related("site").filter(pk=equipment).first()
    if found is None:
        said = message(gettext_noop("There is no equipment {number} for you."), number=equipment)
        raise NotFound("supply.equipment.unknown", said)
    require(actor, *RUN, programme=found.site.programme)
    check_line(reason, field="reason", longest=300)
    retired = found.retirements.aggregate(chips=Sum("chips"))["chips"] or 0
    _check_number(chips, found.chips - retired, "chips")
    check_day(found.since, found.since, on)
    made = Retirement.objects.create(
        equipment=found, chips=chips, on=on, reason=reason, recorded_at=now, recorded_by=actor.email
    )
    details = {"equipment": found.pk, "chip": found.chip, "chips": chips, "on": str(on), "reason": reason}
    programme = found.site.programme
    record("supply.retire_equipment", found.site.code, actor=actor.email, now=now, programme=programme, details=details)
    return made


@transaction.atomic
def set_goal(*, actor: Actor, programme: str, petaflops: int, by: date, source: str, now: datetime) -> SupplyGoal:
    """Say how many petaflops a programme wants by a day, and who says so; what was aimed at before stays on file.

    Takes the role office. Raises `Invalid`.
    """
    require(actor, Role.OFFICE, programme=programme)
    check_line(source, field="source", longest=300)
    _check_number(petaflops, 10_000_000, "petaflops")
    made = SupplyGoal.objects.create(
        programme=programme, petaflops=petaflops, by=by, source=source, set_at=now, set_by=actor.email
    )
    details = {"petaflops": petaflops, "by": str(by), "source": source}
    record("supply.set_goal", programme, actor=actor.email, now=now, programme=programme, details=details)
    return made
