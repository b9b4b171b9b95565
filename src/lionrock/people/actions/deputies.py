"""Deputies: somebody does another's duty for a while, by dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, Invalid, NotAllowed, NotFound
from lionrock.kernel.events import publish
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import local_date, local_midnight
from lionrock.people.actions.staffing import require_apart
from lionrock.people.domain import DEPUTISED, NAME_STAFF, Actor, DeputyNamed, Role
from lionrock.people.models import Deputyship, Person, RoleGrant
from lionrock.people.programmes import programme_on_file

LONGEST: Final = timedelta(days=366)
"""Who is away for longer is not stood in for: the role is given to somebody else."""


@transaction.atomic
def name_deputy(
    *, actor: Actor, holder: str, deputy: str, role: Role, programme: str, first: date, last: date, now: datetime
) -> Deputyship:
    """Let somebody do a role of somebody else for a programme, from the first day to the last, both included.

    The holder may do it, and who names the programme's staff; days are those of the programme's zone. Raises
    `Invalid` for days, roles or persons that do not fit, `Refused` for duties that one person never has at once.
    """
    zone = programme_on_file(programme).zone
    if actor.email != holder and not actor.holds(*NAME_STAFF, programme=programme):
        raise _not_yours(actor)
    persons = {one.email: one for one in Person.objects.filter(is_active=True, email__in=[holder, deputy])}
    faults = [
        *_wrong_days(first, last, local_date(now, zone)),
        *_wrong_persons(persons, holder, deputy, role, programme),
    ]
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    require_apart(persons[deputy], role, programme, now)
    made = Deputyship.objects.create(
        holder=persons[holder],
        deputy=persons[deputy],
        role=role.value,
        programme=programme,
        begins_at=local_midnight(first, zone),
        ends_at=local_midnight(last + timedelta(days=1), zone),
        named_by=actor.email,
        named_at=now,
    )
    details = {"role": role.value, "holder": holder, "first": first.isoformat(), "last": last.isoformat()}
    record("people.name_deputy", deputy, actor=actor.email, now=now, programme=programme, details=details)
    publish(DeputyNamed(deputy, holder, role, programme, first, last, now))
    return made


def _not_yours(actor: Actor) -> NotAllowed:
    said = gettext_noop("{email} may not name a deputy here: who has the role may, and who names the staff.")
    return NotAllowed("people.deputy.not_yours", message(said, email=actor.email))


def _fault(field: str, said: Message) -> Fault:
    return Fault(f"people.deputy.{field}", said, field=field)


def _wrong_days(first: date, last: date, today: date) -> list[Fault]:
    if last < first:
        return [_fault("last", message(gettext_noop("The last day lies before the first. Exchange them.")))]
    if last < today:
        return [_fault("last", message(gettext_noop("The last day is over already. Choose a later one.")))]
    if last - first >= LONGEST:
        said = gettext_noop("Nobody stands in for more than a year. Give the role to somebody else instead.")
        return [_fault("last", message(said))]
    return []


def _wrong_persons(persons: dict[str, Person], holder: str, deputy: str, role: Role, programme: str) -> list[Fault]:
    if role not in DEPUTISED:
        said = gettext_noop("Nobody stands in for {role}: scores, votes and audits are personal.")
        return [_fault("role", message(said, role=role.value))]
    nobody = gettext_noop("Nobody active has the address {email}. Check how it is written.")
    faults = [
        _fault(field, message(nobody, email=email))
        for field, email in (("holder", holder), ("deputy", deputy))
        if email not in persons
    ]
    if faults:
        return faults
    if holder == deputy:
        return [_fault("deputy", message(gettext_noop("Nobody stands in for themselves. Name somebody else.")))]
    held = RoleGrant.objects.filter(programme=programme)
    if not held.filter(person=persons[holder], role=role.value).exists():
        said = gettext_noop("{email} does not have the role {role}, so nobody stands in for it.")
        return [_fault("role", message(said, email=holder, role=role.value))]
    if role is Role.CHAIR and not held.filter(person=persons[deputy], role=Role.COMMITTEE.value).exists():
        said = gettext_noop("{email} is not of the committee. Who stands in for its chair is one of its members.")
        return [_fault("deputy", message(said, email=deputy))]
    return []


@transaction.atomic
def end_deputyship(*, actor: Actor, number: int, now: datetime) -> Deputyship:
    """End a deputyship before its last day; the holder, the deputy and who names the staff may. Twice changes nothing.

    Raises `NotFound` for one that is not there for the actor.
    """
    rows = Deputyship.objects.select_for_update(of=("self",)).select_related("holder", "deputy")
    found = rows.filter(pk=number).first()
    parties = {found.holder.email, found.deputy.email} if found else set()
    if found is None or not (actor.email in parties or actor.holds(*NAME_STAFF, programme=found.programme)):
        said = message(gettext_noop("There is no such deputy for you. It may have ended already."))
        raise NotFound("people.deputy.unknown", said)
    if found.ended_at is None:
        found.ended_at, found.ended_by = now, actor.email
        found.save(update_fields=["ended_at", "ended_by"])
        details = {"role": found.role, "holder": found.holder.email}
        place, who = found.programme, found.deputy.email
        record("people.end_deputyship", who, actor=actor.email, now=now, programme=place, details=details)
    return found


def end_deputyships_of(person: Person, now: datetime, by: str) -> None:
    """End all in which somebody who leaves has a part."""
    theirs = Deputyship.objects.filter(Q(holder=person) | Q(deputy=person), ended_at__isnull=True)
    theirs.update(ended_at=now, ended_by=by)
