"""What waits for whom: applications for a meeting, a meeting for its chair, proposals for votes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import applications
from lionrock.committee.domain import UNDER_WAY, ItemState, MeetingState
from lionrock.committee.models import AgendaItem, Meeting, Vote
from lionrock.committee.queries import MEMBERS, hidden_from
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.rules.calendar import due_after
from lionrock.web.worklist import Waiting

LEADING: Final = (Role.OFFICE, Role.CHAIR)
AHEAD: Final = timedelta(days=30)
"""Meetings further ahead wait for nobody yet."""


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:
    """Return what waits for a viewer in the committee's work: three queries at the most."""
    if viewer.operator:
        return []
    return [*_for_a_meeting(viewer, now), *_for_votes(viewer), *_of_meetings(viewer, now)]


def without_a_meeting(viewer: Actor) -> QuerySet[Application]:
    """Return the applications that have been assessed and are undecided on no agenda, as far as the viewer may see."""
    planned = AgendaItem.objects.filter(application=OuterRef("pk"), state=ItemState.OPEN.value)
    return applications(viewer).filter(~Exists(planned), state=ApplicationState.ASSESSED.value)


def _for_a_meeting(viewer: Actor, now: datetime) -> Iterator[Waiting]:
    """Tell office and chair how many applications of each programme have no meeting yet."""
    led = viewer.programmes(*LEADING)
    if not led:
        return
    found = without_a_meeting(viewer).filter(call__programme__in=led).order_by().values("call__programme")
    for row in found.annotate(count=Count("pk"), since=Min("state_since"), submitted=Min("submitted_at")):
        programme = row["call__programme"]
        yield Waiting(
            message(gettext_noop("Put assessed applications on the agenda of a meeting: {count}"), count=row["count"]),
            reverse("committee:list", args=[programme]),
            since=row["since"],
            due=_due(programme, row["submitted"], now),
            count=row["count"],
        )


def _due(programme: str, submitted: datetime, now: datetime) -> date | None:
    """Return the day until which a decision is pledged; None where the programme pledges none."""
    rules = programme_on_file(programme)
    terms = rules.at(local_date(now, rules.zone))
    days = terms.decision_days()
    return None if days is None else due_after(local_date(submitted, rules.zone), days, terms.calendar())


def _for_votes(viewer: Actor) -> Iterator[Waiting]:
    """Tell members in the room how many proposals wait for their vote."""
    sits = Q(meeting__state=MeetingState.IN_SESSION.value, meeting__programme__in=viewer.programmes(*MEMBERS))
    there = Q(meeting__attendances__person=viewer.email, meeting__attendances__present=True)
    voted = Vote.objects.filter(item=OuterRef("pk"), round=OuterRef("round"), person=viewer.email)
    found = AgendaItem.objects.filter(sits, there, state=ItemState.OPEN.value, round__gt=0).exclude(hidden_from(viewer))
    rows = found.filter(~Exists(voted)).order_by().values("meeting__code")
    for row in rows.annotate(count=Count("pk"), since=Max("proposed_at")):
        code = row["meeting__code"]
        said = message(gettext_noop("Vote in {meeting}: {count}"), meeting=code, count=row["count"])
        yield Waiting(said, reverse("committee:show", args=[code]), since=row["since"], count=row["count"])


def _of_meetings(viewer: Actor, now: datetime) -> Iterator[Waiting]:
    """Tell the chair of meetings to open and to close, and members of those that are coming."""
    mine = Meeting.objects.filter(
        programme__in=viewer.programmes(*MEMBERS), state__in=[state.value for state in UNDER_WAY], when__lte=now + AHEAD
    )
    for meeting in mine.order_by("when", "code"):
        chairs = viewer.holds(Role.CHAIR, programme=meeting.programme)
        template = _TO_DO.get((meeting.state, chairs, meeting.when <= now))
        if template is not None:
            yield Waiting(
                message(template, meeting=meeting.code),
                reverse("committee:show", args=[meeting.code]),
                since=meeting.state_since,
                due=local_date(meeting.when, programme_on_file(meeting.programme).zone),
            )


_PREPARE: Final = gettext_noop("Read the agenda of {meeting}, and say where you are in conflict")
_TO_DO: Final = {
    (MeetingState.PLANNED.value, True, True): gettext_noop("Open {meeting}"),
    (MeetingState.PLANNED.value, True, False): _PREPARE,
    (MeetingState.PLANNED.value, False, True): _PREPARE,
    (MeetingState.PLANNED.value, False, False): _PREPARE,
    (MeetingState.IN_SESSION.value, True, True): gettext_noop("Lead {meeting} to its end, and close it"),
    (MeetingState.IN_SESSION.value, True, False): gettext_noop("Lead {meeting} to its end, and close it"),
}
"""What is to be done by state, by whether the viewer leads, and by whether its time has come."""
