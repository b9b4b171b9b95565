"""Desks: the dossiers that a viewer may see, what they were asked to review, and the conditions that are open."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.assurance.models import Condition
from lionrock.assurance.pages.showing import REMIND_DAYS
from lionrock.assurance.pages.tiers import tone_of
from lionrock.assurance.queries.desk import asked_of, desk, open_conditions
from lionrock.assurance.queries.standing import edition_of
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import viewer_of
from lionrock.web.listing import page_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the dossiers that wait for the viewer, or all that they may see; above them what they were asked."""
    viewer, everything = viewer_of(request), request.GET.get("all") == "1"
    page = page_of(request, desk(viewer, everything=everything))
    rows = []
    for dossier in page:
        tier = next((each for each in edition_of(dossier).tiers if each.id == dossier.tier), None)
        rows.append((dossier, f"dossier_{dossier.state}", tier and tier.names, tone_of(tier.rank) if tier else ""))
    asked = [(row, f"expertise_{row.expertise}") for row in asked_of(viewer)]
    context = {"page": page, "rows": rows, "asked": asked, "everything": everything, "zone": house_zone()}
    return render(request, "assurance/list.html", context)


@require_safe
def conditions(request: HttpRequest) -> HttpResponse:
    """List the conditions that are not met, the first due first."""
    page = page_of(request, open_conditions(viewer_of(request)))
    today = local_date(timezone.now(), house_zone())
    rows = [(each, f"binds_{each.binds}", _standing(each, today)) for each in page]
    return render(request, "assurance/conditions.html", {"page": page, "rows": rows})


def _standing(condition: Condition, today: date) -> str:
    """Return the word for how an open condition stands to its day."""
    left = (condition.due - today).days
    if left < 0:
        return "due_overdue"
    return "due_handed_in" if condition.handed_in_at else "due_remind" if left <= REMIND_DAYS else "due_ahead"
