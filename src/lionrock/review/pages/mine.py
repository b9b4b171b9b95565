"""An assessor's own assessments: the list, the declaration, the sheet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.applications.domain import ApplicationState
from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, Refused
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.review.actions import declare_interests, save_scores, submit_scores
from lionrock.review.domain import (
    OPEN,
    READS,
    TRANSITIONS,
    AssignmentState,
    Declared,
    Ground,
    Hint,
    Scheme,
    Typed,
    boxes,
    hints,
)
from lionrock.review.models import Assignment, Comment, Score
from lionrock.review.pages.boxes import (
    Written,
    clash_of,
    faults_in,
    plain,
    read_version,
    running,
    sheet,
    texts_of,
    typed_in,
    version,
)
from lionrock.review.pages.reading import reading_of
from lionrock.review.queries import assessment_by_id, assessments, case_of, scheme_for, ties_of
from lionrock.review.queries import typed_in as entries_of
from lionrock.rules.parameters import Anonymity
from lionrock.web.asking import sent_by_script
from lionrock.web.listing import page_of
from lionrock.web.sentences import translate

MOST_CHANGES: Final = 500
_OPEN: Final = [state.value for state in OPEN]


@dataclass(frozen=True, slots=True)
class Row:
    """An assignment as its assessor may see it in a list: title and organisation only where they may be known."""

    assignment: Assignment
    titled: bool
    named: bool


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what the viewer has to do, the most urgent first, and what is done."""
    found = assessments(viewer_of(request)).filter(assessor__email=request.user.get_username())
    at_work = found.filter(application__state=ApplicationState.ELIGIBLE.value)
    page = page_of(request, found.exclude(pk__in=at_work.filter(state__in=_OPEN)).order_by("-state_since", "-id"))
    context = {
        "invited": [_row(each) for each in at_work.filter(state=AssignmentState.INVITED.value).order_by("due", "id")],
        "cleared": [_row(each) for each in at_work.filter(state=AssignmentState.CLEARED.value).order_by("due", "id")],
        "page": page,
        "rows": [_row(each) for each in page.object_list],
        "now": timezone.now(),
    }
    return render(request, "review/index.html", context)


def _row(each: Assignment) -> Row:
    reads = each.state in READS
    may_know = reads or each.state == AssignmentState.INVITED
    return Row(each, reads, may_know and not is_unnamed(scheme_for(each.application)))


def is_unnamed(scheme: Scheme) -> bool:
    """Tell whether assessors are not to know who applies."""
    return scheme.anonymity is Anonymity.BOTH_UNNAMED


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: int) -> HttpResponse:
    """Show one assessment as far as it is: to be declared, to be scored, done, or over."""
    found = assessment_by_id(viewer_of(request), number)
    if request.method == "POST":
        return _posted(request, found)
    if found.state == AssignmentState.INVITED:
        return redirect("review:declare", number)
    if found.state not in READS:
        return render(request, "review/over.html", {"assignment": found, "said": found.declarations.last()})
    if found.state == AssignmentState.SCORED:
        return _handed_in(request, found)
    return _sheet(request, found, Written(entries_of(found)))


def _handed_in(request: HttpRequest, found: Assignment) -> HttpResponse:
    """Show what the assessor has handed in."""
    scheme = scheme_for(found.application)
    marks = dict(Score.objects.filter(assignment=found, round=found.round).values_list("point", "mark"))
    kept = Comment.objects.filter(assignment=found, round=found.round)
    said = {each.criterion: each for each in kept}
    rows = [
        (measure, [(point, marks[point.key]) for point in measure.points], said[measure.id])
        for measure in scheme.measures
    ]
    context = _frame(found, scheme) | {"rows": rows, "running": running(scheme, {k: str(v) for k, v in marks.items()})}
    return render(request, "review/handed_in.html", context)


def _frame(found: Assignment, scheme: Scheme) -> dict[str, object]:
    """Return what every page of an assessment shows of its application."""
    unnamed = is_unnamed(scheme)
    return {
        "assignment": found,
        "application": found.application,
        "scheme": scheme,
        "unnamed": unnamed,
        "reading": reading_of(found.application, unnamed=unnamed),
        "zone": programme_on_file(found.application.call.programme).zone,
    }


def _sheet(request: HttpRequest, found: Assignment, written: Written, status: int = HTTPStatus.OK) -> HttpResponse:
    scheme = scheme_for(found.application)
    texts = {key: written.text(key) for key in boxes(scheme)}
    context = _frame(found, scheme) | {
        "measures": sheet(scheme, written),
        "running": running(scheme, texts),
        "faults": list(written.faults.values()),
        "stale": list(written.stale),
        "writable": found.application.state == ApplicationState.ELIGIBLE,
    }
    return render(request, "review/sheet.html", context, status=status)


def _posted(request: HttpRequest, found: Assignment) -> HttpResponse:
    """Save what was typed, whatever is wrong with it, and hand it in when that was asked for."""
    viewer, now, scheme = viewer_of(request), timezone.now(), scheme_for(found.application)
    typed = typed_in(request.POST, scheme)
    try:
        saved = save_scores(actor=viewer, assignment=found.pk, typed=typed, now=now)
        if saved.stale:
            return _clashing(request, found, typed, saved.stale)
        if request.POST.get("go") == "submit":
            submit_scores(actor=viewer, assignment=found.pk, now=now)
            messages.success(request, gettext("Your scores are handed in. Thank you."))
            return redirect("review:list")
    except Conflict as late:
        return _too_late(request, found, typed, late)
    except Invalid as wrong:
        return _wrong(request, found, typed, wrong)
    messages.success(request, gettext("Saved. You can go on whenever you like."))
    return redirect("review:show", found.pk)


def _clashing(
    request: HttpRequest, found: Assignment, typed: Mapping[str, Typed], stale: Mapping[str, str]
) -> HttpResponse:
    written = Written(entries_of(found), {key: each.text for key, each in typed.items()}, stale=stale)
    return _sheet(request, found, written, HTTPStatus.CONFLICT)


def _wrong(request: HttpRequest, found: Assignment, typed: Mapping[str, Typed], wrong: Invalid) -> HttpResponse:
    faults = {fault.field or "": fault for fault in wrong.faults}
    written = Written(entries_of(found), {key: each.text for key, each in typed.items()}, faults)
    return _sheet(request, found, written, HTTPStatus.UNPROCESSABLE_ENTITY)


def _too_late(request: HttpRequest, found: Assignment, typed: Mapping[str, Typed], late: LionrockError) -> HttpResponse:
    """Say that nothing can be written any more; a form sent twice says so, and other text is shown to be copied."""
    held = texts_of(entries_of(found))
    lost = [each.text for key, each in typed.items() if each.text.strip() and each.text != held.get(key, "")]
    if not lost:
        messages.info(request, translate(late.message))
        return redirect("review:list")
    context = {"assignment": found, "sentence": translate(late.message), "typed": lost}
    return render(request, "review/too_late.html", context, status=late.status)


@require_POST
def autosave(request: HttpRequest, number: int) -> HttpResponse:
    """Save what the sheet's script sends; tell the new versions, what is wrong, what clashed, and the total so far."""
    viewer = viewer_of(request)
    found = assessment_by_id(viewer, number)
    scheme = scheme_for(found.application)
    typed = _read(sent_by_script(request))
    saved = save_scores(actor=viewer, assignment=number, typed=typed, now=timezone.now())
    held = entries_of(found)
    faults = faults_in(scheme, texts_of(held), empty_too=False)
    answers = {key: _answer(held, key, faults, clashed=key in saved.stale) for key in typed}
    context = {"running": running(scheme, texts_of(held))}
    fragment = render_to_string("review/parts/running.html", context, request)
    return JsonResponse({"answers": answers, "fragments": {"running": fragment}})


def _answer(held: Mapping[str, Any], key: str, faults: Mapping[str, Fault], *, clashed: bool) -> dict[str, object]:
    fault = translate(faults[key].message) if key in faults else ""
    answer: dict[str, object] = {"read": version(held, key), "fault": fault, "conflict": None}
    if clashed:
        clash = clash_of(held, key)
        shown = {"value": clash.value, "shown": clash.shown, "read": clash.read}
        answer["conflict"] = {"said": translate(clash.said), **shown}
    return answer


def _read(body: str) -> dict[str, Typed]:
    """Return what the script sent; raises `Invalid` for anything that it would not send."""
    try:
        told_ = json.loads(body)
    except ValueError:
        told_ = None
    changes = told_.get("changes") if isinstance(told_, dict) else None
    if not isinstance(changes, list) or len(changes) > MOST_CHANGES or not all(map(_is_change, changes)):
        said = message(gettext_noop("This is no list of changes to a sheet. Load the page again and save there."))
        raise Invalid("review.sheet.unreadable", said, faults=[Fault("review.sheet.unreadable", said)])
    return {each["key"]: Typed(plain(each["value"]), read_version(each["read"]), each.get("sent")) for each in changes}


def _is_change(each: object) -> bool:
    if not isinstance(each, dict) or not isinstance(each.get("sent"), str | None):
        return False
    return all(isinstance(each.get(name), str) for name in ("key", "value", "read"))


# Declaring ----------------------------------------------------------------------------------------

GROUNDS: Final = {
    Ground.EMPLOYMENT: gettext_noop("I work for the applicant or a partner named, did so lately, or am about to"),
    Ground.MONEY: gettext_noop("I hold shares in it, am paid by it, or gain or lose by the decision"),
    Ground.COLLABORATION: gettext_noop("I work, publish or teach together with people of the application"),
    Ground.KINSHIP: gettext_noop("I am related to, or close to, people of the application"),
    Ground.RIVALRY: gettext_noop("I compete with it, or apply for the same money"),
    Ground.OTHER: gettext_noop("Something else that others might take for a conflict"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, number: int) -> HttpResponse:
    """Ask the assessor to declare their interests; the first step, and later when a conflict is seen."""
    viewer = viewer_of(request)
    found = assessment_by_id(viewer, number)
    state = AssignmentState(found.state)
    open_ = [each for each in Declared if (state, each.value) in TRANSITIONS]
    if not open_:
        return redirect("review:show", number)
    if request.method != "POST":
        return _declaration(request, found, open_)
    given = {name: plain(request.POST.get(name, "")) for name in ("declared", "ground", "text")}
    try:
        _declare(request, found, given)
    except Invalid as wrong:
        return _declaration(request, found, open_, given, wrong.faults, status=wrong.status)
    except Refused as barred:
        return _declaration(request, found, open_, given, (), barred.findings, barred.status)
    return _declared(request, found, Declared(given["declared"]))


def _declare(request: HttpRequest, found: Assignment, given: Mapping[str, str]) -> None:
    if given["declared"] not in list(Declared):
        said = message(gettext_noop("Choose what you declare."))
        fault = Fault("review.declaration.choice", said, field="declared", value=given["declared"])
        raise Invalid("review.declaration.choice", said, faults=[fault])
    declare_interests(
        actor=viewer_of(request),
        assignment=found.pk,
        declared=Declared(given["declared"]),
        ground=given["ground"],
        text=given["text"],
        now=timezone.now(),
    )


def _declared(request: HttpRequest, found: Assignment, declared: Declared) -> HttpResponse:
    if declared is Declared.CLEAR:
        messages.success(request, gettext("Thank you. You can read and score it now."))
        return redirect("review:show", found.pk)
    messages.success(request, gettext("Thank you. The programme's office is told, and asks somebody else."))
    return redirect("review:list")


def _declaration(
    request: HttpRequest,
    found: Assignment,
    open_: list[Declared],
    given: Mapping[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
    findings: tuple[Finding, ...] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    rules = programme_on_file(found.application.call.programme)
    unnamed = is_unnamed(scheme_for(found.application))
    categories = rules.at(local_date(found.assigned_at, rules.zone)).categories
    context = {
        "assignment": found,
        "application": found.application,
        "programme": rules.names,
        "category": next((each.label for each in categories if each.id == found.application.category), None),
        "unnamed": unnamed,
        "hints": [] if unnamed else _hints(found),
        "open": [each.value for each in open_],
        "grounds": [(ground.value, gettext(text)) for ground, text in GROUNDS.items()],
        "given": given or {},
        "faults": faults,
        "fault": {fault.field: fault for fault in faults},
        "findings": findings,
    }
    return render(request, "review/declare.html", context, status=status)


def _hints(found: Assignment) -> tuple[Hint, ...]:
    return hints(ties_of([found.assessor])[found.assessor_id], case_of(found.application))
