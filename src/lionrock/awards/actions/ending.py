"""Ending awards, and giving back what they did not use."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from lionrock.awards.actions.recording import record_of
from lionrock.awards.actions.telling import tell_organisation
from lionrock.awards.domain import TRANSITIONS, AwardEnded, AwardState, check_reason, ending_verb
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code, end_in_force
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_midnight
from lionrock.kernel.states import advance
from lionrock.ledger.actions import post
from lionrock.ledger.domain import committed, release
from lionrock.ledger.queries import balance
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def end_award(*, actor: Actor, award: str, now: datetime, reason: str = "") -> Award:
    """End an award that has run out, or withdraw it (or an offer) before with a reason.

    Takes the role office, committee or chair. The money of an award in force stays committed until
    the last month of its use is charged; `release_award` then gives back what is left. An offer gives
    all of it back at once. Raises `Conflict` when the award is over already, or would end early
    without a reason.
    """
    found = award_by_code(actor, award, lock=True)
    require(actor, Role.OFFICE, Role.COMMITTEE, Role.CHAIR, programme=found.programme)
    if found.state == AwardState.OFFERED.value:
        return close_offer(found, "withdraw", check_reason(reason), actor, now)
    runs_to = local_midnight(end_in_force(found), programme_on_file(found.programme).zone)
    state = advance(TRANSITIONS, AwardState(found.state), "end", thing=award)
    if ending_verb(award, now, runs_to, reason) == "withdraw":
        state = advance(TRANSITIONS, AwardState(found.state), "withdraw", thing=award)
    found.state, found.ended_at, found.end_reason = state.value, now, reason
    found.save(update_fields=["state", "ended_at", "end_reason"])
    record_of("awards.end_award", found, actor, now, {"state": state.value, "reason": reason})
    publish(AwardEnded(actor=actor, award=award, now=now))
    tell_organisation(found, gettext_noop("{award} has ended. {reason}"), now, reason=reason)
    return found


_ACTION_OF: Final = {
    "withdraw": "awards.end_award",
    "refuse": "awards.decline_offer",
    "lapse": "awards.lapse_offers",
}


def close_offer(offer: Award, verb: str, reason: str, actor: Actor, now: datetime) -> Award:
    """End an offer (its row is locked) by that verb, and give back all its money at once."""
    offer.state = advance(TRANSITIONS, AwardState(offer.state), verb, thing=offer.code).value
    offer.ended_at, offer.end_reason = now, reason
    offer.save(update_fields=["state", "ended_at", "end_reason"])
    cap = Money(offer.cap_minor, offer.currency)
    post(release(offer.programme, offer.code, cap, at=now, cause=f"awards.close_offer:{offer.code}"), actor=actor.email)
    details = {"state": offer.state, "reason": reason, "released": str(cap)}
    record_of(_ACTION_OF[verb], offer, actor, now, details)
    return offer


@transaction.atomic
def release_award(*, actor: Actor, award: str, occasion: str, now: datetime) -> Money:
    """Give back to the fund what an ended award did not use; return how much that is.

    Takes the role office, committee or finance. `occasion` names what it rests on, such as the last
    month that was charged; for one occasion it happens once. Raises `Conflict` while the award is
    active.
    """
    found = award_by_code(actor, award, lock=True)
    require(actor, Role.OFFICE, Role.COMMITTEE, Role.CHAIR, Role.FINANCE, programme=found.programme)
    advance(TRANSITIONS, AwardState(found.state), "release", thing=award)
    left = Money(balance(found.programme, committed(award), found.currency), found.currency)
    if left.minor:
        cause = f"awards.release_award:{award}:{occasion}"
        post(release(found.programme, award, left, at=now, cause=cause), actor=actor.email)
        record_of("awards.release_award", found, actor, now, {"released": str(left), "occasion": occasion})
    return left
