"""Deciding applications: an approval makes an offer, and commits its money."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from lionrock.applications.domain import TRANSITIONS as APPLICATION_TRANSITIONS
from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code, request_of
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.queries.holding import as_findings, holds_of
from lionrock.audit.actions import record
from lionrock.awards.actions.holding import screen_for_decision
from lionrock.awards.actions.papers import keep_offer
from lionrock.awards.actions.telling import tell_decided
from lionrock.awards.domain import (
    AwardTerms,
    Decision,
    Ruling,
    award_terms,
    check_envelope,
    check_ruling,
)
from lionrock.awards.models import Award
from lionrock.awards.queries import given_of
from lionrock.calls.models import Call
from lionrock.calls.numbering import next_code
from lionrock.kernel.errors import Refused
from lionrock.kernel.findings import as_json, read_as_json
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date
from lionrock.kernel.states import advance
from lionrock.ledger.actions import post
from lionrock.ledger.domain import commitment
from lionrock.ledger.locks import lock_books
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
    count: int | None = None,
    months: int | None = None,
    starts: date | None = None,
    hours: int | None = None,
    conditions: str = "",
) -> Award | None:
    """Record what the deciding body decided; approval offers an award and commits its money.

    Takes the role committee or chair. `share` None is the programme's general one; `count`,
    `months`, `starts` and `hours` None are as asked for; `conditions` are one a line. Returns the
    award, offered until `accept_by`, or None when declined. Nothing at all is changed when this
    raises: `Invalid` for an incomplete ruling, `Refused` when a rule or the fund (or the call's
    budget) says no or the responsible-AI gate holds it, `Conflict` when the application is not there to be decided.
    """
    found = application_by_code(actor, application, lock=True)
    programme = found.call.programme
    require(actor, Role.COMMITTEE, Role.CHAIR, programme=programme)
    rules = programme_on_file(programme)
    given = Ruling(decision, decided_by, reason, share, cap, count, months, starts, hours, conditions)
    ruling = check_ruling(given, rules.currency)
    state = advance(APPLICATION_TRANSITIONS, ApplicationState(found.state), decision.value, thing=application)
    terms = None
    if decision is Decision.APPROVE:
        refuse_what_the_gate_holds(found)
        terms = award_terms(rules, request_of(found), found.category, ruling, local_date(now, rules.zone))
    found.state, found.state_since, found.decided_at = state.value, now, now
    found.decided_by, found.decision_reason = decided_by, reason
    found.save(update_fields=["state", "state_since", "decided_at", "decided_by", "decision_reason"])
    award = _make(found, ruling, terms, actor, now) if terms else None
    if award is not None:
        screen_for_decision(award, now)
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
    tell_decided(found, award, now)
    return award


def _make(application: Application, ruling: Ruling, terms: AwardTerms, actor: Actor, now: datetime) -> Award:
    """Make the offer and commit its money: what an approval comes to."""
    lock_books(application.call.programme)
    check_budget(application.call, terms.cap)
    rules = programme_on_file(application.call.programme)
    award = _create(application, ruling, terms, next_code("AW", local_date(now, rules.zone).year), now)
    cause = f"awards.decide_application:{application.code}"
    keep_offer(award, terms, rules, now)
    post(commitment(award.programme, award.code, terms.cap, at=now, cause=cause), actor=actor.email)
    return award


def refuse_what_the_gate_holds(application: Application) -> None:
    """Raise `Refused` with all that the responsible-AI gate wants settled before an award, and what lifts each."""
    found = holds_of(application, Binding.BEFORE_AWARD)
    if found:
        said = message(
            gettext_noop("The responsible-AI gate holds {application}: {count} things have to be settled first."),
            application=application.code,
            count=len(found),
        )
        raise Refused("awards.decision.gate", said, findings=as_findings(found))


def _given(award: Award) -> dict[str, object]:
    cap = Money(award.cap_minor, award.currency)
    return {
        "award": award.code,
        "share": str(award.share),
        "cap": str(cap),
        "count": award.count,
        "valid_from": award.valid_from.isoformat(),
        "valid_to": award.valid_to.isoformat(),
        "conditions": award.conditions,
        "findings": award.findings,
    }


def _create(application: Application, ruling: Ruling, terms: AwardTerms, code: str, now: datetime) -> Award:
    return Award.objects.create(
        code=code,
        application=application,
        programme=application.call.programme,
        organisation=application.organisation,
        item=application.item,
        mode=terms.mode.value,
        count=terms.count,
        hours=terms.hours,
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
        conditions=ruling.conditions.strip(),
        made_at=now,
        accept_by=terms.accept_by,
    )


def check_budget(call: Call, cap: Money) -> None:
    """Refuse what the call's budget does not hold besides; others of the call wait meanwhile."""
    if call.budget_minor is None:
        return
    Call.objects.select_for_update().get(pk=call.pk)
    given = given_of(call)
    check_envelope(call.code, Money(call.budget_minor, call.currency), given, cap)
