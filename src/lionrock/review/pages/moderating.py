"""What the assessors of an application gave, side by side; settling differences; passing it on and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.applications.actions import reopen_assessment
from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code
from lionrock.kernel.errors import Conflict, Fault, Invalid
from lionrock.kernel.findings import Outcome, overall
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.viewer import viewer_of
from lionrock.review.actions import conclude_assessment, moderate_scores
from lionrock.review.domain import Measure, Point
from lionrock.review.pages.boxes import plain, told
from lionrock.review.pages.dots import Strip, differ, strip
from lionrock.review.queries import READ_SCORES, Given, Result, Said, results
from lionrock.web.sentences import translate

HALF: Final = Fraction(50)
"""Where the programme sets no limit, marks that lie half the scale apart are marked as different."""


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point with every assessor's mark, the agreed one, and whether they differ much."""

    point: Point
    marks: tuple[int, ...]
    agreed: int | None
    differs: bool
    typed: str
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """One criterion: its points, what each assessor's marks come to, what counts, its picture, what was said."""

    measure: Measure
    points: tuple[PointRow, ...]
    totals: tuple[str, ...]
    counts: str
    strip: Strip
    said: tuple[tuple[Given, Said], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def moderation(request: HttpRequest, code: str) -> HttpResponse:
    """Show the assessors' scores side by side; a post settles how far they lie apart."""
    viewer = viewer_of(request)
    application = application_by_code(viewer, code)
    require(viewer, *READ_SCORES, programme=application.call.programme)
    if request.method != "POST":
        return _page(request, viewer, application)
    given = {name: plain(request.POST.get(name, "")) for name in request.POST}
    try:
        _moderate(viewer, code, given)
    except Conflict as late:
        messages.info(request, translate(late.message))
        return redirect("review:moderation", code)
    except Invalid as wrong:
        return _page(request, viewer, application, given, wrong.faults)
    messages.success(request, gettext("The difference is settled."))
    return redirect("review:moderation", code)


def _moderate(viewer: Actor, code: str, given: Mapping[str, str]) -> None:
    way = given.get("way", "")
    if way not in ("agreed", "apart"):
        said = message(gettext_noop("Choose whether marks are agreed or kept apart."))
        raise Invalid("review.moderation.way", said, faults=[Fault("review.moderation.way", said, field="way")])
    agreed = {key: text for key, text in given.items() if "." in key} if way == "agreed" else None
    moderate_scores(actor=viewer, application=code, reason=given.get("reason", ""), agreed=agreed, now=timezone.now())


def _page(
    request: HttpRequest,
    viewer: Actor,
    application: Application,
    given: Mapping[str, str] | None = None,
    faults: Sequence[Fault] = (),
) -> HttpResponse:
    result = results(viewer, [application]).get(application.pk)
    programme = application.call.programme
    at_work = application.state == ApplicationState.ELIGIBLE
    office = viewer.holds(Role.OFFICE, programme=programme)
    leads = office or viewer.holds(Role.CHAIR, programme=programme)
    context = {
        "application": application,
        "result": result,
        "score": told(result.score) if result and result.score is not None else None,
        "spread": told(result.spread) if result else None,
        "rows": _rows(result, given or {}, faults) if result else [],
        "whole": strip({each.number: each.total for each in result.given}) if result else None,
        "totals": [told(each.total) for each in result.given] if result else [],
        "ready": result is not None and overall(result.checks) is not Outcome.NOT_MET,
        "may_assign": office and at_work,
        "may_conclude": office and at_work,
        "may_moderate": leads and at_work and result is not None and result.needs_moderation,
        "may_take_back": leads and application.state == ApplicationState.ASSESSED,
        "given": given or {},
        "faults": faults,
        "fault": {fault.field: fault for fault in faults},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return render(request, "review/moderation.html", context, status=status)


def _rows(result: Result, given: Mapping[str, str], faults: Sequence[Fault]) -> list[MeasureRows]:
    wrong = {fault.field: fault for fault in faults}
    return [
        MeasureRows(
            measure,
            tuple(_point(result, point, given, wrong) for point in measure.points),
            tuple(told(each.criteria[measure.id]) for each in result.given),
            told(result.criteria[measure.id]) if measure.id in result.criteria else "",
            strip({each.number: each.criteria[measure.id] for each in result.given}),
            tuple((each, said) for each in result.given for said in each.said if said.criterion == measure.id),
        )
        for measure in result.scheme.measures
    ]


def _point(result: Result, point: Point, given: Mapping[str, str], wrong: Mapping[str | None, Fault]) -> PointRow:
    marks = tuple(each.marks[point.key] for each in result.given)
    agreed = result.settled.marks.get(point.key) if result.settled and result.settled.marks else None
    limit = HALF if result.scheme.spread_max is None else Fraction(result.scheme.spread_max)
    differs = differ(marks, result.scheme.scale_max, limit)
    return PointRow(point, marks, agreed, differs, given.get(point.key, ""), wrong.get(point.key))


@require_POST
def conclude(request: HttpRequest, code: str) -> HttpResponse:
    """Pass an application on to the committee; a form sent twice says so."""
    try:
        conclude_assessment(actor=viewer_of(request), application=code, now=timezone.now())
        messages.success(request, gettext("It is with the committee now."))
    except Conflict as late:
        messages.info(request, translate(late.message))
    return redirect("review:moderation", code)


@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Take an application back from the committee; a form sent twice says so."""
    reason = plain(request.POST.get("reason", ""))
    viewer = viewer_of(request)
    try:
        reopen_assessment(actor=viewer, application=code, reason=reason, now=timezone.now())
        messages.success(request, gettext("It is with the assessors again."))
    except Conflict as late:
        messages.info(request, translate(late.message))
    except Invalid as wrong:
        return _page(request, viewer, application_by_code(viewer, code), {"reason": reason}, wrong.faults)
    return redirect("review:moderation", code)
