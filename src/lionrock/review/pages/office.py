"""The office's pages: whom to ask about an application, and what is known of the programme's assessors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code
from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, NotFound, Refused, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Organisation, Person
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.review.actions import assign_assessor, describe_assessor, reopen_scores, unassign_assessor
from lionrock.review.domain import Suggestion
from lionrock.review.queries import (
    READ_NAMES,
    assessor_of,
    assignment_by_id,
    assignments,
    expertise_in,
    roster,
    suggested,
)
from lionrock.rules.terms import Label
from lionrock.web.listing import page_of
from lionrock.web.sentences import translate

SHOWN: Final = 20
"""So many of those who may be asked are shown at once; a search finds the others."""


@require_http_methods(["GET", "HEAD", "POST"])
def assessors(request: HttpRequest, code: str) -> HttpResponse:
    """Show who assesses an application and whom to ask; a post asks somebody."""
    viewer = viewer_of(request)
    application = application_by_code(viewer, code)
    require(viewer, *READ_NAMES, programme=application.call.programme)
    if request.method != "POST":
        return _assessors(request, viewer, application)
    given = {"assessor": request.POST.get("assessor", ""), "due": request.POST.get("due", "")}
    try:
        made = assign_assessor(
            actor=viewer,
            application=code,
            assessor=given["assessor"],
            due=read_day(given["due"], "due"),
            now=timezone.now(),
        )
    except Conflict as already:
        messages.info(request, translate(already.message))
        return redirect("review:assessors", code)
    except (Invalid, Refused) as wrong:
        return _assessors(request, viewer, application, given, wrong)
    messages.success(request, gettext("{name} is asked, and told so.").format(name=made.assessor.name))
    return redirect("review:assessors", code)


def read_day(text: str, field: str) -> date | None:
    """Return the day that was typed, or None where nothing was; raises `Invalid`."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as wrong:
        said = message(gettext_noop("“{value}” is no date. Write one such as 2026-03-31."), value=text[:40])
        fault = Fault("review.day", said, field=field, value=text[:40])
        raise Invalid("review.day", said, faults=[fault]) from wrong


def _assessors(
    request: HttpRequest,
    viewer: Actor,
    application: Application,
    given: Mapping[str, str] | None = None,
    wrong: LionrockError | None = None,
) -> HttpResponse:
    found = list(assignments(viewer, *READ_NAMES).filter(application=application))
    on = local_date(timezone.now(), programme_on_file(application.call.programme).zone)
    text = request.GET.get("q", "").strip().casefold()
    taken = {each.assessor.email for each in found if each.is_open or each.state == "scored"}
    others = [each for each in suggested(application, on) if each.candidate.email not in taken and _fits(each, text)]
    context = {
        "application": application,
        "assignments": found,
        "suggestions": [(each, _named(each.matches, application)) for each in others[:SHOWN]],
        "more": max(len(others) - SHOWN, 0),
        "writable": application.state == ApplicationState.ELIGIBLE
        and viewer.holds(Role.OFFICE, programme=application.call.programme),
        "asked": {"q": request.GET.get("q", "")},
        "given": given or {},
        "wrong": wrong,
        "fault": {fault.field: fault for fault in wrong.faults} if wrong else {},
        "today": on,
    }
    return render(request, "review/assessors.html", context, status=wrong.status if wrong else HTTPStatus.OK)


def _named(words: Iterable[str], application: Application) -> list[Label]:
    """Return the names of words of expertise; one that the form has no more stays as it is."""
    on = application.submitted_at or application.created_at
    known = dict(expertise_in(application.call.programme, on))
    return [known.get(word, message(word)) for word in words]


def _fits(each: Suggestion, text: str) -> bool:
    known = " ".join([each.candidate.name, each.candidate.email, *each.candidate.expertise])
    return text in known.casefold()


@require_POST
def unassign(request: HttpRequest, number: int) -> HttpResponse:
    """Take an assignment back; a form sent twice says so."""
    found = assignment_by_id(viewer_of(request), number)
    try:
        unassign_assessor(actor=viewer_of(request), assignment=number, now=timezone.now())
        messages.success(request, gettext("The assignment is taken back, and the assessor is told."))
    except Conflict as late:
        messages.info(request, translate(late.message))
    return redirect("review:assessors", found.application.code)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Ask why a sheet is given back to its assessor, and give it back."""
    viewer = viewer_of(request)
    found = assignment_by_id(viewer, number)
    require(viewer, Role.OFFICE, programme=found.application.call.programme)
    reason, fault = request.POST.get("reason", ""), None
    if request.method == "POST":
        try:
            reopen_scores(actor=viewer, assignment=number, reason=reason, now=timezone.now())
            messages.success(request, gettext("The sheet is open again, and the assessor is told why."))
            return redirect("review:moderation", found.application.code)
        except Conflict as late:
            messages.info(request, translate(late.message))
            return redirect("review:moderation", found.application.code)
        except Invalid as wrong:
            fault = wrong.faults[0]
    context = {"assignment": found, "application": found.application, "reason": reason, "fault": fault}
    return render(
        request, "review/reopen.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    )


# The programme's assessors ------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest, programme: str) -> HttpResponse:
    """List the assessors of a programme: what they know, how much they have open, when they are away."""
    viewer = viewer_of(request)
    page = page_of(request, roster(viewer, programme))
    names = programme_on_file(programme).names
    known = dict(expertise_in(programme, timezone.now()))
    rows = [(person, [known[word] for word in _words_of(person) if word in known]) for person in page.object_list]
    return render(request, "review/roster.html", {"programme": programme, "names": names, "page": page, "rows": rows})


def _words_of(person: Person) -> list[str]:
    kept = getattr(person, "assessor_profile", None)
    return list(kept.expertise) if kept else []


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Show what is known of one assessor, and keep what is posted."""
    viewer, now = viewer_of(request), timezone.now()
    person = assessor_of(viewer, programme, number)
    kept = getattr(person, "assessor_profile", None)
    given: dict[str, object] = {
        "expertise": kept.expertise if kept else [],
        "organisation": kept.organisation.code if kept and kept.organisation else "",
        "most": "" if kept is None or kept.most is None else str(kept.most),
        "away_until": kept.away_until.isoformat() if kept and kept.away_until else "",
    }
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        posted = {name: request.POST.get(name, "").strip() for name in ("organisation", "most", "away_until")}
        given = {"expertise": request.POST.getlist("expertise"), **posted}
        faults = _described(viewer, person.email, given, now)
        if not faults:
            messages.success(request, gettext("Saved."))
            return redirect("review:roster", programme)
    context = {
        "programme": programme,
        "person": person,
        "words": expertise_in(programme, now),
        "organisations": Organisation.objects.order_by("code"),
        "given": given,
        "faults": faults,
        "fault": {each.field: each for each in faults},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return render(request, "review/profile.html", context, status=status)


def _described(viewer: Actor, email: str, given: Mapping[str, object], now: datetime) -> tuple[Fault, ...]:
    """Keep what was posted about an assessor; return what is wrong with it, and then nothing is kept."""
    faults: list[Fault] = []
    most, away = None, None
    with collecting(faults):
        most = _read_whole(str(given["most"]))
    with collecting(faults):
        away = read_day(str(given["away_until"]), "away_until")
    if faults:
        return tuple(faults)
    words = given["expertise"] if isinstance(given["expertise"], list) else []
    try:
        describe_assessor(
            actor=viewer,
            assessor=email,
            expertise=words,
            organisation=str(given["organisation"]),
            most=most,
            away_until=away,
            now=now,
        )
    except Invalid as wrong:
        return wrong.faults
    except NotFound as unknown:
        return (Fault(unknown.code, unknown.message, field="organisation", value=str(given["organisation"])),)
    return ()


def _read_whole(text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    said = message(gettext_noop("“{value}” is no whole number. Write one, or nothing."), value=text[:40])
    raise Invalid("review.whole", said, faults=[Fault("review.whole", said, field="most", value=text[:40])])
