"""What is decided of a case: each step with its reason, and clearing by two persons."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import NotFound
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor
from lionrock.screening.domain.cases import TRANSITIONS, CaseState, PartyReleased, check_four_eyes, check_why
from lionrock.screening.models import Case, CaseStep
from lionrock.screening.policies import require_compliance


@transaction.atomic
def escalate_case(*, actor: Actor, case: int, reason: str, now: datetime) -> Case:
    """Put a case before whoever decides in hard cases; takes the role compliance, and a reason."""
    return _step(_locked(actor, case), "escalate", reason, actor, now)


@transaction.atomic
def confirm_case(*, actor: Actor, case: int, reason: str, now: datetime) -> Case:
    """Say that it is the party on the list, which stays held; takes the role compliance, and a reason."""
    return _step(_locked(actor, case), "confirm", reason, actor, now)


@transaction.atomic
def clear_case(*, actor: Actor, case: int, reason: str, now: datetime) -> Case:
    """Say that it is somebody else: the first pair of eyes. Nothing is released until a second person agrees.

    Takes the role compliance, and a reason.
    """
    found = _locked(actor, case)
    found.asked_by = actor.email
    return _step(found, "clear", reason, actor, now)


@transaction.atomic
def agree_to_clear(*, actor: Actor, case: int, reason: str, now: datetime) -> Case:
    """Agree that it is somebody else: the second pair of eyes; what was held goes on in the same transaction.

    Takes the role compliance, and a reason. Raises `Refused` (screening.case.four_eyes) for the person
    who asked for it, `Conflict` when nobody has.
    """
    found = _locked(actor, case)
    advance(TRANSITIONS, CaseState(found.state), "agree", thing=_named(found))
    check_four_eyes(found.asked_by, actor.email)
    found.hits.filter(cleared_at__isnull=True).update(cleared_at=now)
    cleared = _step(found, "agree", reason, actor, now)
    publish(PartyReleased(kind=cleared.kind, code=cleared.code, now=now))
    return cleared


@transaction.atomic
def disagree_to_clear(*, actor: Actor, case: int, reason: str, now: datetime) -> Case:
    """Say that it is not clear that it is somebody else; the case is escalated.

    Takes the role compliance, and a reason.
    """
    return _step(_locked(actor, case), "disagree", reason, actor, now)


def _locked(actor: Actor, case: int) -> Case:
    require_compliance(actor)
    found = Case.objects.select_for_update().filter(pk=case).first()
    if found is None:
        raise NotFound(
            "screening.case.unknown",
            message(gettext_noop("There is no case {number}. See `lionrock screening cases`."), number=case),
        )
    return found


def _named(case: Case) -> str:
    return f"#{case.pk}"


def _step(case: Case, verb: str, reason: str, actor: Actor, now: datetime) -> Case:
    """Take one step of a case (its row is locked), and keep it with its reason."""
    before = case.state
    case.state = advance(TRANSITIONS, CaseState(case.state), verb, thing=_named(case)).value
    why = check_why(reason)
    case.state_since = now
    if case.state != CaseState.CLEARING.value:
        case.asked_by = ""
    case.save(update_fields=["state", "state_since", "asked_by"])
    CaseStep.objects.create(case=case, verb=verb, state=case.state, actor=actor.email, reason=why, at=now)
    details = {"subject": f"{case.kind}:{case.code}", "from": before, "state": case.state, "reason": why}
    action = {"clear": "clear_case", "agree": "agree_to_clear", "disagree": "disagree_to_clear"}.get(
        verb, f"{verb}_case"
    )
    record(f"screening.{action}", str(case.pk), actor=actor.email, now=now, details=details)
    return case
