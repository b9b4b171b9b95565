"""What becomes of an offer: accepted in time, refused, or lapsed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lionrock.awards.actions.ending import close_offer
from lionrock.awards.actions.holding import held_offers, holds_of_acceptance, keep_acceptance, too_late
from lionrock.awards.actions.papers import keep_agreement
from lionrock.awards.actions.recording import record_of
from lionrock.awards.actions.telling import tell_office, tell_organisation
from lionrock.awards.domain import (
    TRANSITIONS,
    AwardMade,
    AwardState,
    Signature,
    check_in_time,
    check_reason,
    check_signature,
    is_due,
    use_begins,
)
from lionrock.awards.models import Award, HeldAcceptance
from lionrock.awards.projects import require_answers_for
from lionrock.awards.queries import award_by_code
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.periods import local_date
from lionrock.kernel.states import advance
from lionrock.ledger.locks import lock_books
from lionrock.people.domain import Actor, terminal_operator
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def accept_offer(*, actor: Actor, award: str, signatory: str, title: str, now: datetime) -> Award:
    """Accept an offer for its organisation, in the name of the authorised signatory with that title.

    Takes a member of the organisation. From then on the award is in force: its allocation is granted
    and its lease begins, on its first day or on the day of the acceptance where that is later.
    Raises `Invalid` without a signatory, `Refused` (awards.offer.late) after the last day, `Conflict`
    when it is no offer any more. Accepted twice by the same signatory, it stays accepted. Where somebody
    who takes it up may be on a list, the acceptance is kept and the award stays an offer that does not
    lapse; it takes effect when two persons have cleared that (`take_up_held`).
    """
    found = _offer(actor, award)
    signed = check_signature(Signature(signatory, title))
    if found.accepted_at and (found.signatory, found.signatory_title) == (signed.name, signed.title):
        return found
    advance(TRANSITIONS, AwardState(found.state), "accept", thing=award)
    today = _today(found.programme, now)
    if HeldAcceptance.objects.filter(award=found).exists():
        return found
    check_in_time(award, today, found.accept_by)
    holds = holds_of_acceptance(found, signed.name, actor.email, now)
    if holds:
        keep_acceptance(found, signed, holds, actor, now)
        return found
    return _take_up(found, signed, actor.email, actor, now)


def take_up_held(*, kind: str, code: str, now: datetime) -> int:  # noqa: ARG001 - whoever was cleared may hold several
    """Carry out the acceptances that were held and that nothing holds any more; return how many.

    It follows when somebody is cleared, in the same transaction. An acceptance takes effect on the day
    of its release, in the name of who signed it then.
    """
    actor = terminal_operator("screening")
    done = 0
    for held in held_offers():
        lock_books(held.award.programme)
        found = award_by_code(actor, held.award.code, lock=True)
        free = not holds_of_acceptance(found, held.signatory, held.accepted_by, now)
        if free and found.state == AwardState.OFFERED.value and not too_late(held, now):
            signed = Signature(held.signatory, held.signatory_title)
            _take_up(found, signed, held.accepted_by, actor, now)
            HeldAcceptance.objects.filter(pk=held.pk).update(taken_up_at=now)
            tell_organisation(found, gettext_noop("{award} has been checked and is in force now."), now)
            done += 1
    return done


def _take_up(found: Award, signed: Signature, accepted_by: str, actor: Actor, now: datetime) -> Award:
    """Put an award into force from today on, in the name of who signed for it."""
    award, today = found.code, _today(found.programme, now)
    state = advance(TRANSITIONS, AwardState(found.state), "accept", thing=award)
    found.state, found.accepted_at, found.accepted_by = state.value, now, accepted_by
    found.signatory, found.signatory_title = signed.name, signed.title
    found.in_force_from = use_begins(found.valid_from, today)
    fields = ["state", "accepted_at", "accepted_by", "signatory", "signatory_title", "in_force_from"]
    found.save(update_fields=fields)
    details = {"signatory": signed.name, "title": signed.title, "in_force_from": found.in_force_from.isoformat()}
    record_of("awards.accept_offer", found, actor, now, details)
    keep_agreement(found, programme_on_file(found.programme), now)
    publish(AwardMade(actor=actor, award=award, now=now))
    tell_office(found, gettext_noop("{award} was accepted by {signatory}."), now, signatory=signed.name)
    return found


@transaction.atomic
def decline_offer(*, actor: Actor, award: str, reason: str, now: datetime) -> Award:
    """Refuse an offer for its organisation, and say why; all its money is free again at once.

    Takes a member of the organisation. Raises `Invalid` without a reason, `Conflict` when it is no
    offer any more.
    """
    found = _offer(actor, award)
    closed = close_offer(found, "refuse", check_reason(reason), actor, now)
    tell_office(closed, gettext_noop("{award} was not taken up: {reason}"), now, reason=closed.end_reason)
    return closed


def lapse_offers(now: datetime) -> int:
    """Let every offer lapse whose last day has passed, and free its money; return how many did.

    One that was accepted and is being checked does not lapse.

    One transaction each, so that one that cannot lapse now keeps none of the others waiting.
    """
    offers = Award.objects.filter(state=AwardState.OFFERED.value, held_acceptance__isnull=True).order_by("code")
    found = list(offers.values_list("code", "programme", "accept_by"))
    return sum(_lapse(code, now) for code, programme, last in found if is_due(_today(programme, now), last))


@transaction.atomic
def _lapse(code: str, now: datetime) -> bool:
    """Let one offer lapse; False when somebody accepted or refused it meanwhile."""
    actor = terminal_operator("due")
    found = _offer(actor, code)
    if found.state != AwardState.OFFERED.value:
        return False
    closed = close_offer(found, "lapse", "", actor, now)
    said = gettext_noop("The offer of {award} has lapsed: nobody accepted it by {last}. Its money is free again.")
    tell_organisation(closed, said, now, last=closed.accept_by)
    tell_office(closed, said, now, last=closed.accept_by)
    return True


def _offer(actor: Actor, award: str) -> Award:
    """Return the award for this member of its organisation, locked after the programme's books."""
    seen = award_by_code(actor, award)
    require_answers_for(actor, seen)
    lock_books(seen.programme)
    return award_by_code(actor, award, lock=True)


def _today(programme: str, now: datetime) -> date:
    return local_date(now, programme_on_file(programme).zone)
