"""Voting on a proposal, and declaring what the committee has decided."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.applications.queries import application_by_code
from lionrock.awards.actions import decide_application
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.committee.actions.recording import next_item_state, next_state, record_item
from lionrock.committee.domain import Choice, Proposal, Tally, check_carried, obstacles, rules_of
from lionrock.committee.means import day_of, means_of, tried
from lionrock.committee.models import AgendaItem, Meeting, Resolution, Vote
from lionrock.committee.queries import (
    MEMBERS,
    item_of,
    meeting_by_code,
    members_of_committee,
    present_at,
    presides,
    proposal_of,
    recused,
    tally_of,
    votes_on,
)
from lionrock.kernel.errors import Conflict, NotAllowed, Refused
from lionrock.kernel.findings import Finding, as_json
from lionrock.kernel.messages import gettext_noop, message
from lionrock.ledger.locks import lock_books
from lionrock.people.domain import Actor
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def cast_vote(
    *, actor: Actor, meeting: str, application: str, choice: Choice, now: datetime, on_round: int = 0
) -> Vote:
    """Vote on what is proposed for an application; the last vote of a member counts.

    Takes the role committee or chair. `on_round` is the proposal that the member has read (0: the
    one that stands). Raises `NotFound` for who is recused, `Conflict` when the meeting does not sit,
    the member is not in the room, or another proposal stands now.
    """
    found = meeting_by_code(actor, meeting)
    require(actor, *MEMBERS, programme=found.programme)
    item = item_of(actor, found, application, lock=True)
    next_state(found, "sit")
    next_item_state(item, "vote")
    _check_proposed(item, on_round)
    if actor.email not in present_at(found):
        said = message(gettext_noop("{email} is not noted as present. Ask the chair to note it."), email=actor.email)
        raise Conflict("committee.vote.absent", said)
    last = Vote.objects.filter(item=item, round=item.round, person=actor.email).last()
    if last is not None and last.choice == choice.value:
        return last
    vote = Vote.objects.create(item=item, round=item.round, person=actor.email, choice=choice.value, at=now)
    record_item("cast_vote", item, actor, now, round=item.round, choice=choice.value)
    return vote


def _check_proposed(item: AgendaItem, on_round: int) -> None:
    if not item.round:
        said = message(
            gettext_noop("Nothing is proposed for {application} yet. Propose something first."),
            application=item.application.code,
        )
        raise Conflict("committee.vote.no_proposal", said)
    if on_round and on_round != item.round:
        said = message(
            gettext_noop("Another proposal stands for {application} now. Read it, then do this again."),
            application=item.application.code,
        )
        raise Conflict("committee.vote.other_proposal", said)


@transaction.atomic
def resolve_item(*, actor: Actor, meeting: str, application: str, now: datetime, on_round: int = 0) -> Resolution:
    """Declare that the proposal is carried, and decide the application so, in one transaction.

    Takes whoever leads the committee on the item: the chair, or where each chair in the room is
    recused from it any other member in the room. Raises `Refused` with findings without quorum or
    majority, `Refused` with a fault for each thing that does not hold what is proposed (fund, budget
    of the call, devices, limits), `Conflict` when it is not the time. Nothing is changed then.
    """
    found = meeting_by_code(actor, meeting)
    require(actor, *MEMBERS, programme=found.programme)
    item = item_of(actor, found, application, lock=True)
    next_state(found, "sit")
    state = next_item_state(item, "resolve")
    _check_proposed(item, on_round)
    counted, findings = _carried(actor, found, item, now)
    proposal = proposal_of(item)
    application_by_code(actor, application, lock=True)
    lock_books(found.programme)
    _check_means(found, item, proposal, now)
    award = _decided(actor, found, item, proposal, now)
    item.state, item.state_since = state.value, now
    item.save(update_fields=["state", "state_since"])
    resolution = _resolution(item, counted, findings, award, actor, now)
    record_item("resolve_item", item, actor, now, decision=item.decision, award=resolution.award)
    return resolution


def _carried(actor: Actor, meeting: Meeting, item: AgendaItem, now: datetime) -> tuple[Tally, tuple[Finding, ...]]:
    """Return the votes and the findings that they carry the proposal; raises as `resolve_item` does."""
    members, present = members_of_committee(meeting.programme), present_at(meeting)
    conflicts = recused([item], members)
    if not presides(actor, item, members, conflicts, present):
        said = message(
            gettext_noop("The chair declares what is decided on {application}, and {email} does not lead on it."),
            application=item.application.code,
            email=actor.email,
        )
        raise NotAllowed("committee.resolve.not_the_chair", said)
    counted = tally_of(votes_on([item])[item.pk], members, conflicts[item.pk], present)
    rules = rules_of(programme_on_file(meeting.programme).at(day_of(meeting, now)))
    return counted, check_carried(rules, counted, item.application.code)


def _check_means(meeting: Meeting, item: AgendaItem, proposal: Proposal, now: datetime) -> None:
    """Refuse what fund, budget, devices or limits do not hold; the books are locked meanwhile."""
    if proposal.decision is Decision.DECLINE:
        return
    programme, on = programme_on_file(meeting.programme), day_of(meeting, now)
    attempt = tried(item, proposal, None, programme, on)
    faults = obstacles(attempt.row, means_of(programme, [item.application], on))
    if faults:
        said = message(
            gettext_noop("{application} cannot be given this now. {why}"),
            application=item.application.code,
            why=faults[0].message,
        )
        raise Refused("committee.resolve.beyond", said, faults=faults, findings=attempt.price.findings)


def _decided(actor: Actor, meeting: Meeting, item: AgendaItem, proposal: Proposal, now: datetime) -> Award | None:
    return decide_application(
        actor=actor,
        application=item.application.code,
        decision=proposal.decision,
        decided_by=body_of(meeting, now),
        reason=proposal.reason,
        share=proposal.rate,
        count=proposal.count,
        months=proposal.months,
        starts=proposal.starts,
        conditions=proposal.conditions,
        now=now,
    )


def body_of(meeting: Meeting, now: datetime) -> str:
    """Return who decides, as awards and letters name it: the programme's body, with the meeting's code."""
    on = day_of(meeting, now)
    body = programme_on_file(meeting.programme).at(on).deciding_body()
    return f"{body}, {meeting.code}" if body else meeting.code


def _resolution(
    item: AgendaItem, counted: Tally, findings: tuple[Finding, ...], award: Award | None, actor: Actor, now: datetime
) -> Resolution:
    return Resolution.objects.create(
        item=item,
        decision=item.decision,
        in_favour=counted.for_,
        against=counted.against,
        abstained=counted.abstained,
        present=counted.present,
        decided_by=body_of(item.meeting, now),
        reason=item.reason,
        award=award.code if award else "",
        committed_minor=award.cap_minor if award else None,
        currency=programme_on_file(item.meeting.programme).currency,
        findings=[as_json(finding) for finding in findings],
        by=actor.email,
        at=now,
    )
