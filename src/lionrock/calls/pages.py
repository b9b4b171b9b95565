"""Calls in the portal, for those who work for a programme: listed, prepared, opened, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.calls.actions import close_call, create_call, open_call
from lionrock.calls.domain import TRANSITIONS, CallState, opening, takes_applications
from lionrock.calls.models import Call
from lionrock.calls.queries import call_by_code, calls
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, Refused, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date, local_instant
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.programme import Programme
from lionrock.web.filling import Box, filled, typed_in
from lionrock.web.listing import page_of
from lionrock.web.sentences import translate

TITLES: Final = ("title", "title_zh_hant", "title_zh_hans")


@require_safe
def of_programme(request: HttpRequest, programme: str) -> HttpResponse:
    """List the calls of a programme, the latest first."""
    viewer = viewer_of(request)
    rules = _programme_for(viewer, programme)
    page = page_of(request, calls(viewer).filter(programme=programme).order_by("-opens", "-code"))
    context = {
        "programme": rules,
        "page": page,
        "rows": [(call, _budget(call), _takes(call, timezone.now())) for call in page.object_list],
        "office": viewer.holds(Role.OFFICE, programme=programme),
    }
    return render(request, "calls/index.html", context)


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show one call: its window, its budget, and what keeps it shut."""
    viewer = viewer_of(request)
    return render(request, "calls/call.html", _context(viewer, _call_for(viewer, code), timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, programme: str) -> HttpResponse:
    """Prepare a call; the same form twice prepares one."""
    viewer, now = viewer_of(request), timezone.now()
    rules = _programme_for(viewer, programme)
    require(viewer, Role.OFFICE, programme=programme)
    boxes = _boxes(rules)
    if request.method != "POST":
        return render(request, "calls/new.html", {"programme": rules, "boxes": boxes})
    typed = typed_in(boxes, request.POST)
    try:
        made, is_new = _prepare(viewer, rules, typed, now)
    except Invalid as wrong:
        context = {"programme": rules, "boxes": filled(boxes, typed, wrong.faults), "wrong": wrong}
        return render(request, "calls/new.html", context, status=wrong.status)
    said = gettext("{call} is prepared.") if is_new else gettext("{call} was prepared already. Nothing was made twice.")
    messages.success(request, said.format(call=made.code))
    return redirect("calls:show", made.code)


@require_POST
def open_(request: HttpRequest, code: str) -> HttpResponse:
    """Open a call; what is not set is shown with the call."""
    return _move(request, code, open_call, gettext_noop("{call} is open."))


@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a call."""
    return _move(request, code, close_call, gettext_noop("{call} is closed."))


def _move(request: HttpRequest, code: str, act: Callable[..., Call], done: str) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    found = _call_for(viewer, code)
    try:
        act(actor=viewer, call=code, now=now)
    except Refused as refusal:
        context = _context(viewer, found, now) | {"refusal": refusal}
        return render(request, "calls/call.html", context, status=refusal.status)
    except Conflict as late:
        messages.warning(request, translate(late.message))
        return redirect("calls:show", code)
    messages.success(request, gettext(done).format(call=code))
    return redirect("calls:show", code)


def _programme_for(viewer: Actor, programme: str) -> Programme:
    found = programme_on_file(programme)
    if not viewer.sees_programme(programme):
        template = gettext_noop("There are no calls of {programme} for you to look after.")
        raise NotFound("calls.programme.unknown", message(template, programme=programme))
    return found


def _call_for(viewer: Actor, code: str) -> Call:
    found = call_by_code(viewer, code)
    _programme_for(viewer, found.programme)
    return found


def _context(viewer: Actor, call: Call, now: datetime) -> dict[str, object]:
    rules = programme_on_file(call.programme)
    office = viewer.holds(Role.OFFICE, programme=call.programme)
    state = CallState(call.state)
    return {
        "call": call,
        "programme": rules,
        "zone": rules.zone,
        "budget": _budget(call),
        "takes": _takes(call, now),
        "not_open_yet": call.opens > now,
        "missing": opening(rules.at(local_date(now, rules.zone))) if state is CallState.DRAFT else (),
        "may_open": office and (state, "open") in TRANSITIONS,
        "may_close": office and (state, "close") in TRANSITIONS,
    }


def _budget(call: Call) -> Money | None:
    return None if call.budget_minor is None else Money(call.budget_minor, call.currency)


def _takes(call: Call, now: datetime) -> bool:
    return takes_applications(CallState(call.state), call.opens, call.closes, now)


def _boxes(rules: Programme) -> list[Box]:
    zone = gettext("Date and time in {zone}.").format(zone=rules.zone.key)
    return [
        Box("title", gettext("Title")),
        Box("title_zh_hant", gettext("Title in Traditional Chinese"), lang="zh-Hant", required=False),
        Box("title_zh_hans", gettext("Title in Simplified Chinese"), lang="zh-Hans", required=False),
        Box("opens", gettext("Opens"), "datetime-local", zone),
        Box("closes", gettext("Closes"), "datetime-local", gettext("Empty: it stays open."), required=False),
        Box(
            "budget",
            gettext("Budget in {currency}").format(currency=rules.currency),
            help=gettext("What its awards may commit together, such as 1000000.00. Empty: only the fund is the limit."),
            required=False,
            longest=30,
        ),
    ]


def _prepare(viewer: Actor, rules: Programme, typed: Mapping[str, str], now: datetime) -> tuple[Call, bool]:
    """Prepare the call that was typed, or find the one that an earlier copy of the form prepared.

    Raises `Invalid` with every fault of what was typed.
    """
    opens, closes, budget = _read(rules, typed)
    titles = {name: typed[name] for name in TITLES}
    with transaction.atomic():
        made = create_call(
            actor=viewer, programme=rules.id, opens=opens, closes=closes, budget=budget, now=now, **titles
        )
        same = {"opens": opens, "closes": closes, "budget_minor": made.budget_minor, **titles}
        twins = Call.objects.filter(programme=rules.id, **same).exclude(pk=made.pk)
        twin = twins.first()
        if twin is not None:
            transaction.set_rollback(True)
    return (twin, False) if twin else (made, True)


def _read(rules: Programme, typed: Mapping[str, str]) -> tuple[datetime, datetime | None, Money | None]:
    """Read what is no text; raises one `Invalid` with the faults of all, an empty title among them."""
    faults: list[Fault] = []
    opens: datetime | None = None
    closes: datetime | None = None
    budget: Money | None = None
    with collecting(faults):
        opens = _instant(typed["opens"], "opens", rules.zone)
    with collecting(faults):
        closes = _instant(typed["closes"], "closes", rules.zone) if typed["closes"] else None
    if opens is not None and closes is not None and closes <= opens:
        faults.append(_ends_too_early(typed))
    with collecting(faults):
        budget = Money.parse(typed["budget"], rules.currency, field="budget") if typed["budget"] else None
    if faults or opens is None:
        raise Invalid(
            "calls.form", message(gettext_noop("This call cannot be prepared yet.")), faults=_all(faults, typed)
        )
    return opens, closes, budget


def _ends_too_early(typed: Mapping[str, str]) -> Fault:
    """Say it in the hours that were typed; the action would say it in UTC."""
    template = gettext_noop("It would close at {value}, not after it opens at {opens}. Choose a later end.")
    said = message(template, value=typed["closes"].replace("T", " "), opens=typed["opens"].replace("T", " "))
    return Fault("calls.window", said, field="closes", value=typed["closes"])


def _all(faults: Sequence[Fault], typed: Mapping[str, str]) -> list[Fault]:
    if typed["title"]:
        return list(faults)
    said = message(gettext_noop("The {field} is empty. Write one."), field="title")
    return [Fault("kernel.texts.empty", said, field="title", value=""), *faults]


def _instant(text: str, field: str, zone: ZoneInfo) -> datetime:
    """Read a local date and time as a form sends it; raises `Invalid`."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None or not 2000 <= local.year <= 2199:
        template = gettext_noop("“{value}” is no date and time. Write them such as 2026-10-01T09:00.")
        said = message(template, value=text)
        raise Invalid("calls.form.instant", said, faults=[Fault("calls.form.instant", said, field=field, value=text)])
    return local_instant(local, zone)
