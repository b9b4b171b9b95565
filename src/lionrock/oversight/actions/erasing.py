"""Erasing what is kept no longer: by two persons, or by itself where the programme says so."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from lionrock.applications.erasing import erase_application, people_of
from lionrock.applications.models import Application
from lionrock.audit.actions import record
from lionrock.audit.erasing import erase_fields
from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.oversight.domain import ErasedBy, Period
from lionrock.oversight.models import Erasure, Hold
from lionrock.oversight.retention import due_of, holding, period_of
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file, programmes_on_file

ERASERS: Final = (Role.OFFICE, Role.COMPLIANCE)
ITSELF: Final = "lionrock due"
"""Who erases where the programme lets it be done by itself."""


@transaction.atomic
def propose_erasure(*, actor: Actor, programme: str, subject: str, now: datetime) -> Erasure:
    """Propose to erase an application that is kept no longer; takes the role office or compliance.

    Raises `NotFound` for what is not due, `Refused` for what is held, `Conflict` for what is proposed already.
    """
    require(actor, *ERASERS, programme=programme)
    application, period = _due(programme, subject, now)
    if Erasure.objects.filter(subject=subject).exists():
        said = message(gettext_noop("It is proposed already that {subject} is erased."), subject=subject)
        raise Conflict("oversight.erasure.proposed", said)
    made = _proposed(application, period, actor.email, now)
    details = {"erasure": made.pk, "rule": made.rule}
    record("oversight.propose_erasure", subject, actor=actor.email, now=now, programme=programme, details=details)
    return made


@transaction.atomic
def carry_out_erasure(*, actor: Actor, programme: str, number: int, now: datetime) -> Erasure:
    """Erase what somebody else has proposed; takes the role office or compliance.

    Raises `NotFound` for what nobody has proposed or is not due any more, `NotAllowed` for who proposed it,
    `Refused` for what is held, `Conflict` for what is erased already.
    """
    require(actor, *ERASERS, programme=programme)
    found = Erasure.objects.select_for_update().filter(pk=number, programme=programme).first()
    if found is None:
        said = message(gettext_noop("{programme} has no erasure {number}."), programme=programme, number=number)
        raise NotFound("oversight.erasure.unknown", said)
    if found.erased_at is not None:
        said = message(gettext_noop("{subject} is erased already."), subject=found.subject)
        raise Conflict("oversight.erasure.done", said)
    if found.proposed_by == actor.email:
        template = gettext_noop("Two persons erase: {email} has proposed it, another one does it.")
        said = message(template, email=actor.email)
        raise NotAllowed("oversight.erasure.same_person", said)
    application, _ = _due(programme, found.subject, now)
    return _erase(found, application, actor.email, now)


def erase_due(now: datetime) -> int:
    """Erase what is kept no longer where the programme lets it be done by itself; return how many things."""
    erased = 0
    for programme in programmes_on_file():
        period = period_of(programme)
        if period is None or period.by is not ErasedBy.DUE:
            continue
        for each in due_of(programme, local_date(now, programme_on_file(programme).zone)):
            if not each.holds:
                erased += _erase_by_itself(programme, each.application.code, now)
    return erased


@transaction.atomic
def _erase_by_itself(programme: str, subject: str, now: datetime) -> int:
    application, period = _due(programme, subject, now)
    found = Erasure.objects.filter(subject=subject).first() or _proposed(application, period, ITSELF, now)
    _erase(found, application, ITSELF, now)
    return 1


def _due(programme: str, subject: str, now: datetime) -> tuple[Application, Period]:
    """Return an application that is due, locked; nobody places a hold meanwhile that is not seen."""
    today = local_date(now, programme_on_file(programme).zone)
    list(Application.objects.select_for_update().filter(code=subject, call__programme=programme))
    due = next((each for each in due_of(programme, today) if each.application.code == subject), None)
    period = period_of(programme)
    if due is None or period is None:
        template = gettext_noop("{subject} of {programme} is not due for erasure.")
        raise NotFound("oversight.erasure.not_due", message(template, subject=subject, programme=programme))
    holds = holding(due.application, list(Hold.objects.filter(programme=programme, released_at__isnull=True)), today)
    if holds:
        template = gettext_noop("{subject} is held ({kind} {code}: {reason}), so that it is not erased.")
        held = holds[0]
        said = message(template, subject=subject, kind=held.kind, code=held.code, reason=held.reason)
        raise Refused("oversight.erasure.held", said)
    return due.application, period


def _proposed(application: Application, period: Period, by: str, now: datetime) -> Erasure:
    rule = {"kind": period.kind.value, "years": period.years, "source": period.citation.source}
    return Erasure.objects.create(
        programme=period.programme, subject=application.code, rule=rule, proposed_at=now, proposed_by=by
    )


def _erase(found: Erasure, application: Application, by: str, now: datetime) -> Erasure:
    people = people_of(application)
    counts = erase_application(application)
    wanted = {each.pk: _personal(each, people) for each in AuditRecord.objects.filter(subject=application.code)}
    counts["audit_records"] = erase_fields(
        wanted, actor=by, programme=found.programme, certificate=found.certificate, now=now
    )
    found.erased_at, found.erased_by, found.counts = now, by, counts
    found.save()
    details = {"certificate": found.certificate, "counts": counts, "rule": found.rule}
    record(
        "oversight.carry_out_erasure", application.code, actor=by, now=now, programme=found.programme, details=details
    )
    return found


def _personal(each: AuditRecord, people: frozenset[str]) -> set[str]:
    """Return the fields of a record that may be personal: of those who applied, not of who worked on it."""
    acting = {name for name in ("actor", "on_behalf_of") if getattr(each, name).lower() in people}
    return {"details", "reason"} | acting if not each.action.startswith("oversight.") else acting
