"""The self-assessment: only the questions that the answers make relevant, and at each moment the tier and why."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.applications.actions import Fate, Saved
from lionrock.applications.pages.autosaving import read_changes
from lionrock.applications.pages.boxes import Clash
from lionrock.applications.pages.filling import change
from lionrock.assurance.actions import save_written
from lionrock.assurance.actions.answering import faults_in
from lionrock.assurance.domain.states import OPEN_TO_APPLICANTS, DossierState
from lionrock.assurance.models import Dossier
from lionrock.assurance.pages.tiers import said_of
from lionrock.assurance.pages.writing import Shown, answered, box_of, changes_in, clashes_of, faults_by_key, shown
from lionrock.assurance.queries.dossiers import dossier_by_code, require_writing
from lionrock.assurance.queries.standing import QUESTION, assessed, sheet_of, written_of
from lionrock.kernel.findings import Outcome
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import sent_by_script


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """Show the questions that are asked so far; what is posted is saved, whatever is wrong with it."""
    viewer = viewer_of(request)
    dossier = dossier_by_code(viewer, code)
    require_writing(viewer, dossier)
    if DossierState(dossier.state) not in OPEN_TO_APPLICANTS:
        return redirect("assurance:show", code)
    if request.method != "POST":
        return _page(request, dossier, {})
    many = [f"{QUESTION}{each.id}" for each in sheet_of(dossier).edition.questions if each.many]
    changes = changes_in(dossier, request.POST, many)
    saved = save_written(actor=viewer, application=code, changes=changes, now=timezone.now())
    again = dossier_by_code(viewer, code)
    clashes = _clashes(again, saved)
    if clashes or faults_in(again) or saved.of(Fate.NOT_KEPT):
        return _page(request, again, clashes, status=422)
    if request.POST.get("go") != "after":
        messages.success(request, gettext("Saved."))
        return redirect("assurance:questions", code)
    following = assessed(again).next
    if following:
        return redirect(f"{reverse('assurance:questions', args=[code])}#{QUESTION}{following[0].id}")
    return redirect("assurance:show", code)


def _page(request: HttpRequest, dossier: Dossier, clashes: Mapping[str, Clash], status: int = 200) -> HttpResponse:
    faults = faults_by_key(faults_in(dossier))
    asked = _asked(dossier, clashes)
    context = {
        "dossier": dossier,
        "application": dossier.application,
        "questions": asked,
        "faults": list(faults.items()),
        "clashes": list(clashes),
        **_beside(dossier),
    }
    return render(request, "assurance/questions.html", context, status=status)


def _asked(dossier: Dossier, clashes: Mapping[str, Clash]) -> list[Shown]:
    sheet, faults = sheet_of(dossier), faults_by_key(faults_in(dossier))
    return [
        shown(each, box_of(dossier, f"{QUESTION}{each.id}", [] if each.many else "", faults, clashes))
        for each in sheet.edition.questions
        if sheet.asked(each) is Outcome.MET
    ]


def _beside(dossier: Dossier) -> dict[str, object]:
    found = assessed(dossier)
    return {"found": found, "tier": said_of(found)}


@require_POST
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """Save what the form's script sends; tell what is wrong, what clashed, and the tier as it stands then."""
    viewer = viewer_of(request)
    dossier = dossier_by_code(viewer, code)
    require_writing(viewer, dossier)
    written = written_of(dossier)
    told = read_changes(sent_by_script(request))
    changes = [change(written, each["key"], each["value"], each["read"], each.get("sent")) for each in told["changes"]]
    saved = save_written(actor=viewer, application=code, changes=changes, now=timezone.now())
    again = dossier_by_code(viewer, code)
    beside = render_to_string("assurance/parts/tier.html", {"dossier": again, **_beside(again)}, request)
    return JsonResponse({"answers": answered(again, saved, _clashes(again, saved)), "fragments": {"tier": beside}})


def _clashes(dossier: Dossier, saved: Saved) -> dict[str, Clash]:
    language = get_language() or "en"
    named = {
        option.id: option.names.in_language(language)
        for question in sheet_of(dossier).edition.questions
        for option in question.options
    }
    return clashes_of(dossier, saved, programme_on_file(dossier.programme).zone, named)
