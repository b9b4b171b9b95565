"""Who is let in to one application and who is kept out, and its way to the committee and back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain import TRANSITIONS, ApplicationState
from lionrock.applications.models import Admission, Application, Standing
from lionrock.applications.queries import application_by_code
from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_paragraph
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require


@transaction.atomic
def admit(application: Application, person: str, *, because: str, by: str, now: datetime) -> None:
    """Let a person read one application, as part of what another room does; twice is as good as once.

    Who writes in it keeps that; who is shut out stays so.
    """
    made = Admission.objects.get_or_create(
        application=application,
        person=person,
        defaults={"standing": Standing.READER, "because": because, "since": now},
    )[1]
    if made:
        _note("applications.admit", application, by, now, person, because)


@transaction.atomic
def shut_out(application: Application, person: str, *, because: str, by: str, now: datetime) -> None:
    """Keep a person in conflict from all of one application, whatever they held; twice is as good as once."""
    held = Admission.objects.filter(application=application, person=person).first()
    if held is not None and held.standing == Standing.SHUT_OUT:
        return
    Admission.objects.update_or_create(
        application=application,
        person=person,
        defaults={"standing": Standing.SHUT_OUT, "because": because, "since": now},
    )
    _note("applications.shut_out", application, by, now, person, because)


@transaction.atomic
def dismiss(application: Application, person: str, *, because: str, by: str, now: datetime) -> None:
    """End what `admit` began; who writes in the application or is shut out of it stays so."""
    removed, _ = Admission.objects.filter(application=application, person=person, standing=Standing.READER).delete()
    if removed:
        _note("applications.dismiss", application, by, now, person, because)


def _note(action: str, application: Application, by: str, now: datetime, person: str, because: str) -> None:
    record(
        action,
        application.code,
        actor=by,
        now=now,
        programme=application.call.programme,
        organisation=application.organisation.code,
        details={"person": person, "because": because},
    )


@transaction.atomic
def mark_assessed(*, actor: Actor, application: str, now: datetime) -> Application:
    """Pass an application on to the committee; `review` asks for it once the scores are in.

    Takes the role office. Raises `Conflict` when it is not with the assessors.
    """
    found = application_by_code(actor, application, lock=True)
    require(actor, Role.OFFICE, programme=found.call.programme)
    _move(found, "assess", now)
    record_of("applications.mark_assessed", found, actor, now)
    return found


@transaction.atomic
def reopen_assessment(*, actor: Actor, application: str, reason: str, now: datetime) -> Application:
    """Take an application back from the committee to the assessors, with the reason for it.

    Takes the role office or chair. Raises `Conflict` when it is not with the committee, `Invalid`
    without a reason.
    """
    found = application_by_code(actor, application, lock=True)
    require(actor, Role.OFFICE, Role.CHAIR, programme=found.call.programme)
    check_reason(reason)
    _move(found, "reopen", now)
    record_of("applications.reopen_assessment", found, actor, now, {"reason": reason})
    return found


def check_reason(reason: str) -> str:
    """Return what was written as the reason for something; raises `Invalid` when nothing was."""
    if reason.strip():
        return check_paragraph(reason, field="reason")
    said = message(gettext_noop("Nobody would know why. Write the reason."))
    raise Invalid("applications.reason", said, faults=[Fault("applications.reason", said, field="reason", value="")])


def _move(found: Application, verb: str, now: datetime) -> None:
    found.state = advance(TRANSITIONS, ApplicationState(found.state), verb, thing=found.code).value
    found.state_since = now
    found.save(update_fields=["state", "state_since"])
