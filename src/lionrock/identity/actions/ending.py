"""Ending sign-ins: one's own, and all of somebody's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.identity.domain.events import SigningInChanged, What
from lionrock.identity.models import Session
from lionrock.identity.policies import missing_reason, nobody_here, require_over_sign_ins
from lionrock.identity.queries import person_by_address
from lionrock.kernel.errors import Fault, Invalid, NotFound
from lionrock.kernel.events import publish
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
def end_all_sessions(*, actor: Actor, email: str, reason: str, now: datetime) -> int:
    """End all sign-ins of somebody, who is told; return how many there were.

    The operator may for everybody; the office and the owner of a programme for who holds a role of it. Raises
    `NotFound` for anybody else, `Invalid` without a reason.
    """
    person = _person(actor, email)
    programme = require_over_sign_ins(actor, person)
    if said := missing_reason(reason):
        raise Invalid("identity.end.reason", said, faults=[Fault("identity.end.reason", said, field="reason")])
    ended: int = Session.objects.filter(person=person).delete()[0]
    record(
        "identity.end_all_sessions", person.email, actor=actor.email, now=now, reason=reason, programme=programme,
        details={"ended": ended},
    )  # fmt: skip
    publish(SigningInChanged(person.email, What.ENDED_BY_OTHERS, reason, now))
    return ended


def _person(actor: Actor, email: str) -> Person:
    try:
        return person_by_address(email)
    except NotFound as nobody:
        raise nobody if actor.operator else nobody_here(email) from None


def forget_sessions(now: datetime) -> int:
    """Remove the sessions that have ended by themselves; return how many."""
    forgotten: int = Session.objects.filter(expire_date__lte=now).delete()[0]
    return forgotten
