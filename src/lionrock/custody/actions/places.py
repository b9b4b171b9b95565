"""Saying in which zone a place lies."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.custody.models import Place, PlaceZone
from lionrock.custody.rulebook import zones_now
from lionrock.kernel.errors import Conflict, Fault, Invalid, collecting
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line, check_paragraph
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.sites.models import Site


@transaction.atomic
def set_place(
    *,
    actor: Actor,
    programme: str,
    code: str,
    zone: str,
    why: str,
    now: datetime,
    name: str = "",
    partner: bool = False,
    abroad: bool = False,
) -> Place:
    """Say in which zone a place lies, or say it anew; a site of the programme goes by its own code and name.

    Takes the role compliance, and a reason. `partner`: a partner runs it; `abroad`: it lies across the border of the
    programme. Raises `Invalid` with every fault, `Conflict` for a code that another programme has.
    """
    require(actor, Role.COMPLIANCE, programme=programme)
    programme_on_file(programme)
    site = Site.objects.filter(code=code, programme=programme).first()
    name = name or (site.name if site else "")
    _check(code, name, zone, why)
    place = Place.objects.filter(code=code).first()
    if place is not None and place.programme != programme:
        said = message(gettext_noop("The code {code} is another programme's place. Choose another."), code=code)
        raise Conflict("custody.place.taken", said)
    if place is None:
        place = Place.objects.create(code=code, name=name.strip(), programme=programme, site=site, created_at=now)
    PlaceZone.objects.create(
        place=place, zone=zone, partner=partner, abroad=abroad, why=why.strip(), said_at=now, said_by=actor.email
    )
    details = {"zone": zone, "partner": partner, "abroad": abroad, "why": why.strip()}
    record("custody.set_place", code, actor=actor.email, now=now, programme=programme, details=details)
    return place


def _check(code: str, name: str, zone: str, why: str) -> None:
    faults: list[Fault] = []
    with collecting(faults):
        check_slug(code, field="code")
    with collecting(faults):
        check_line(name, field="name")
    with collecting(faults):
        check_zone(zone)
    with collecting(faults):
        check_why(why)
    if faults:
        raise Invalid("custody.place", faults[0].message, faults=faults)


def check_zone(zone: str) -> str:
    """Return a zone that the rulebook knows; raises `Invalid` naming those that it has."""
    known = zones_now()
    if zone in known:
        return zone
    said = message(
        gettext_noop("“{value}” is no zone of data. Choose one of: {known}."), value=zone, known=", ".join(known)
    )
    raise Invalid("custody.zone", said, faults=[Fault("custody.zone", said, field="zone", value=zone)])


def check_why(why: str) -> str:
    """Return a reason; raises `Invalid` when nothing is written."""
    if not why.strip():
        said = message(gettext_noop("Nothing is written in {field}. Say why, and who said so."), field="why")
        raise Invalid("custody.why", said, faults=[Fault("custody.why", said, field="why", value="")])
    return check_paragraph(why, field="why", longest=2000)
