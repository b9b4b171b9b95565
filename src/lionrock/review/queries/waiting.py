"""What waits for whom: assessors with something to do, and the office where assessing stands still."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import applications
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.review.domain import COUNTS, OPEN, AssignmentState
from lionrock.review.models import Assignment
from lionrock.review.queries.assessments import assessments
from lionrock.web.worklist import Waiting

_SHOWN: Final = 20
"""So many lines of a kind are shown; the others follow when these are done."""
_TO_DO: Final = {
    AssignmentState.INVITED.value: gettext_noop("Declare your interests in {application}"),
    AssignmentState.CLEARED.value: gettext_noop("Score {application}"),
}


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:  # noqa: ARG001 - one of several that are asked alike
    """Return what waits for a viewer in assessing: three queries at the most."""
    return [*_for_assessor(viewer), *_for_office(viewer)]


def _for_assessor(viewer: Actor) -> list[Waiting]:
    if viewer.operator or not viewer.programmes(Role.ASSESSOR):
        return []
    found = assessments(viewer).filter(
        state__in=[state.value for state in OPEN], application__state=ApplicationState.ELIGIBLE.value
    )
    rows = found.order_by("due", "id").values_list("pk", "state", "application__code", "assigned_at", "due")
    return [
        Waiting(message(_TO_DO[state], application=code), reverse("review:show", args=[pk]), since=since, due=due)
        for pk, state, code, since, due in rows[:_SHOWN]
    ]


def _of_office(viewer: Actor, *states: AssignmentState) -> tuple[QuerySet[Application], Exists]:
    """Return what the viewer's office has with assessors, and whether one of them stands in one of these states."""
    found = applications(viewer).filter(
        state=ApplicationState.ELIGIBLE.value, call__programme__in=viewer.programmes(Role.OFFICE)
    )
    held = Assignment.objects.filter(application=OuterRef("pk"), state__in=[state.value for state in states])
    return found.order_by("state_since", "code"), Exists(held)


def _for_office(viewer: Actor) -> list[Waiting]:
    if not viewer.programmes(Role.OFFICE):
        return []
    found, assigned = _of_office(viewer, *COUNTS)
    nobody = found.filter(~assigned).values_list("code", "state_since")[:_SHOWN]
    found, still_open = _of_office(viewer, *OPEN)
    handed_in = found.filter(assigned, ~still_open).values_list("code", "state_since")[:_SHOWN]
    asked = gettext_noop("Ask assessors about {application}")
    concluded = gettext_noop("Look through the scores of {application} and pass it on")
    return [
        *(_line(asked, *each, "review:assessors") for each in nobody),
        *(_line(concluded, *each, "review:moderation") for each in handed_in),
    ]


def _line(template: str, code: str, since: datetime, page: str) -> Waiting:
    return Waiting(message(template, application=code), reverse(page, args=[code]), since=since)
