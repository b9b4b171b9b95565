"""Deciding applications, and ending awards."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum

from lionrock.applications.domain import TRANSITIONS as APPLICATION_TRANSITIONS
from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code, request_of
from lionrock.audit.actions import record
from lionrock.awards.domain import (
    TRANSITIONS,
    AwardEnded,
    AwardMade,
    AwardState,
    AwardTerms,
    Decision,
    Ruling,
    award_terms,
    check_envelope,
    check_ruling,
    ending_verb,
)
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code
from lionrock.calls.models import Call
from lionrock.calls.numbering import next_code
from lionrock.kernel.events import publish
from lionrock.kernel.findings import as_json, read_as_json
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date, local_midnight
from lionrock.kernel.states import advance
from lionrock.ledger.actions import post
from lionrock.ledger.domain import commitment, committed, release
from lionrock.ledger.locks import lock_books
from lionrock.ledger.queries import balance
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def decide_application(
    *,
    actor: Actor,
    application: str,
    decision: Decision,
    decided_by: str,
    now: datetime,
    reason: str = "",
    share: Fraction | None = None,
    cap: Money | None = None,
) -> Award | None:
    """Record what the deciding body decided; approval makes the award and commits its money.

    Takes the role committee. `share` None is the programme's general one. Returns the award, or
    None when declined. Nothing at all is changed when this raises: `Invalid` for an incomplete
    ruling, `Refused` when a rule or the fund (or the call's budget) says no, `Conflict` when the
    application is not there to be decided.
    """
    found = application_by_code(actor, application, lock=True)
    programme = found.call.programme
    require(actor, Role.COMMITTEE, Role.CHAIR, programme=programme)
    rules = programme_on_file(programme)
    ruling = check_ruling(Ruling(decision, decided_by, reason, share, cap), rules.currency)
    state = advance(APPLICATION_TRANSITIONS, ApplicationState(found.state), decision.value, thing=application)
    terms = None
    if decision is Decision.APPROVE:
        terms = award_terms(rules, request_of(found), found.category, ruling, local_date(now, rules.zone))
    found.state, found.state_since, found.decided_at = state.value, now, now
    found.decided_by, found.decision_reason = decided_by, reason
    found.save(update_fields=["state", "state_since", "decided_at", "decided_by", "decision_reason"])
    award = _make(found, ruling, terms, actor, now) if terms else None
    details = {"decision": decision.value, "decided_by": decided_by, "reason": reason}
    record(
        "awards.decide_application",
        application,
        actor=actor.email,
        now=now,
        programme=programme,
        organisation=found.organisation.code,
        details=details | (_given(award) if award else {}),
    )
    return award


def _make(application: Application, ruling: Ruling, terms: AwardTerms, actor: Actor, now: datetime) -> Award:
    """Make the award, commit its money and say so: what an approval comes to."""
    lock_books(application.call.programme)
    _check_budget(application.call, terms.cap)
    rules = programme_on_file(application.call.programme)
    award = _create(application, ruling, terms, next_code("AW", local_date(now, rules.zone).year), now)
    cause = f"awards.decide_application:{application.code}"
    post(commitment(award.programme, award.code, terms.cap, at=now, cause=cause), actor=actor.email)
    publish(AwardMade(actor=actor, award=award.code, now=now))
    return award


def _given(award: Award) -> dict[str, object]:
    cap = Money(award.cap_minor, award.currency)
    return {"award": award.code, "share": str(award.share), "cap": str(cap), "findings": award.findings}


def _create(application: Application, ruling: Ruling, terms: AwardTerms, code: str, now: datetime) -> Award:
    return Award.objects.create(
        code=code,
        application=application,
        programme=application.call.programme,
        organisation=application.organisation,
        item=application.item,
        mode=terms.mode.value,
        count=application.count,
        hours=application.hours,
        share=terms.share_decimal,
        list_minor=terms.list_price.minor,
        cap_minor=terms.cap.minor,
        currency=terms.cap.currency,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        decided_by=ruling.decided_by,
        reason=ruling.reason,
        exceptional=terms.exceptional,
        findings=[as_json(finding) for finding in terms.findings],
        reads=[read_as_json(read) for read in terms.reads],
        made_at=now,
    )


def _check_budget(call: Call, cap: Money) -> None:
    """Refuse an award that the call's budget does not hold; others of the call wait meanwhile."""
    if call.budget_minor is None:
        return
    Call.objects.select_for_update().get(pk=call.pk)
    given = Award.objects.filter(application__call=call).aggregate(sum=Sum("cap_minor"))["sum"] or 0
    check_envelope(call.code, Money(call.budget_minor, call.currency), Money(given, call.currency), cap)


@transaction.atomic
def end_award(*, actor: Actor, award: str, now: datetime, reason: str = "") -> Award:
    """End an award that has run out, or withdraw it before with a reason.

    Takes the role office or committee. Its money stays committed until the last month of its use is
    charged; `release_award` then gives back what is left. Raises `Conflict` when the award is not
    active, or would end early without a reason.
    """
    found = award_by_code(actor, award, lock=True)
    require(actor, Role.OFFICE, Role.COMMITTEE, Role.CHAIR, programme=found.programme)
    runs_to = local_midnight(found.valid_to, programme_on_file(found.programme).zone)
    state = advance(TRANSITIONS, AwardState(found.state), "end", thing=award)
    if ending_verb(award, now, runs_to, reason) == "withdraw":
        state = advance(TRANSITIONS, AwardState(found.state), "withdraw", thing=award)
    found.state, found.ended_at, found.end_reason = state.value, now, reason
    found.save(update_fields=["state", "ended_at", "end_reason"])
    _record("awards.end_award", found, actor, now, {"state": state.value, "reason": reason})
    publish(AwardEnded(actor=actor, award=award, now=now))
    return found


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
        _record("awards.release_award", found, actor, now, {"released": str(left), "occasion": occasion})
    return left


def _record(action: str, award: Award, actor: Actor, now: datetime, details: dict[str, object]) -> None:
    record(
        action,
        award.code,
        actor=actor.email,
        now=now,
        programme=award.programme,
        organisation=award.organisation.code,
        details=details,
    )
