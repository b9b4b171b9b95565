"""Where a visitor starts: what waits for them, from every room, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.allocations import queries as allocations
from lionrock.applications import waiting as applicants
from lionrock.assurance.queries import desk as assurance
from lionrock.awards import queries as awards
from lionrock.committee import waiting as committee
from lionrock.concerns import queries as concerns
from lionrock.custody.queries import sets as custody
from lionrock.intake import waiting as intake
from lionrock.outcomes import queries as outcomes
from lionrock.people import queries as people
from lionrock.people.domain import Actor
from lionrock.people.viewer import viewer_of
from lionrock.public.pages import front
from lionrock.receivables import waiting as receivables
from lionrock.review import queries as review
from lionrock.screening.queries import cases as screening
from lionrock.supply.queries import orders as supply
from lionrock.web.worklist import Waiting

Ask = Callable[[Actor, datetime], Sequence[Waiting]]

WAITING: Final[tuple[Ask, ...]] = (
    people.waiting,
    applicants.waiting,
    intake.waiting,
    review.waiting,
    assurance.waiting,
    committee.waiting,
    awards.waiting,
    outcomes.waiting,
    custody.waiting,
    concerns.waiting,
    allocations.waiting,
    receivables.waiting,
    screening.waiting,
    supply.waiting,
)
"""Who is asked what waits for a viewer: each room that can make somebody wait."""


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for whoever is signed in; to anybody else, what there is to apply for."""
    if not request.user.is_authenticated:
        return front(request)
    now = timezone.now()
    return render(request, "config/home.html", {"waiting": waiting(viewer_of(request), now), "now": now})


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:
    """Return what waits for a viewer: what has a deadline first, by date, then the oldest."""
    lines = [line for ask in WAITING for line in ask(viewer, now)]
    return sorted(lines, key=lambda line: (line.due is None, line.due or date.max, line.since or now))
