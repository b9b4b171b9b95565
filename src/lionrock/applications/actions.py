"""Drafting, submitting and withdrawing applications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from lionrock.applications.domain import (
    TRANSITIONS,
    ApplicationState,
    Request,
    Statements,
    check_request,
    check_words,
)
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code, findings_now
from lionrock.audit.actions import record
from lionrock.calls.numbering import next_code
from lionrock.calls.queries import call_by_code
from lionrock.kernel.errors import Refused
from lionrock.kernel.findings import Outcome, as_json, overall
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_lines, check_paragraph
from lionrock.people.domain import Actor
from lionrock.people.policies import require_member
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import organisation_by_code


@transaction.atomic
def draft_application(
    *,
    actor: Actor,
    call: str,
    organisation: str,
    category: str,
    title: str,
    request: Request,
    now: datetime,
    purpose: str = "",
    declarations: Iterable[str] = (),
    other_subsidy: bool | None = None,
    title_zh_hant: str = "",
    title_zh_hans: str = "",
) -> Application:
    """Begin an application of an organisation to a call; nothing is checked by the rules yet.

    The actor must be a member. Raises `NotFound` for an unknown call or organisation, `Invalid` for
    a request whose numbers cannot be meant, or that names what the programme does not have.
    """
    require_member(actor, organisation)
    place = organisation_by_code(organisation)
    found = call_by_code(actor, call)
    check_lines({"title": title}, {"title_zh_hant": title_zh_hant, "title_zh_hans": title_zh_hans})
    check_paragraph(purpose, field="purpose")
    check_request(request)
    rules = programme_on_file(found.programme)
    signed = frozenset(declarations)
    check_words(rules, request, Statements(category, signed))
    application = Application.objects.create(
        code=next_code("APP", local_date(now, rules.zone).year),
        call=found,
        organisation=place,
        applicant=actor.email,
        category=category,
        title=title,
        title_zh_hant=title_zh_hant,
        title_zh_hans=title_zh_hans,
        purpose=purpose,
        item=request.item,
        count=request.count,
        months=request.months,
        hours=request.hours,
        starts=request.starts,
        declarations=sorted(signed),
        other_subsidy=other_subsidy,
        created_at=now,
        state_since=now,
    )
    _record("applications.draft_application", application, actor, now, {"call": call, "item": request.item})
    return application


@transaction.atomic
def submit_application(*, actor: Actor, application: str, now: datetime) -> Application:
    """Hand an application in, when no rule of the programme, as of today, says no.

    The actor must be a member. What was found is kept with the application, unknowns included.
    Raises `Refused` with every finding when one is not met (the draft stays as it was), `Conflict`
    when it is no draft.
    """
    found = application_by_code(actor, application, lock=True)
    require_member(actor, found.organisation.code)
    state = advance(TRANSITIONS, ApplicationState(found.state), "submit", thing=application)
    findings = findings_now(found, now)
    if overall(findings) is Outcome.NOT_MET:
        failed = [finding for finding in findings if finding.outcome is Outcome.NOT_MET]
        said = message(
            gettext_noop("{application} is not eligible: {count} rules are not met. Mend them and submit again."),
            application=application,
            count=len(failed),
        )
        raise Refused("applications.submit.not_eligible", said, findings=findings)
    found.state, found.state_since, found.submitted_at, found.round = state.value, now, now, found.round + 1
    found.findings = [as_json(finding) for finding in findings]
    found.save(update_fields=["state", "state_since", "submitted_at", "round", "findings"])
    _record("applications.submit_application", found, actor, now, {"findings": found.findings})
    return found


@transaction.atomic
def withdraw_application(*, actor: Actor, application: str, now: datetime) -> Application:
    """Take an application back, before or after submission but before it is decided.

    The actor must be a member. Raises `Conflict` when it is decided or withdrawn already.
    """
    found = application_by_code(actor, application, lock=True)
    require_member(actor, found.organisation.code)
    state = advance(TRANSITIONS, ApplicationState(found.state), "withdraw", thing=application)
    details: dict[str, object] = {"from": found.state}
    found.state, found.state_since = state.value, now
    found.save(update_fields=["state", "state_since"])
    _record("applications.withdraw_application", found, actor, now, details)
    return found


def _record(action: str, application: Application, actor: Actor, now: datetime, details: dict[str, object]) -> None:
    record(
        action,
        application.code,
        actor=actor.email,
        now=now,
        programme=application.call.programme,
        organisation=application.organisation.code,
        details=details,
    )
