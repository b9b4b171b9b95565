"""Letting people of other organisations write in an application, and no longer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.models import Admission, Application, Standing
from lionrock.applications.queries import application_to_write
from lionrock.kernel.errors import Conflict, Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.policies import require_member
from lionrock.people.queries import actor_of


@transaction.atomic
def invite_author(*, actor: Actor, application: str, email: str, now: datetime) -> Admission | None:
    """Let somebody on file write in one application; None when they may as members of its organisation.

    Twice is as good as once. The actor must be a member of the organisation. Raises `Invalid` for an
    address that nobody active has, `Conflict` for somebody who assesses the application or is in conflict
    with it, or when it is not with its authors.
    """
    found = application_to_write(actor, application)
    require_member(actor, found.organisation.code)
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise _nobody(email)
    if actor_of(person).belongs_to(found.organisation.code):
        return None
    held = found.admissions.filter(person=person.email).first()
    if held is not None:
        return _as_author(held)
    admission = Admission.objects.create(
        application=found, person=person.email, standing=Standing.AUTHOR, because=f"invited by {actor.email}", since=now
    )
    record_of("applications.invite_author", found, actor, now, {"person": person.email})
    return admission


@transaction.atomic
def remove_author(*, actor: Actor, application: str, email: str, now: datetime) -> Application:
    """Let somebody who was invited write in an application no longer; what they wrote stays.

    The actor must be a member of the organisation. Who was not invited, or no longer is, changes nothing.
    """
    found = application_to_write(actor, application)
    require_member(actor, found.organisation.code)
    removed, _ = found.admissions.filter(person__iexact=email.strip(), standing=Standing.AUTHOR).delete()
    if removed:
        record_of("applications.remove_author", found, actor, now, {"person": email.strip()})
    return found


def _nobody(email: str) -> Invalid:
    said = message(
        gettext_noop("Nobody on file has the address “{value}”. Ask them to join first, then invite them again."),
        value=email,
    )
    return Invalid(
        "applications.author.unknown",
        said,
        faults=[Fault("applications.author.unknown", said, field="email", value=email)],
    )


def _as_author(held: Admission) -> Admission:
    if held.standing == Standing.AUTHOR:
        return held
    said = message(
        gettext_noop("{email} cannot write in it: their part in this application is another."), email=held.person
    )
    raise Conflict("applications.author.other_part", said)
