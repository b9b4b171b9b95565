"""What the office does with an application that was handed in: take it, judge, ask, accept, reject."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain.requests import TRANSITIONS, ApplicationState
from lionrock.applications.models import Application, Letter
from lionrock.applications.parties import applicants_of, is_party
from lionrock.applications.progress import findings_of_round
from lionrock.applications.queries import application_by_code
from lionrock.intake.domain.judging import (
    Judgement,
    as_kept,
    check_acceptable,
    check_judgements,
    check_question,
    check_rejectable,
    judged,
    not_met,
)
from lionrock.intake.models import Check
from lionrock.intake.queries import deadline_to_answer, handlers_of, judgements_of, last_check
from lionrock.kernel.errors import Conflict, NotAllowed
from lionrock.kernel.findings import Finding, as_json
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_paragraph
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require


@transaction.atomic
def take_application(*, actor: Actor, application: str, now: datetime) -> Check:
    """Take an application in hand, so that the rest of the office sees who has it; twice is as good as once.

    Takes the role office, of somebody who is no party to it. Raises `Conflict` when it is not with the office.
    """
    found = _at_the_desk(actor, application)
    advance(TRANSITIONS, ApplicationState(found.state), "accept", thing=application)
    held = last_check(found, Check.Kind.TAKEN)
    if held is not None and held.by == actor.email and handlers_of([found]) == {found.pk: actor.email}:
        return held
    check = _keep(found, Check.Kind.TAKEN, actor, now)
    record_of("intake.take_application", found, actor, now)
    return check


@transaction.atomic
def judge_findings(
    *, actor: Actor, application: str, judgements: Sequence[Judgement], now: datetime, round_seen: int | None = None
) -> Check:
    """Hold open findings of an application met or not met, each with a reason; nothing else changes.

    Takes the role office. Raises `Invalid` with a fault for each judgement that cannot be: of a finding
    on which the rule itself has answered, or without a reason; `Conflict` when it is not with the office,
    or when `round_seen` is not its round.
    """
    found = _at_the_desk(actor, application, round_seen)
    advance(TRANSITIONS, ApplicationState(found.state), "accept", thing=application)
    held = _judged(found, judgements, now)
    last = last_check(found, Check.Kind.JUDGED)
    if last is not None and not _new(found, judgements):
        return last
    check = _keep(found, Check.Kind.JUDGED, actor, now, findings=held, judgements=judgements)
    details: dict[str, object] = {"judgements": check.judgements, "round": found.round}
    record_of("intake.judge_findings", found, actor, now, details)
    return check


@transaction.atomic
def return_application(
    *,
    actor: Actor,
    application: str,
    question: str,
    now: datetime,
    judgements: Sequence[Judgement] = (),
    round_seen: int | None = None,
) -> Application:
    """Ask the applicants for clarification: a letter to them, and the form is open to them again.

    Takes the role office. They have `pledges.clarification_days` working days, where the programme
    sets them. Raises `Invalid` for an empty question, `Conflict` when it is not with the office.
    """
    found = _at_the_desk(actor, application, round_seen)
    state = advance(TRANSITIONS, ApplicationState(found.state), "return", thing=application)
    text = check_question(question)
    held = _judged(found, judgements, now)
    due = deadline_to_answer(found, now)
    Letter.objects.create(
        application=found,
        kind=Letter.Kind.QUESTION,
        author=actor.email,
        from_applicant=False,
        text=text,
        written_at=now,
    )
    check = _keep(found, Check.Kind.RETURNED, actor, now, reason=text, findings=held, judgements=judgements, due=due)
    _move(found, state, check, "intake.return_application", actor, now)
    _tell(found, _asked(found, due), now, urgent=True)
    return found


@transaction.atomic
def accept_application(
    *,
    actor: Actor,
    application: str,
    now: datetime,
    reason: str = "",
    judgements: Sequence[Judgement] = (),
    round_seen: int | None = None,
) -> Application:
    """Find an application complete and eligible: it goes on to the assessors.

    Takes the role office. Raises `Refused` with the findings that are not met: none of them can be
    waived. What is unknown and was not judged stays unknown, and stops nobody.
    """
    found = _at_the_desk(actor, application, round_seen)
    state = advance(TRANSITIONS, ApplicationState(found.state), "accept", thing=application)
    check_paragraph(reason, field="reason")
    held = _judged(found, judgements, now)
    check_acceptable(application, held)
    check = _keep(found, Check.Kind.ACCEPTED, actor, now, reason=reason, findings=held, judgements=judgements)
    _move(found, state, check, "intake.accept_application", actor, now)
    template = gettext_noop("{application} is complete and eligible. It goes on to the assessors.")
    _tell(found, message(template, application=found.code), now)
    return found


@transaction.atomic
def reject_application(
    *,
    actor: Actor,
    application: str,
    now: datetime,
    reason: str = "",
    judgements: Sequence[Judgement] = (),
    round_seen: int | None = None,
) -> Application:
    """Find an application ineligible, for the findings that are not met; its applicants read them with their sources.

    Takes the role office. Raises `Refused` when no finding is not met: there would be nothing to tell them.
    """
    found = _at_the_desk(actor, application, round_seen)
    state = advance(TRANSITIONS, ApplicationState(found.state), "reject", thing=application)
    check_paragraph(reason, field="reason")
    held = _judged(found, judgements, now)
    check_rejectable(application, held)
    check = _keep(found, Check.Kind.REJECTED, actor, now, reason=reason, findings=held, judgements=judgements)
    _move(found, state, check, "intake.reject_application", actor, now)
    template = gettext_noop("{application} is not eligible. Rules that are not met: {count}. Read which, and why.")
    _tell(found, message(template, application=found.code, count=len(not_met(held))), now, urgent=True)
    return found


def _at_the_desk(actor: Actor, application: str, round_seen: int | None = None) -> Application:
    """Return the application, locked, for an officer who may check it and has seen what lies there now."""
    found = application_by_code(actor, application, lock=True)
    require(actor, Role.OFFICE, programme=found.call.programme)
    if is_party(actor, found):
        template = gettext_noop("{email} is a party to {application}, so somebody else of the office must check it.")
        said = message(template, email=actor.email, application=application)
        raise NotAllowed("intake.check.party", said)
    if round_seen is not None and round_seen != found.round:
        template = gettext_noop(
            "{application} was handed in again meanwhile. Load the page again and read what is new."
        )
        raise Conflict("intake.check.newer_round", message(template, application=application))
    return found


def _judged(found: Application, judgements: Sequence[Judgement], now: datetime) -> tuple[Finding, ...]:
    """Return the findings with what was and is now judged; raises `Invalid` for what cannot be judged now."""
    findings = findings_of_round(found, now)
    check_judgements(findings, judgements)
    return judged(findings, [*judgements_of(found), *judgements])


def _new(found: Application, judgements: Sequence[Judgement]) -> bool:
    return not set(judgements) <= set(judgements_of(found))


def _keep(
    found: Application,
    kind: Check.Kind,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    findings: Sequence[Finding] = (),
    judgements: Sequence[Judgement] = (),
    due: date | None = None,
) -> Check:
    return Check.objects.create(
        application=found,
        round=found.round,
        kind=kind,
        by=actor.email,
        at=now,
        reason=reason.strip(),
        findings=[as_json(finding) for finding in findings],
        judgements=[as_kept(judgement) for judgement in judgements],
        due=due,
    )


def _move(found: Application, state: ApplicationState, check: Check, action: str, actor: Actor, now: datetime) -> None:
    details: dict[str, object] = {
        "from": found.state,
        "round": found.round,
        "reason": check.reason,
        "judgements": check.judgements,
        "findings": check.findings,
        "due": check.due.isoformat() if check.due else None,
    }
    found.state, found.state_since = state.value, now
    found.save(update_fields=["state", "state_since"])
    record_of(action, found, actor, now, details)


def _asked(found: Application, due: date | None) -> Message:
    if due is None:
        template = gettext_noop("The office asks about {application}. Answer, and hand it in again.")
        return message(template, application=found.code)
    template = gettext_noop("The office asks about {application}. Answer, and hand it in again by {due}.")
    return message(template, application=found.code, due=due)


def _tell(found: Application, said: Message, now: datetime, *, urgent: bool = False) -> None:
    about = Subject("application", found.code)
    notify(to=applicants_of(found), said=said, about=about, now=now, urgent=urgent)
