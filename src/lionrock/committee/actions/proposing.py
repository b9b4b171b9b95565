"""What members try on the ranking, and what is proposed of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from lionrock.applications.queries import request_of
from lionrock.awards.domain import Decision
from lionrock.committee.actions.agenda import reorder_agenda
from lionrock.committee.actions.recording import next_item_state, next_state, record_item, record_of
from lionrock.committee.domain import Line, Proposal, check_proposal, plain
from lionrock.committee.means import day_of, tried
from lionrock.committee.models import AgendaItem, Meeting, Trial
from lionrock.committee.queries import (
    item_of,
    meeting_by_code,
    members_of_committee,
    present_at,
    presides,
    proposal_of,
    recused,
    votes_on,
)
from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import PRICE_PLACES, to_places
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.rules.programme import Programme

PROPOSE = (Role.OFFICE, Role.COMMITTEE, Role.CHAIR)


@transaction.atomic
def propose_decision(*, actor: Actor, meeting: str, application: str, proposal: Proposal, now: datetime) -> AgendaItem:
    """Put a proposal before the committee; another one than before begins a new round of votes.

    Takes the role office, committee or chair; once somebody has voted, only who leads the committee
    on the item. Raises `Invalid` for what is missing or cannot be meant, `Refused` with a fault for
    each limit of the programme that it is beyond, `Conflict` when it is not the time.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    require(actor, *PROPOSE, programme=found.programme)
    item = item_of(actor, found, application, lock=True)
    next_state(found, "prepare")
    next_item_state(item, "propose")
    on, programme = day_of(found, now), programme_on_file(found.programme)
    check_proposal(proposal, programme, on)
    proposal = plain(proposal, request_of(item.application), programme.at(on).general_share())
    if item.round and proposal == proposal_of(item):
        return item
    _check_votes(actor, item)
    if proposal.decision is Decision.APPROVE:
        _check_limits(item, proposal, programme, on)
    _write(item, proposal, actor, now)
    record_item("propose_decision", item, actor, now, round=item.round, **_told(item))
    return item


def _check_votes(actor: Actor, item: AgendaItem) -> None:
    if not votes_on([item])[item.pk]:
        return
    members = members_of_committee(item.meeting.programme)
    if not presides(actor, item, members, recused([item], members), present_at(item.meeting)):
        said = message(
            gettext_noop("Members have voted on {application} already. Only the chair can propose something else."),
            application=item.application.code,
        )
        raise Conflict("committee.proposal.voted_on", said)


def _check_limits(item: AgendaItem, proposal: Proposal, programme: Programme, on: date) -> None:
    price = tried(item, proposal, None, programme, on).price
    if price.faults:
        said = message(
            gettext_noop("{application} cannot be given this: {why}"),
            application=item.application.code,
            why=price.faults[0].message,
        )
        raise Refused("committee.proposal.limits", said, faults=price.faults, findings=price.findings)


def _write(item: AgendaItem, proposal: Proposal, actor: Actor, now: datetime) -> None:
    approves = proposal.decision is Decision.APPROVE
    item.round += 1
    item.decision, item.reason = proposal.decision.value, proposal.reason
    item.rate = _decimal(proposal) if approves else None
    item.count, item.months, item.starts = (
        (proposal.count, proposal.months, proposal.starts) if approves else (None, None, None)
    )
    item.conditions = proposal.conditions if approves else ""
    item.proposed_by, item.proposed_at = actor.email, now
    item.save()


def _decimal(proposal: Proposal) -> Decimal | None:
    """Return the rate to six places, which is as many as a share may have."""
    return None if proposal.rate is None else to_places(proposal.rate, PRICE_PLACES)


def _told(item: AgendaItem) -> dict[str, object]:
    return {
        "decision": item.decision,
        "rate": None if item.rate is None else str(item.rate),
        "count": item.count,
        "months": item.months,
        "starts": item.starts.isoformat() if item.starts else None,
        "conditions": item.conditions,
        "reason": item.reason,
    }


@transaction.atomic
def keep_trial(*, actor: Actor, meeting: str, rule: Line, rows: Sequence[Mapping[str, str]], now: datetime) -> Trial:
    """Keep what a member tries on the ranking, for that member alone; nothing is proposed by it.

    Takes the role office, committee or chair.
    """
    found = meeting_by_code(actor, meeting)
    require(actor, *PROPOSE, programme=found.programme)
    next_state(found, "prepare")
    kept = {"rule": rule.value, "rows": [dict(row) for row in rows], "saved_at": now}
    return Trial.objects.update_or_create(meeting=found, person=actor.email, defaults=kept)[0]


@transaction.atomic
def drop_trial(*, actor: Actor, meeting: str, now: datetime) -> None:  # noqa: ARG001 - every action takes the instant
    """Throw away what a member tried, so that the ranking shows what is proposed.

    Takes the role office, committee or chair.
    """
    found = meeting_by_code(actor, meeting)
    require(actor, *PROPOSE, programme=found.programme)
    Trial.objects.filter(meeting=found, person=actor.email).delete()


@transaction.atomic
def adopt_ranking(*, actor: Actor, meeting: str, proposals: Mapping[str, Proposal | None], now: datetime) -> Meeting:
    """Propose an order with what is given to each, by application; all of it or, when one is refused, nothing.

    Takes the role office, committee or chair. The proposals stand in the new order; an error of one
    names its application in the faults. None leaves what stands. The trial of the actor is done with.
    """
    found = reorder_agenda(actor=actor, meeting=meeting, order=list(proposals), now=now)
    faults: list[Fault] = []
    for application, proposal in proposals.items():
        if proposal is None:
            continue
        try:
            propose_decision(actor=actor, meeting=meeting, application=application, proposal=proposal, now=now)
        except (Invalid, Refused, Conflict) as no:
            faults += _named(no, application)
    if faults:
        raise Invalid("committee.ranking", faults[0].message, faults=faults)
    Trial.objects.filter(meeting=found, person=actor.email).delete()
    record_of("adopt_ranking", found, actor, now, order=list(proposals))
    return found


def _named(error: LionrockError, application: str) -> list[Fault]:
    """Return the faults of an error, their fields led by the application that they are about."""
    faults = error.faults or [Fault(error.code, error.message, field="decision")]
    return [replace(fault, field=f"{application}.{fault.field}") for fault in faults]
