"""The list of meetings, and one meeting: agenda, members, and how it is led."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.applications.models import Application
from lionrock.committee.actions import (
    add_to_agenda,
    cancel_meeting,
    close_meeting,
    note_attendance,
    open_meeting,
    plan_meeting,
)
from lionrock.committee.domain import ItemState, MeetingState, Tally, rules_of
from lionrock.committee.means import day_of
from lionrock.committee.models import AgendaItem, Meeting
from lionrock.committee.pages.answering import answered, typed, unknown_act
from lionrock.committee.pages.boxes import plan_boxes, read_when, reason_box
from lionrock.committee.queries import (
    SEE,
    Conflicts,
    Member,
    items,
    meeting_by_code,
    meetings,
    members_of_committee,
    present_at,
    recused,
    tally_of,
    votes_on,
)
from lionrock.committee.waiting import LEADING, without_a_meeting
from lionrock.kernel.errors import LionrockError, NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file, programmes_on_file
from lionrock.people.viewer import viewer_of
from lionrock.review.domain import shown
from lionrock.review.queries import Result, results
from lionrock.web.filling import filled, typed_in
from lionrock.web.listing import page_of
from lionrock.web.proving import needs_proof

CANDIDATES = 50
"""So many applications are offered for an agenda at a time, the longest waiting first."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the programmes whose meetings the viewer may see; the only one is shown at once."""
    seen = viewer_of(request).programmes(*SEE)
    known = [programme for name, programme in programmes_on_file().items() if name in seen]
    if len(known) == 1:
        return redirect("committee:list", known[0].id)
    return render(request, "committee/programmes.html", {"programmes": known})


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, programme: str) -> HttpResponse:
    """List a programme's meetings, the latest first; who may plans another."""
    viewer = viewer_of(request)
    if not viewer.holds(*SEE, programme=programme):
        said = message(gettext_noop("There are no meetings of {programme} for you to see."), programme=programme)
        raise NotFound("committee.programme.unknown", said)
    if request.method == "POST":
        return _plan(request, viewer, programme)
    return _listed(request, viewer, programme)


def _listed(request: HttpRequest, viewer: Actor, programme: str, wrong: LionrockError | None = None) -> HttpResponse:
    found = meetings(viewer).filter(programme=programme)
    counted = found.annotate(
        on_agenda=Count("items"), resolved=Count("items", filter=Q(items__state=ItemState.RESOLVED.value))
    )
    known = programme_on_file(programme)
    posted = typed_in(plan_boxes(), request.POST)
    context = {
        "programme": known,
        "zone": known.zone,
        "page": page_of(request, counted.order_by("-when", "-code")),
        "may_plan": viewer.holds(*LEADING, programme=programme),
        "boxes": filled(plan_boxes(), posted, wrong.faults if wrong else ()),
        "key": request.POST.get("key") or uuid4(),
        "wrong": wrong,
    }
    return render(request, "committee/list.html", context, status=wrong.status if wrong else 200)


def _plan(request: HttpRequest, viewer: Actor, programme: str) -> HttpResponse:
    boxes = plan_boxes()
    posted = typed_in(boxes, request.POST)
    zone = programme_on_file(programme).zone

    def act() -> Message:
        when = read_when(posted.pop("when"), zone)
        made = plan_meeting(
            actor=viewer, programme=programme, when=when, now=timezone.now(), key=_key(request), **posted
        )
        return message(gettext_noop("{meeting} is planned. Put applications on its agenda."), meeting=made.code)

    address = reverse("committee:list", args=[programme])
    return answered(request, act, address, lambda wrong: _listed(request, viewer, programme, wrong))


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the agenda as the page shows it."""

    item: AgendaItem
    score: str
    tally: Tally
    recused: int
    voted: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """One member as the page shows them."""

    member: Member
    present: bool


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show one meeting; who leads it works on its agenda, opens it, notes who is there, and closes it."""
    viewer = viewer_of(request)
    meeting = meeting_by_code(viewer, code)
    if request.method != "POST":
        return _shown(request, viewer, meeting)
    address = reverse("committee:show", args=[code])
    return answered(
        request,
        lambda: _done(request, viewer, code),
        address,
        lambda wrong: _shown(request, viewer, meeting_by_code(viewer, code), wrong),
    )


def _done(request: HttpRequest, viewer: Actor, code: str) -> Message:
    now, posted = timezone.now(), request.POST
    present = posted.getlist("present")
    if posted.get("do") == "add":
        more = typed(posted, "more").replace(",", " ").split()
        made = add_to_agenda(actor=viewer, meeting=code, applications=[*posted.getlist("applications"), *more], now=now)
        return message(gettext_noop("Put on the agenda: {count}"), count=len(made))
    if posted.get("do") == "open":
        open_meeting(actor=viewer, meeting=code, present=present, now=now)
        return message(gettext_noop("{meeting} is open. Members can vote."), meeting=code)
    if posted.get("do") == "attendance":
        note_attendance(actor=viewer, meeting=code, present=present, now=now)
        return message(gettext_noop("Noted who is in the room."))
    if posted.get("do") == "close":
        close_meeting(actor=viewer, meeting=code, now=now)
        return message(gettext_noop("{meeting} is closed, and its minutes are fixed."), meeting=code)
    if posted.get("do") == "cancel":
        cancel_meeting(actor=viewer, meeting=code, reason=typed(posted, "reason"), now=now)
        return message(gettext_noop("{meeting} is called off."), meeting=code)
    return unknown_act()


def _shown(request: HttpRequest, viewer: Actor, meeting: Meeting, wrong: LionrockError | None = None) -> HttpResponse:
    members, present = members_of_committee(meeting.programme), present_at(meeting)
    found = list(items(viewer, meeting).select_related("resolution"))
    conflicts = recused(found, members)
    leads, chairs = (viewer.holds(*roles, programme=meeting.programme) for roles in (LEADING, (Role.CHAIR,)))
    programme = programme_on_file(meeting.programme)
    terms = programme.at(day_of(meeting, timezone.now()))
    typed_present = request.POST.getlist("present") if wrong else None
    state = MeetingState(meeting.state)
    planned, sits = state is MeetingState.PLANNED, state is MeetingState.IN_SESSION
    cancel = [reason_box("reason", gettext("Reason"))]
    context = {
        "meeting": meeting,
        "programme": programme,
        "zone": programme.zone,
        "lines": _lines(viewer, found, members, conflicts, present),
        "hidden": meeting.items.count() - len(found),
        "seats": _seats(members, present, None if typed_present is None else set(typed_present), planned=planned),
        "rules": rules_of(terms),
        "present": len([member for member in members if member.email in present]),
        "planned": planned,
        "sits": sits,
        "over": not (planned or sits),
        "may_prepare": leads and (planned or sits),
        "may_open": chairs and planned,
        "may_note": leads and sits,
        "may_close": chairs and sits,
        "may_cancel": leads and planned,
        "candidates": _candidates(viewer, meeting) if leads and (planned or sits) else None,
        "chosen": request.POST.getlist("applications") if wrong else [],
        "more": typed(request.POST, "more") if wrong else "",
        "cancel": filled(cancel, typed_in(cancel, request.POST), wrong.faults if wrong else ()),
        "faults": {fault.field: fault for fault in wrong.faults} if wrong else {},
        "wrong": wrong,
    }
    return render(request, "committee/show.html", context, status=wrong.status if wrong else 200)


def _lines(
    viewer: Actor, found: Sequence[AgendaItem], members: Sequence[Member], conflicts: Conflicts, present: frozenset[str]
) -> list[Line]:
    scores = results(viewer, [item.application for item in found])
    votes = votes_on(found)
    return [
        Line(
            item=item,
            score=_score(scores.get(item.application_id)),
            tally=tally_of(votes[item.pk], members, conflicts[item.pk], present),
            recused=len(conflicts[item.pk]),
            voted=viewer.email in votes[item.pk],
        )
        for item in found
    ]


def _score(result: Result | None) -> str:
    return "" if result is None or result.score is None else shown(result.score)


def _seats(
    members: Sequence[Member], present: frozenset[str], typed_present: set[str] | None, *, planned: bool
) -> list[Seat]:
    """Return the members; before the meeting all are taken to come."""
    there = typed_present if typed_present is not None else present
    return [Seat(member, present=member.email in there or (planned and typed_present is None)) for member in members]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Applications that could go on the agenda: those offered, and how many more there are."""

    offered: Sequence[Application]
    more: int


def _candidates(viewer: Actor, meeting: Meeting) -> Candidates:
    found = without_a_meeting(viewer).filter(call__programme=meeting.programme).exclude(agenda_items__meeting=meeting)
    offered = list(found.select_related("organisation").order_by("state_since", "code")[:CANDIDATES])
    return Candidates(offered, found.count() - len(offered))
