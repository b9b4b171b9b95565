"""Keeping the chain of custody: arrival, copies, checks, deletion, and another zone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.awards.actions.recording import record_of
from lionrock.awards.projects import people_of
from lionrock.custody.actions.places import check_why, check_zone
from lionrock.custody.domain.chain import HANDLED, Event, EventKind, check_event, custody_of, sealed
from lionrock.custody.domain.crossing import crosses
from lionrock.custody.domain.placing import may_lie
from lionrock.custody.models import CustodyEvent, DataSet
from lionrock.custody.queries.placing import place_named, refused
from lionrock.custody.queries.sets import data_set_by_code, events_of
from lionrock.custody.rulebook import zones_now
from lionrock.kernel.errors import Fault, Invalid, Refused
from lionrock.kernel.findings import Outcome
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.queries import holders_of


@transaction.atomic
def record_event(
    *,
    actor: Actor,
    data_set: str,
    kind: str,
    place: str,
    at: datetime,
    now: datetime,
    medium: str = "",
    checksum: str = "",
    source: str = "",
    witness: str = "",
    note: str = "",
) -> CustodyEvent:
    """Append one event to the chain: `kind` is arrived, copied, checked or deleted.

    Takes the role cluster_admin or compliance. Raises `Invalid` with every fault, `Refused` with the finding when the
    data may not lie at that place, or cross a border without an agreed transfer. A checksum that differs from the
    arrival's is kept, and compliance is told at once.
    """
    found = data_set_by_code(actor, data_set, lock=True)
    require(actor, Role.CLUSTER_ADMIN, Role.COMPLIANCE, programme=found.award.programme)
    events = events_of(found)
    event = Event(
        number=len(events) + 1,
        kind=_handled(kind),
        at=at,
        by=actor.email,
        place=place,
        source=source,
        medium=medium.strip(),
        checksum=checksum.strip().lower(),
        witness=witness.strip(),
        note=note.strip(),
    )
    if event.kind in (EventKind.ARRIVED, EventKind.COPIED):
        _may_go(found, event)
    row = _append(found, events, check_event(events, event, now), now)
    _told(found, [*events, event], now)
    details = {"data_set": found.code, "event": row.number, "kind": row.kind, "place": place}
    record_of("custody.record_event", found.award, actor, now, details)
    return row


def _handled(kind: str) -> EventKind:
    known = [each.value for each in HANDLED]
    if kind in known:
        return EventKind(kind)
    said = message(
        gettext_noop("“{value}” is no event of a chain. Choose one of: {known}."), value=kind, known=", ".join(known)
    )
    raise Invalid("custody.event.kind", said, faults=[Fault("custody.event.kind", said, field="kind", value=kind)])


def _may_go(found: DataSet, event: Event) -> None:
    """Raise `Refused` when the data may not lie there, or may not cross the border on the way."""
    zones = zones_now()
    _, target = place_named(found.award.programme, event.place, field="place")
    finding = may_lie(zones, zones[found.zone], target.code, target)
    if finding.outcome is not Outcome.MET:
        raise refused(finding)
    if event.kind is EventKind.ARRIVED:
        return
    _, source = place_named(found.award.programme, event.source, field="source")
    agreed = found.transfers.filter(source__code=source.code, target__code=target.code)
    if crosses(source, target) and not agreed.exists():
        said = message(
            gettext_noop(
                "From {source} to {target} the data cross the border, and no transfer is agreed. Whoever answers for "
                "compliance agrees one first, with its instrument."
            ),
            source=source.code,
            target=target.code,
        )
        raise Refused("custody.transfer.missing", said)


def _append(found: DataSet, events: list[Event], event: Event, now: datetime) -> CustodyEvent:
    linked = sealed(found.code, events, event)
    fields = {name: getattr(linked, name) for name in linked.__slots__}
    row = CustodyEvent.objects.create(data_set=found, recorded_at=now, **fields)
    if event.kind is EventKind.DELETED and custody_of([*events, linked]).over:
        found.deleted_at = event.at
        found.save(update_fields=["deleted_at"])
    elif found.deleted_at is not None and event.kind is EventKind.ARRIVED:
        found.deleted_at = None
        found.save(update_fields=["deleted_at"])
    return row


def _told(found: DataSet, events: list[Event], now: datetime) -> None:
    """Tell compliance of a checksum that differs, and the team that all copies are deleted."""
    about = Subject("data_set", found.code)
    if events[-1] in custody_of(events).differing:
        said = message(
            gettext_noop("The checksum of {data} at {place} is not that of its arrival. Look into it."),
            data=found.code,
            place=events[-1].place,
        )
        officers = holders_of(Role.COMPLIANCE, programme=found.award.programme)
        notify(to=officers, said=said, about=about, now=now, urgent=True)
    if events[-1].kind is EventKind.DELETED and found.deleted_at is not None:
        said = message(gettext_noop("Every copy of {data} is deleted; the certificate is ready."), data=found.code)
        notify(to=people_of(found.award), said=said, about=about, now=now)


@transaction.atomic
def change_zone(*, actor: Actor, data_set: str, zone: str, why: str, now: datetime) -> CustodyEvent:
    """Declare another zone for a data set, which is an event of its chain; takes the role compliance, and a reason.

    Raises `Invalid`. Copies that the new zone would not allow where they lie stay, and are shown as being out of place.
    """
    found = data_set_by_code(actor, data_set, lock=True)
    require(actor, Role.COMPLIANCE, programme=found.award.programme)
    check_zone(zone)
    check_why(why)
    events = events_of(found)
    at = max(now, events[-1].at) if events else now
    event = Event(number=len(events) + 1, kind=EventKind.ZONED, at=at, by=actor.email, zone=zone, note=why.strip())
    row = _append(found, events, event, now)
    before, found.zone = found.zone, zone
    found.save(update_fields=["zone"])
    details = {"data_set": found.code, "from": before, "zone": zone, "why": why.strip()}
    record_of("custody.change_zone", found.award, actor, now, details)
    return row
