"""Changing an award in force: asked for, decided, and from its day on part of the terms."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.awards.actions.deciding import check_budget
from lionrock.awards.actions.recording import record_of
from lionrock.awards.actions.telling import tell_committee, tell_office, tell_organisation
from lionrock.awards.domain import (
    TRANSITIONS,
    VARIATION_TRANSITIONS,
    AwardState,
    AwardVaried,
    Change,
    Decision,
    Effect,
    VariationState,
    check_change,
    check_reason,
    effect_of,
    takes_committee,
)
from lionrock.awards.domain.effects import as_json
from lionrock.awards.models import Award, AwardVersion, Variation
from lionrock.awards.projects import require_answers_for
from lionrock.awards.queries import award_by_code, change_of, holding_of, variation_by_number
from lionrock.kernel.errors import Conflict
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_line, check_paragraph
from lionrock.ledger.actions import post
from lionrock.ledger.domain import commitment, release
from lionrock.ledger.locks import lock_books
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def request_variation(*, actor: Actor, award: str, change: Change, reason: str, now: datetime) -> Variation:
    """Ask for a change of an award in force; nothing changes before it is decided.

    Takes a member of the organisation, or the role office. Raises `Invalid` and `Refused` for what
    cannot be decided anyhow (see `effect_of`), `Conflict` while the award is not active, or another
    request of it waits.
    """
    found = _locked(actor, award)
    if not actor.holds(Role.OFFICE, programme=found.programme):
        require_answers_for(actor, found)
    advance(TRANSITIONS, AwardState(found.state), "vary", thing=award)
    _check_none_waits(found)
    rules = programme_on_file(found.programme)
    check_change(change, rules.currency)
    why = check_reason(reason)
    if change.of_terms:
        effect_of(rules, holding_of(found), change, local_date(now, rules.zone))
    made = Variation.objects.create(
        award=found,
        number=found.variations.count() + 1,
        reason=why,
        since=change.since,
        count=change.count,
        hours=change.hours,
        valid_to=change.valid_to,
        cap_minor=change.cap.minor if change.cap else None,
        contact=change.contact.strip(),
        scope=change.scope.strip(),
        requested_by=actor.email,
        requested_at=now,
    )
    record_of("awards.request_variation", found, actor, now, {"number": made.number, "reason": why})
    said = gettext_noop("A change of {award} is asked for: {reason}")
    tell_office(found, said, now, reason=why)
    tell_committee(found, said, now, reason=why)
    return made


def _check_none_waits(award: Award) -> None:
    waiting = award.variations.filter(state=VariationState.REQUESTED.value).first()
    if waiting is None:
        return
    raise Conflict(
        "awards.variation.waits",
        message(
            gettext_noop("Change {number} of {award} waits for its decision. Withdraw it first, or wait for that."),
            number=waiting.number,
            award=award.code,
        ),
    )


@transaction.atomic
def withdraw_variation(*, actor: Actor, award: str, number: int, now: datetime) -> Variation:
    """Take back a request for a change; takes a member of the organisation, or the role office."""
    found = _locked(actor, award)
    if not actor.holds(Role.OFFICE, programme=found.programme):
        require_answers_for(actor, found)
    variation = variation_by_number(found, number)
    _settle(variation, "withdraw", "", "", now)
    record_of("awards.withdraw_variation", found, actor, now, {"number": number})
    return variation


@transaction.atomic
def decide_variation(
    *,
    actor: Actor,
    award: str,
    number: int,
    decision: Decision,
    decided_by: str,
    now: datetime,
    reason: str = "",
) -> Variation:
    """Decide a change that was asked for; approval moves the money and makes the new terms.

    Takes the role committee or chair; the office may decline, and approve where neither money nor
    quota rises and the scope stays. What it comes to is worked out at the list price of now, and
    kept. Nothing at all is changed when this raises: `Refused` when the fund, the call's budget, a
    limit or what is spent says no; `Conflict` when it is decided already, or the award not active.
    """
    found = _locked(actor, award)
    variation = variation_by_number(found, number)
    rules, change = programme_on_file(found.programme), change_of(variation)
    require(actor, Role.COMMITTEE, Role.CHAIR, Role.OFFICE, programme=found.programme)
    check_line(decided_by, field="decided_by")
    why = check_reason(reason) if decision is Decision.DECLINE else check_paragraph(reason, field="reason").strip()
    effect = None
    if decision is Decision.APPROVE:
        advance(TRANSITIONS, AwardState(found.state), "vary", thing=award)
        if change.of_terms:
            effect = effect_of(rules, holding_of(found), change, local_date(now, rules.zone))
        if takes_committee(change, effect):
            require(actor, Role.COMMITTEE, Role.CHAIR, programme=found.programme)
    _settle(variation, decision.value, decided_by, why, now, effect)
    details = {"number": number, "decision": decision.value, "decided_by": decided_by, "reason": why}
    record_of("awards.decide_variation", found, actor, now, details | {"effect": variation.effect})
    if effect is not None:
        _apply(found, variation, effect, actor, now)
    said = gettext_noop("The change of {award} that was asked for is decided: {decision}. {reason}")
    tell_organisation(found, said, now, decision=message(_DECIDED[decision]), reason=why)
    return variation


_DECIDED = {Decision.APPROVE: gettext_noop("approved"), Decision.DECLINE: gettext_noop("declined")}


def _settle(
    variation: Variation, verb: str, decided_by: str, reason: str, now: datetime, effect: Effect | None = None
) -> None:
    thing = f"{variation.award.code}/{variation.number}"
    variation.state = advance(VARIATION_TRANSITIONS, VariationState(variation.state), verb, thing=thing).value
    variation.decided_at, variation.decided_by, variation.decision_reason = now, decided_by, reason
    variation.effect = as_json(effect) if effect else {}
    variation.save(update_fields=["state", "decided_at", "decided_by", "decision_reason", "effect"])


def _apply(award: Award, variation: Variation, effect: Effect, actor: Actor, now: datetime) -> None:
    """Move the money, write the new terms, and tell the rooms above."""
    cause = f"awards.decide_variation:{award.code}/{variation.number}"
    more = effect.more
    if more.minor > 0:
        check_budget(award.application.call, more)
        post(commitment(award.programme, award.code, more, at=now, cause=cause), actor=actor.email)
    elif more.minor < 0:
        less = Money(-more.minor, more.currency)
        post(release(award.programme, award.code, less, at=now, cause=cause), actor=actor.email)
    AwardVersion.objects.create(
        award=award,
        variation=variation,
        since=effect.after.since,
        count=effect.after.count,
        hours=effect.after.hours,
        valid_to=effect.after.valid_to,
        list_minor=effect.after.list_price.minor,
        cap_minor=effect.after.cap.minor,
        made_at=now,
    )
    publish(AwardVaried(actor=actor, award=award.code, now=now))


def _locked(actor: Actor, award: str) -> Award:
    """Return the award with its row locked, after its programme's books."""
    lock_books(award_by_code(actor, award).programme)
    return award_by_code(actor, award, lock=True)
