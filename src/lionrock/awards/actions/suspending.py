"""Suspending an award, and letting it be used again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.awards.actions.recording import record_of
from lionrock.awards.actions.telling import tell_organisation
from lionrock.awards.domain import TRANSITIONS, AwardState, check_reason
from lionrock.awards.models import Award, Suspension
from lionrock.awards.queries import award_by_code
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require


@transaction.atomic
def suspend_award(*, actor: Actor, award: str, reason: str, now: datetime) -> Award:
    """Stop new use of an award for the time being, and say why.

    Takes the role office, committee or chair. No job can be submitted under it; what runs already
    runs on and is charged, and a lease is billed as before, for the programme states nothing else.
    Raises `Invalid` without a reason, `Conflict` when the award is not active.
    """
    found = award_by_code(actor, award, lock=True)
    require(actor, Role.OFFICE, Role.COMMITTEE, Role.CHAIR, programme=found.programme)
    why = check_reason(reason)
    found.state = advance(TRANSITIONS, AwardState(found.state), "suspend", thing=award).value
    found.save(update_fields=["state"])
    Suspension.objects.create(award=found, since=now, reason=why, suspended_by=actor.email)
    record_of("awards.suspend_award", found, actor, now, {"reason": why})
    said = gettext_noop("{award} is suspended: {reason} No new work can start; a lease is billed all the same.")
    tell_organisation(found, said, now, reason=why)
    return found


@transaction.atomic
def resume_award(*, actor: Actor, award: str, reason: str, now: datetime) -> Award:
    """Let a suspended award be used again, and say why; takes the role office, committee or chair.

    Raises `Invalid` without a reason, `Conflict` when the award is not suspended.
    """
    found = award_by_code(actor, award, lock=True)
    require(actor, Role.OFFICE, Role.COMMITTEE, Role.CHAIR, programme=found.programme)
    why = check_reason(reason)
    found.state = advance(TRANSITIONS, AwardState(found.state), "resume", thing=award).value
    found.save(update_fields=["state"])
    found.suspensions.filter(resumed_at__isnull=True).update(resumed_at=now, resumed_because=why)
    record_of("awards.resume_award", found, actor, now, {"reason": why})
    tell_organisation(found, gettext_noop("{award} can be used again: {reason}"), now, reason=why)
    return found
