"""Handing an application in, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain import TRANSITIONS, ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code, findings_now
from lionrock.kernel.errors import Refused
from lionrock.kernel.findings import Outcome, as_json, overall
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor
from lionrock.people.policies import require_member


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
    record_of("applications.submit_application", found, actor, now, {"findings": found.findings})
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
    record_of("applications.withdraw_application", found, actor, now, details)
    return found
