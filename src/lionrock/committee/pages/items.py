"""One item of an agenda: what is asked, how it was assessed, what is proposed, the vote, the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.applications.models import Application
from lionrock.awards.domain import Decision
from lionrock.committee.actions import cast_vote, postpone_item, propose_decision, recuse_member, resolve_item
from lionrock.committee.actions.proposing import PROPOSE
from lionrock.committee.board import texts_of
from lionrock.committee.domain import Choice, ItemState, MeetingState, findings, obstacles, read_proposal, rules_of
from lionrock.committee.means import day_of, means_of, tried
from lionrock.committee.models import AgendaItem, Meeting
from lionrock.committee.pages.answering import answered, typed, unknown_act
from lionrock.committee.pages.boxes import person_box, proposal_boxes, reason_box
from lionrock.committee.queries import (
    MEMBERS,
    Conflicts,
    Member,
    hidden_from,
    item_of,
    meeting_by_code,
    meetings,
    members_of_committee,
    present_at,
    presides,
    proposal_of,
    recused,
    tally_of,
    votes_on,
)
from lionrock.committee.waiting import LEADING
from lionrock.kernel.errors import Fault, Invalid, LionrockError
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.review.domain import shown
from lionrock.review.queries import Given, Result, results
from lionrock.web.filling import Box, filled, typed_in
from lionrock.web.panels import Panel
from lionrock.web.proving import needs_proof

WHY_RECUSED = "why_recused"
WHY_POSTPONED = "why_postponed"
"""The boxes for reasons of their own, beside that of the proposal."""


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, code: str, application: str) -> HttpResponse:
    """Show one item; members propose, vote and recuse themselves, and who leads declares the decision."""
    viewer = viewer_of(request)
    meeting = meeting_by_code(viewer, code)
    found = item_of(viewer, meeting, application)
    if request.method != "POST":
        return _shown(request, viewer, meeting, found)
    gone = request.POST.get("do") == "recuse" and request.POST.get("person") == viewer.email
    address = reverse("committee:show", args=[code]) if gone else reverse("committee:item", args=[code, application])
    return answered(
        request,
        lambda: _done(request, viewer, found),
        address,
        lambda wrong: _shown(request, viewer, meeting, item_of(viewer, meeting, application), wrong),
    )


def _done(request: HttpRequest, viewer: Actor, found: AgendaItem) -> Message:
    posted, now = request.POST, timezone.now()
    what: dict[str, Any] = {
        "actor": viewer,
        "meeting": found.meeting.code,
        "application": found.application.code,
        "now": now,
    }
    seen = posted.get("round", "")
    on_round = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 7 else 0
    if posted.get("do") == "propose":
        propose_decision(**what, proposal=read_proposal(typed_in(proposal_boxes(), posted)))
        return message(gettext_noop("This is what is proposed now."))
    if posted.get("do") == "vote" and posted.get("choice") in list(Choice):
        cast_vote(**what, choice=Choice(posted["choice"]), on_round=on_round)
        return message(gettext_noop("Your vote is kept. Until the decision you can change it."))
    if posted.get("do") == "resolve":
        made = resolve_item(**what, on_round=on_round)
        return _resolved(found, made.decision)
    if posted.get("do") == "recuse":
        _named(
            WHY_RECUSED, lambda reason: recuse_member(**what, person=posted.get("person", ""), reason=reason), posted
        )
        return message(gettext_noop("Kept out of {application}, for good."), application=found.application.code)
    if posted.get("do") == "postpone":
        _named(WHY_POSTPONED, lambda reason: postpone_item(**what, reason=reason), posted)
        return message(gettext_noop("{application} is postponed."), application=found.application.code)
    return unknown_act()


def _resolved(found: AgendaItem, decision: str) -> Message:
    if decision == Decision.APPROVE.value:
        return message(gettext_noop("{application} is approved, and offered."), application=found.application.code)
    return message(gettext_noop("{application} is declined."), application=found.application.code)


def _named(box: str, act: Callable[[str], object], posted: Mapping[str, str]) -> None:
    """Do it with the reason typed in a box of its own; a fault of the reason is that box's."""
    try:
        act(typed(posted, box))
    except Invalid as wrong:
        faults = [replace(fault, field=box if fault.field == "reason" else fault.field) for fault in wrong.faults]
        raise Invalid(wrong.code, wrong.message, faults=faults) from wrong


def _shown(
    request: HttpRequest, viewer: Actor, meeting: Meeting, found: AgendaItem, wrong: LionrockError | None = None
) -> HttpResponse:
    members, present = members_of_committee(meeting.programme), present_at(meeting)
    conflicts, now = recused([found], members), timezone.now()
    context = {
        "meeting": meeting,
        "zone": programme_on_file(meeting.programme).zone,
        "item": found,
        "application": found.application,
        **_assessment(results(viewer, [found.application]).get(found.application_id)),
        "wrong": wrong,
        **_proposed(meeting, found, now),
        **_votes(viewer, meeting, found, members, conflicts, present),
        **_forms(request, viewer, meeting, found, members, wrong),
        "away": [(_name(person, members), why) for person, why in conflicts[found.pk].items()],
    }
    return render(request, "committee/item.html", context, status=wrong.status if wrong else 200)


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment as the page shows it: score, criteria with their scores, what was said."""

    score: str
    criteria: Sequence[Mapping[str, object]]
    said: Sequence[Mapping[str, object]]


def _assessment(result: Result | None) -> dict[str, object]:
    if result is None or result.score is None:
        return {"result": None, "assessed": None}
    measures = {measure.id: measure for measure in result.scheme.measures}
    criteria = [
        {"label": measure.label, "weight": measure.weight, "score": shown(result.criteria[measure.id])}
        for measure in result.scheme.measures
    ]
    said = [
        {"label": measures[each.criterion].label, "who": _assessor(given), "words": words}
        for given in result.given
        for each in given.said
        for words in (each.for_committee, each.for_applicant)
        if words and each.criterion in measures
    ]
    return {"result": result, "assessed": Assessed(shown(result.score), criteria, said)}


def _assessor(given: Given) -> str:
    return given.name or gettext("Assessor {number}").format(number=given.number)


def _name(person: str, members: Sequence[Member]) -> str:
    return next((member.name for member in members if member.email == person), person)


def _proposed(meeting: Meeting, found: AgendaItem, now: datetime) -> dict[str, object]:
    """Return what is asked and what is proposed, priced today, and what stands in its way today."""
    proposal, on, programme = proposal_of(found), day_of(meeting, now), programme_on_file(meeting.programme)
    attempt = tried(found, proposal, None, programme, on)
    approves = found.state == ItemState.OPEN.value and proposal.decision is Decision.APPROVE
    faults: tuple[Fault, ...] = ()
    if approves:
        faults = obstacles(attempt.row, means_of(programme, [found.application], on))
    return {
        "asked": attempt.asked,
        "unit": programme.item(attempt.asked.item).names,
        "category": programme.at(on).category(found.application.category).label,
        "attempt": attempt,
        "obstacles": faults,
        "resolution": getattr(found, "resolution", None),
    }


@dataclass(frozen=True, slots=True)
class Ballot:
    """One member and what became of their vote: a choice, none yet, absent, or no part in it."""

    member: Member
    choice: Choice | None
    present: bool
    recused: bool


def _votes(
    viewer: Actor,
    meeting: Meeting,
    found: AgendaItem,
    members: Sequence[Member],
    conflicts: Conflicts,
    present: frozenset[str],
) -> dict[str, object]:
    votes, away = votes_on([found])[found.pk], conflicts[found.pk]
    counted = tally_of(votes, members, away, present)
    terms = programme_on_file(meeting.programme).at(day_of(meeting, timezone.now()))
    sits = meeting.state == MeetingState.IN_SESSION.value and found.state == ItemState.OPEN.value
    return {
        "sits": sits,
        "open": found.state == ItemState.OPEN.value,
        "tally": counted,
        "carried": findings(rules_of(terms), counted) if counted.voted else (),
        "ballots": [
            Ballot(member, votes.get(member.email), member.email in present, member.email in away) for member in members
        ],
        "own_vote": votes.get(viewer.email),
        "choices": [choice.value for choice in Choice],
        "may_vote": sits and found.round > 0 and viewer.email in present,
        "may_resolve": sits and found.round > 0 and presides(viewer, found, members, conflicts, present),
    }


def _forms(
    request: HttpRequest,
    viewer: Actor,
    meeting: Meeting,
    found: AgendaItem,
    members: Sequence[Member],
    wrong: LionrockError | None,
) -> dict[str, object]:
    """Return the boxes of the page's forms, with what was typed in the one that was sent."""
    did = request.POST.get("do") if wrong else None
    faults = wrong.faults if wrong else ()
    leads = viewer.holds(*LEADING, programme=meeting.programme)
    is_member = viewer.holds(*MEMBERS, programme=meeting.programme)
    programme = programme_on_file(meeting.programme)
    standing = texts_of(found, proposal_of(found), programme, day_of(meeting, timezone.now()))
    own = typed_in(proposal_boxes(), request.POST) if did == "propose" else standing
    recusing = [person_box(members), reason_box(WHY_RECUSED, gettext("Conflict of interest"))]
    postponing = [reason_box(WHY_POSTPONED, gettext("Why it is put off"))]
    is_open = found.state == ItemState.OPEN.value
    return {
        "did": did,
        "proposal_boxes": filled(proposal_boxes(), own, faults if did in ("propose", "resolve") else ()),
        "recusing": _sent(recusing if leads else recusing[1:], request, faults, did == "recuse"),
        "postponing": _sent(postponing, request, faults, did == "postpone"),
        "may_propose": is_open and viewer.holds(*PROPOSE, programme=meeting.programme),
        "may_recuse": is_open and (leads or is_member),
        "may_choose_who": leads,
        "may_postpone": is_open and leads,
        "viewer_email": viewer.email,
    }


def _sent(boxes: Sequence[Box], request: HttpRequest, faults: Sequence[Fault], was_sent: bool) -> list[Box]:
    return filled(boxes, typed_in(boxes, request.POST) if was_sent else {}, faults if was_sent else ())


def panel(viewer: Actor, application: Application) -> Panel:
    """Return the meetings that have an application on their agenda, for who may see them."""
    seen = meetings(viewer)
    found = AgendaItem.objects.filter(application=application, meeting__in=seen).exclude(hidden_from(viewer))
    rows = list(found.select_related("meeting", "resolution").order_by("-meeting__when"))
    zone = programme_on_file(application.call.programme).zone
    return Panel("committee/panel.html", {"rows": rows, "zone": zone, "application": application.code})
