"""Putting data of a project on file, before they arrive."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lionrock.awards.actions.recording import record_of
from lionrock.awards.queries import award_by_code
from lionrock.calls.numbering import next_code
from lionrock.custody.actions.places import check_zone
from lionrock.custody.models import DataSet
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.texts import check_line, check_paragraph
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file

KEEP: tuple[Role, ...] = (Role.OFFICE, Role.COMPLIANCE, Role.CLUSTER_ADMIN)
"""Who registers data besides the team itself."""


@transaction.atomic
def register_data_set(
    *,
    actor: Actor,
    award: str,
    name: str,
    owner: str,
    zone: str,
    personal: bool,
    keep_until: date,
    now: datetime,
    about: str = "",
) -> DataSet:
    """Put a data set of an award on file; for its organisation, the office, compliance, and who runs sites.

    From then on its zone binds: jobs of the award run only where such data may lie. `keep_until` is the last day on
    which a copy may lie anywhere. Raises `Invalid` with every fault.
    """
    found = award_by_code(actor, award)
    if not actor.belongs_to(found.organisation.code):
        require(actor, *KEEP, programme=found.programme)
    today = local_date(now, programme_on_file(found.programme).zone)
    _check(name, owner, zone, about, keep_until, today)
    made = DataSet.objects.create(
        code=next_code("DS", today.year),
        award=found,
        name=name.strip(),
        about=about.strip(),
        owner=owner.strip(),
        zone=zone,
        personal=personal,
        keep_until=keep_until,
        registered_at=now,
        registered_by=actor.email,
    )
    details = {"data_set": made.code, "zone": zone, "personal": personal, "keep_until": keep_until.isoformat()}
    record_of("custody.register_data_set", found, actor, now, details)
    return made


def _check(name: str, owner: str, zone: str, about: str, keep_until: date, today: date) -> None:
    faults: list[Fault] = []
    for field, text in (("name", name), ("owner", owner)):
        with collecting(faults):
            check_line(text, field=field)
    with collecting(faults):
        check_paragraph(about, field="about", longest=4000)
    with collecting(faults):
        check_zone(zone)
    if keep_until < today:
        said = message(
            gettext_noop("{value} has passed. Say a day from {on} on."),
            value=keep_until.isoformat(),
            on=today.isoformat(),
        )
        faults.append(Fault("custody.keep_until", said, field="keep_until", value=keep_until.isoformat()))
    if faults:
        raise Invalid("custody.data_set", faults[0].message, faults=faults)
