"""The list of applications, and the beginning of a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.applications.actions import draft_application
from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.pages.steps import next_step
from lionrock.applications.queries import KEPT_LONG, applications
from lionrock.calls.domain import CallState, takes_applications
from lionrock.calls.models import Call
from lionrock.calls.queries import calls
from lionrock.kernel.messages import Message
from lionrock.people.domain import Actor
from lionrock.people.models import Organisation
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.shape import Names
from lionrock.web.listing import page_of

SEARCHED = (
    "code",
    "title",
    "title_zh_hant",
    "title_zh_hans",
    "organisation__code",
    "organisation__name",
    "organisation__name_zh_hant",
    "organisation__name_zh_hans",
)


@dataclass(frozen=True, slots=True)
class Row:
    """An application in the list, what comes next for it, and the zone of its programme's dates."""

    application: Application
    step: Message
    zone: ZoneInfo


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the applications that the viewer may see, those with the latest change of state first."""
    viewer, now = viewer_of(request), timezone.now()
    found = _asked_for(applications(viewer), request)
    page = page_of(
        request, found.select_related("organisation", "call").defer(*KEPT_LONG).order_by("-state_since", "-code")
    )
    context = {
        "page": page,
        "rows": _rows(page.object_list),
        "states": [state.value for state in ApplicationState],
        "asked": {"q": request.GET.get("q", ""), "state": request.GET.get("state", "")},
        "may_apply": bool(viewer.organisations() and open_calls(viewer, now)),
    }
    return render(request, "applications/index.html", context)


def _rows(shown: Iterable[Application]) -> list[Row]:
    listed = list(shown)
    zones = {programme: programme_on_file(programme).zone for programme in {each.call.programme for each in listed}}
    return [Row(each, next_step(each.state), zones[each.call.programme]) for each in listed]


def _asked_for(found: QuerySet[Application], request: HttpRequest) -> QuerySet[Application]:
    state, text = request.GET.get("state", ""), request.GET.get("q", "").replace("\0", "").strip()
    if state in list(ApplicationState):
        found = found.filter(state=state)
    if not text:
        return found
    wanted = Q()
    for field in SEARCHED:
        wanted |= Q(**{f"{field}__icontains": text})
    return found.filter(wanted)


def open_calls(viewer: Actor, now: datetime) -> list[Call]:
    """Return the calls that take applications at `now`, those that close first in front."""
    found = calls(viewer).filter(state=CallState.OPEN.value, opens__lte=now)
    open_now = [call for call in found if takes_applications(CallState(call.state), call.opens, call.closes, now)]
    return sorted(open_now, key=lambda call: (call.closes is None, call.closes or now, call.code))


@dataclass(frozen=True, slots=True)
class Offer:
    """A call that takes applications, the name of its programme, and the zone of its dates."""

    call: Call
    programme: Names
    zone: ZoneInfo


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin an application of one of the viewer's organisations to one of the calls that are open."""
    viewer, now = viewer_of(request), timezone.now()
    offered = open_calls(viewer, now)
    places = list(Organisation.objects.filter(code__in=viewer.organisations()).order_by("name"))
    if request.method != "POST":
        return render(request, "applications/new.html", _choices(request, offered, places))
    call = next((each for each in offered if each.code == request.POST.get("call")), None)
    place = next((each for each in places if each.code == request.POST.get("organisation")), None)
    if call is None or place is None:
        wrong = {"call_missing": call is None, "organisation_missing": place is None}
        return render(request, "applications/new.html", _choices(request, offered, places) | wrong, status=422)
    token = _token(request.POST.get("token", ""))
    twice = Application.objects.filter(token=token, organisation=place).exists()
    made = draft_application(actor=viewer, call=call.code, organisation=place.code, now=now, token=token)
    if twice:
        messages.info(request, gettext("The form was sent twice, and this application was begun once."))
    return redirect("applications:begin", made.code)


def _token(posted: str) -> UUID:
    try:
        return UUID(posted)
    except ValueError:
        return uuid4()


def _choices(request: HttpRequest, offered: list[Call], places: list[Organisation]) -> dict[str, object]:
    asked = request.POST or request.GET
    rules = {call.programme: programme_on_file(call.programme) for call in offered}
    return {
        "offers": [Offer(call, rules[call.programme].names, rules[call.programme].zone) for call in offered],
        "organisations": places,
        "call": asked.get("call", offered[0].code if len(offered) == 1 else ""),
        "organisation": asked.get("organisation", places[0].code if len(places) == 1 else ""),
        "token": _token(asked.get("token", "")),
    }
