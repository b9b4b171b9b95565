"""Handing an application in, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain import TRANSITIONS, ApplicationState
from lionrock.applications.domain.asked import Asked
from lionrock.applications.domain.completeness import completeness
from lionrock.applications.domain.rounds import digest
from lionrock.applications.models import Application, Submission
from lionrock.applications.progress import findings_of_round
from lionrock.applications.queries import application_by_code, asked_of, files_of, filled_of
from lionrock.kernel.errors import Conflict, Invalid, Refused
from lionrock.kernel.findings import Finding, Outcome, as_json, overall
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require_member
from lionrock.people.queries import holders_of
from lionrock.rules.shape import Names


@transaction.atomic
def submit_application(*, actor: Actor, application: str, now: datetime) -> Application:
    """Hand an application in: it is complete by its form, and no rule of the programme, as of today, says no.

    The actor must be a member. What is handed in is kept word for word as a `Submission`, with what was
    found, unknowns included. One that was returned makes the next round; its window is that of the first.
    Raises `Invalid` with a fault for each gap, `Refused` with every finding when one is not met (nothing is
    changed then), `Conflict` when it is handed in already, or decided, or withdrawn.
    """
    found = application_by_code(actor, application, lock=True)
    require_member(actor, found.organisation.code)
    _not_twice(found)
    state = advance(TRANSITIONS, ApplicationState(found.state), "submit", thing=application)
    asked = asked_of(found, now)
    _require_complete(found, asked)
    findings = findings_of_round(found, now)
    _require_eligible(found, findings)
    found.state, found.state_since, found.submitted_at, found.round = state.value, now, now, found.round + 1
    found.findings = [as_json(finding) for finding in findings]
    found.save(update_fields=["state", "state_since", "submitted_at", "round", "findings"])
    handed_in = _keep(found, asked, actor, now)
    details: dict[str, object] = {"findings": found.findings, "round": found.round, "sha256": handed_in.sha256}
    record_of("applications.submit_application", found, actor, now, details)
    _tell_the_office(found, now)
    return found


def _not_twice(found: Application) -> None:
    if found.state == ApplicationState.SUBMITTED:
        said = message(
            gettext_noop(
                "{application} was handed in already, on {at}. It is with the office; nothing was sent twice."
            ),
            application=found.code,
            at=found.submitted_at,
        )
        raise Conflict("applications.submit.already", said)


def _require_complete(found: Application, asked: Asked) -> None:
    gaps = completeness(asked, filled_of(found)).gaps
    if gaps:
        said = message(
            gettext_noop(
                "{application} is not complete: {count} things are missing or wrong. Mend them and submit again."
            ),
            application=found.code,
            count=len(gaps),
        )
        raise Invalid("applications.submit.incomplete", said, faults=[gap.fault for gap in gaps])


def _require_eligible(found: Application, findings: Sequence[Finding]) -> None:
    if overall(tuple(findings)) is not Outcome.NOT_MET:
        return
    failed = [finding for finding in findings if finding.outcome is Outcome.NOT_MET]
    said = message(
        gettext_noop("{application} is not eligible: {count} rules are not met. Mend them and submit again."),
        application=found.code,
        count=len(failed),
    )
    raise Refused("applications.submit.not_eligible", said, findings=findings)


def _keep(found: Application, asked: Asked, actor: Actor, now: datetime) -> Submission:
    """Keep what was handed in, word for word."""
    content = _content(found, asked, actor, now)
    return Submission.objects.create(
        application=found, round=found.round, submitted_by=actor.email, submitted_at=now, content=content,
        sha256=digest(content),
    )  # fmt: skip


def _content(found: Application, asked: Asked, actor: Actor, now: datetime) -> dict[str, Any]:
    filled = filled_of(found)
    boxes = asked.boxes(filled.entries)
    documents = files_of(found).values("id", "document", "name", "media_type", "size", "pages", "sha256")
    return {
        "application": found.code,
        "call": found.call.code,
        "programme": found.call.programme,
        "organisation": found.organisation.code,
        "round": found.round,
        "submitted_by": actor.email,
        "submitted_at": now.isoformat(),
        "form": asked.form.since.isoformat(),
        "entries": {part: list(numbers) for part, numbers in filled.entries.items()},
        "answers": {key: value for key, value in filled.answers.items() if key in boxes and value},
        "documents": list(documents),
        "findings": found.findings,
    }


def _tell_the_office(found: Application, now: datetime) -> None:
    again = gettext_noop("{application} was handed in again by {organisation}, in answer to what you asked.")
    first = gettext_noop("{application} was handed in by {organisation}.")
    _tell(found, message(again if found.round > 1 else first, **_who(found)), now)


def _who(found: Application) -> dict[str, object]:
    place = found.organisation
    names = Names(place.name, place.name_zh_hant or None, place.name_zh_hans or None)
    return {"application": found.code, "organisation": names}


def _tell(found: Application, said: Message, now: datetime) -> None:
    office = holders_of(Role.OFFICE, programme=found.call.programme)
    notify(to=office, said=said, about=Subject("application", found.code), now=now)


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
    if found.submitted_at is not None:
        said = message(gettext_noop("{application} was withdrawn by {organisation}."), **_who(found))
        _tell(found, said, now)
    return found
