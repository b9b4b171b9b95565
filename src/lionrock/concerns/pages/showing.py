"""The cases for those who see them: the list, and one with its deadlines, steps and notes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.concerns.domain.states import OPEN, TRANSITIONS, ConcernState
from lionrock.concerns.pages.naming import kind_names, severity_names
from lionrock.concerns.policies import require_sight
from lionrock.concerns.queries import concern_by_code, concerns, deadlines_of, decides, works_on
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.listing import page_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the concerns that the viewer sees: those that are open, or all."""
    viewer, everything, now = viewer_of(request), request.GET.get("all") == "1", timezone.now()
    require_sight(viewer)
    rows = concerns(viewer)
    page = page_of(request, rows if everything else rows.filter(state__in=[state.value for state in OPEN]))
    shown = [
        (
            each,
            kind_names(each),
            severity_names(each),
            f"concern_{each.state}",
            next((owed for owed in deadlines_of(each) if owed.done is None), None),
            programme_on_file(each.programme).zone,
        )
        for each in page.object_list
    ]
    return render(request, "concerns/index.html", {"page": page, "rows": shown, "everything": everything, "now": now})


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show one concern, to whoever may see it."""
    viewer, now = viewer_of(request), timezone.now()
    found = concern_by_code(viewer, code)
    may = decides(viewer, found)
    state = ConcernState(found.state)
    verbs = [verb for verb in ("take_up", "tell", "close", "set_aside", "reopen") if (state, verb) in TRANSITIONS]
    acts = [*verbs, "assign", "concerned"] if may else []
    context = {
        "concern": found,
        "kind": kind_names(found),
        "severity": severity_names(found),
        "state": f"concern_{found.state}",
        "deadlines": [(each, f"due_{each.step}", each.late(now)) for each in deadlines_of(found)],
        "steps": [(each, f"did_{each.verb}") for each in found.steps.all()],
        "notes": found.notes.all(),
        "persons": found.persons.all() if may else [],
        "sender": found.raised_by if may else "",
        "acts": [(name, f"act_{name}") for name in [*acts, *(["note"] if works_on(viewer, found) else [])]],
        "zone": programme_on_file(found.programme).zone,
    }
    return render(request, "concerns/show.html", context)
