"""Who looks after an organisation: naming its administrators, ending that, and being a member in the first place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, AdministratorChanged, Role
from lionrock.people.models import Organisation, Person, RoleGrant
from lionrock.people.policies import require_caretaker
from lionrock.people.queries import administrators_of, members_of, organisation_for

_MEMBER, _ADMINISTRATOR = Role.MEMBER.value, Role.ORGANISATION_ADMIN.value


def join(person: Person, place: Organisation, now: datetime, *, administrator: bool = False) -> None:
    """Make a person a member, once; the first of an organisation is its administrator too."""
    first = not members_of(place.code)
    _hold(person, _MEMBER, place, now)
    if first or administrator:
        _hold(person, _ADMINISTRATOR, place, now)


def _hold(person: Person, role: str, place: Organisation, now: datetime) -> bool:
    given = {"granted_at": now}
    return RoleGrant.objects.get_or_create(person=person, role=role, organisation=place, programme="", defaults=given)[
        1
    ]


@transaction.atomic
def name_administrator(*, actor: Actor, organisation: str, email: str, now: datetime) -> None:
    """Let a member look after who belongs to an organisation; an administrator of it or any office may.

    Named twice, once. Raises `NotFound` for somebody who does not belong to it.
    """
    place, person = _member(actor, organisation, email)
    if _hold(person, _ADMINISTRATOR, place, now):
        _tell("people.name_administrator", place, person, actor, now)


@transaction.atomic
def end_administrator(*, actor: Actor, organisation: str, email: str, now: datetime) -> None:
    """Let an administrator be a plain member again; an administrator (oneself, too) or any office may.

    Ended twice, once. Raises `NotFound` for somebody who does not belong to it, `Conflict` for the last one.
    """
    place, person = _member(actor, organisation, email)
    held = RoleGrant.objects.filter(person=person, role=_ADMINISTRATOR, organisation=place)
    if not held.exists():
        return
    if administrators_of(organisation) == [person.email]:
        said = gettext_noop("{email} is the last administrator of {organisation}. Name another one first.")
        told = message(said, email=person.email, organisation=place.name)
        raise Conflict("people.administrator.last", told)
    held.delete()
    _tell("people.end_administrator", place, person, actor, now)


def _member(actor: Actor, organisation: str, email: str) -> tuple[Organisation, Person]:
    """Return the organisation, locked, and a member of it; raises `NotFound` and `NotAllowed`."""
    place = organisation_for(actor, organisation)
    require_caretaker(actor, organisation)
    # Two who step down at once would each count on the other.
    Organisation.objects.select_for_update().get(pk=place.pk)
    members = RoleGrant.objects.filter(role=_MEMBER, organisation=place, person__is_active=True)
    grant = members.filter(person__email__iexact=email).select_related("person").first()
    if grant is None:
        said = message(gettext_noop("{email} does not belong to {organisation}."), email=email, organisation=place.name)
        raise NotFound("people.leaving.not_a_member", said)
    return place, grant.person


def _tell(action: str, place: Organisation, person: Person, actor: Actor, now: datetime) -> None:
    record(action, person.email, actor=actor.email, now=now, organisation=place.code)
    named = action == "people.name_administrator"
    publish(AdministratorChanged(place.code, person.email, actor.email, named, now))
