"""Ending sign-ins: one's own, and all of somebody's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.identity.models import Session
from lionrock.identity.policies import require_operator
from lionrock.identity.queries import person_by_address
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.models import Person


@transaction.atomic
def end_session(*, person: Person, handle: str, now: datetime) -> None:
    """End one of one's own sign-ins; raises `NotFound` for one that is not there, or not one's own."""
    if not handle or not Session.objects.filter(person=person, handle=handle).delete()[0]:
        said = message(gettext_noop("This sign-in is over already."))
        raise NotFound("identity.session.unknown", said)
    record("identity.end_session", person.email, actor=person.email, now=now)


@transaction.atomic
def end_other_sessions(*, person: Person, but: str, now: datetime) -> int:
    """End all of one's own sign-ins but one (a handle); return how many there were."""
    ended: int = Session.objects.filter(person=person).exclude(handle=but).delete()[0]
    record("identity.end_other_sessions", person.email, actor=person.email, now=now, details={"ended": ended})
    return ended


@transaction.atomic
def end_all_sessions(*, actor: Actor, email: str, now: datetime) -> int:
    """End all sign-ins of somebody; the terminal's operator may. Returns how many; raises `NotFound`."""
    require_operator(actor)
    person = person_by_address(email)
    ended: int = Session.objects.filter(person=person).delete()[0]
    record("identity.end_all_sessions", person.email, actor=actor.email, now=now, details={"ended": ended})
    return ended


def forget_sessions(now: datetime) -> int:
    """Remove the sessions that have ended by themselves; return how many."""
    forgotten: int = Session.objects.filter(expire_date__lte=now).delete()[0]
    return forgotten
