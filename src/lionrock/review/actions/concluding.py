"""Settling differences between assessors, and passing an application on to the committee."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lionrock.applications.actions import mark_assessed
from lionrock.applications.actions.admissions import check_reason
from lionrock.applications.models import Admission, Application, Standing
from lionrock.applications.queries import application_by_code
from lionrock.kernel.errors import Conflict, Fault, Invalid, Refused, collecting
from lionrock.kernel.findings import Outcome, as_json, overall
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.queries import holders_of
from lionrock.review.actions.assigning import require_assessing
from lionrock.review.actions.recording import record_of
from lionrock.review.domain import AssignmentState, Scheme, conclusive, read_agreed, shown
from lionrock.review.models import AgreedMark, Assignment, Moderation
from lionrock.review.queries import Result, covers, results, scheme_for


@transaction.atomic
def moderate_scores(
    *, actor: Actor, application: str, reason: str, now: datetime, agreed: Mapping[str, str] | None = None
) -> Moderation:
    """Settle a difference that is larger than the programme allows: agreed marks, or None to keep them apart.

    Takes the role office or chair. It settles the sheets that are in now; a sheet that is handed in
    anew opens the question again. Raises `Invalid` without a reason or with a mark missing or wrong,
    `Conflict` when there is nothing to settle.
    """
    found = application_by_code(actor, application, lock=True)
    require(actor, Role.OFFICE, Role.CHAIR, programme=found.call.programme)
    require_assessing(found)
    scheme = scheme_for(found)
    marks = _read(scheme, reason, agreed)
    result = results(actor, [found]).get(found.pk)
    if result is None or not result.needs_moderation:
        raise _nothing_to_settle(found)
    kept = Moderation.objects.create(
        application=found,
        agreed=marks is not None,
        reason=reason,
        covers=covers(_scored(found)),
        moderated_by=actor.email,
        moderated_at=now,
    )
    AgreedMark.objects.bulk_create(
        AgreedMark(moderation=kept, point=key, mark=mark, scale_max=scheme.scale_max)
        for key, mark in (marks or {}).items()
    )
    details: dict[str, object] = {"agreed": marks, "reason": reason, "spread": shown(result.spread)}
    record_of("review.moderate_scores", found, actor, now, details)
    return kept


def _read(scheme: Scheme, reason: str, agreed: Mapping[str, str] | None) -> dict[str, int] | None:
    faults: list[Fault] = []
    marks = None
    with collecting(faults):
        marks = None if agreed is None else read_agreed(scheme, agreed)
    with collecting(faults):
        check_reason(reason)
    if faults:
        raise Invalid("review.moderation", faults[0].message, faults=faults)
    return marks


def _scored(application: Application) -> list[Assignment]:
    return list(Assignment.objects.filter(application=application, state=AssignmentState.SCORED.value))


def _nothing_to_settle(application: Application) -> Conflict:
    said = message(
        gettext_noop("The assessors of {application} do not lie further apart than allowed, or that is settled."),
        application=application.code,
    )
    return Conflict("review.moderation.nothing", said)


@transaction.atomic
def conclude_assessment(*, actor: Actor, application: str, now: datetime) -> Result:
    """Pass an application on to the committee once every score is in and no difference is open.

    Takes the role office. The committee is told, but for those who are shut out. Raises `Refused`
    with every finding when a rule says no, `Conflict` when it is not with the assessors.
    """
    found = application_by_code(actor, application, lock=True)
    require(actor, Role.OFFICE, programme=found.call.programme)
    require_assessing(found)
    result = _ready(found, results(actor, [found]).get(found.pk))
    mark_assessed(actor=actor, application=application, now=now)
    details: dict[str, object] = {
        "score": str(result.score),
        "spread": str(result.spread),
        "findings": [as_json(finding) for finding in (*result.checks, *result.findings)],
    }
    record_of("review.conclude_assessment", found, actor, now, details)
    _tell_the_committee(found, now)
    return result


def _ready(application: Application, result: Result | None) -> Result:
    """Return the result when nothing stands against passing it on; raises `Refused` with all that does."""
    nobody = conclusive(scheme_for(application), 0, 0, apart=False, settled=False)
    checks = result.checks if result else nobody
    if result is not None and overall(checks) is not Outcome.NOT_MET:
        return result
    said = message(
        gettext_noop("{application} cannot go to the committee yet: {count} rules are not met."),
        application=application.code,
        count=sum(check.outcome is Outcome.NOT_MET for check in checks),
    )
    raise Refused("review.conclude.not_ready", said, findings=checks)


def _tell_the_committee(application: Application, now: datetime) -> None:
    shut_out = Admission.objects.filter(application=application, standing=Standing.SHUT_OUT)
    told = holders_of(Role.COMMITTEE, Role.CHAIR, programme=application.call.programme)
    said = message(
        gettext_noop("{application} has been assessed and waits for the committee."), application=application.code
    )
    to = set(told) - set(shut_out.values_list("person", flat=True))
    notify(to=to, said=said, about=Subject("application", application.code), now=now)
