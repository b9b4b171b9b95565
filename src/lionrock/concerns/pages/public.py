"""Raising a concern and following it up, without an account; nothing of who asks is kept but for an hour's counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lionrock.concerns.actions import follow_up, raise_concern, write_again
from lionrock.concerns.actions.raising import LONGEST, Raised
from lionrock.concerns.models import Concern
from lionrock.concerns.pages.naming import in_words, kind_names
from lionrock.concerns.rulebook import rules_now
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotFound
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file, programmes_on_file
from lionrock.people.sources import source_of
from lionrock.web.filling import Box, filled, typed_in
from lionrock.web.filling import in_words as worded


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def raise_page(request: HttpRequest) -> HttpResponse:
    """Take a concern in; its number and secret code are shown once, and not kept."""
    boxes = _boxes(request)
    if request.method != "POST":
        return render(request, "concerns/raise.html", {"boxes": boxes})
    typed = typed_in(boxes, request.POST)
    try:
        made, secret = raise_concern(
            sender=_sender(request, typed), source=source_of(request), raised=_raised(typed), now=timezone.now()
        )
    except Invalid as wrong:
        return _again(request, "raise", boxes, typed, worded(wrong, boxes))
    except Conflict as wrong:
        return _again(request, "raise", boxes, typed, wrong)
    return render(request, "concerns/raised.html", {"code": made.code, "secret": secret})


def _sender(request: HttpRequest, typed: Mapping[str, str]) -> str:
    return request.user.email if typed.get("named") == "yes" and isinstance(request.user, Person) else ""


def _raised(typed: Mapping[str, str]) -> Raised:
    return Raised(**{name: typed[name] for name in Raised.__slots__})


def _boxes(request: HttpRequest) -> list[Box]:
    programmes = [(name, in_words(each.names)) for name, each in programmes_on_file().items()]
    kinds = [(kind.id, in_words(kind.names)) for kind in rules_now().kinds.values()]
    boxes = [
        Box("programme", gettext("Which programme it is about"), kind="select", choices=programmes),
        Box("kind", gettext("What it is about"), kind="choice", choices=kinds),
        Box("title", gettext("In one line")),
        Box("said", gettext("What happened, when, and how you know"), kind="area", longest=LONGEST),
        Box(
            "about",
            gettext("E-mail address of whom it is about"),
            required=False,
            help=gettext("They never see it, not even when they work for the compliance office."),
            longest=254,
        ),
        Box("award", gettext("Number of the award, if you know it"), required=False, help="AW-2026-0007"),
    ]
    if isinstance(request.user, Person):
        named = [("no", gettext("Do not keep who I am")), ("yes", gettext("Keep my name; only compliance sees it"))]
        boxes.append(Box("named", gettext("You are signed in"), kind="choice", choices=named, value="no"))
    return boxes


def _again(
    request: HttpRequest, page: str, boxes: Sequence[Box], typed: Mapping[str, str], wrong: LionrockError
) -> HttpResponse:
    context = {"boxes": filled(boxes, typed, wrong.faults), "wrong": wrong}
    return render(request, f"concerns/{page}.html", context, status=wrong.status)


@login_not_required
@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show a sender how their concern stands, and take what they have to add."""
    boxes = [
        Box("code", gettext("Case number"), help="CN-2026-0001", longest=32),
        Box("secret", gettext("Secret code"), longest=40, autocomplete="off"),
    ]
    if request.method != "POST":
        return render(request, "concerns/follow.html", {"boxes": boxes})
    typed, now = typed_in(boxes, request.POST), timezone.now()
    adds = _adding()
    try:
        found = follow_up(code=typed["code"], secret=typed["secret"], source=source_of(request), now=now)
    except (NotFound, Conflict) as wrong:
        return _again(request, "follow", boxes, typed, wrong)
    if "add" not in request.POST:
        return _stands(request, found, typed, adds)
    said = typed_in(adds, request.POST)
    try:
        write_again(concern=found, said=said["said"], now=now)
    except Invalid as wrong:
        return _stands(request, found, typed, filled(adds, said, wrong.faults), worded(wrong, adds))
    return _stands(request, found, typed, adds)


def _adding() -> list[Box]:
    return [Box("said", gettext("What you have to add"), kind="area", longest=LONGEST)]


def _stands(
    request: HttpRequest, found: Concern, typed: Mapping[str, str], boxes: Sequence[Box], wrong: Invalid | None = None
) -> HttpResponse:
    context = {
        "concern": found,
        "kind": kind_names(found),
        "state": f"concern_{found.state}",
        "notes": found.notes.filter(shown=True),
        "aside": found.steps.filter(verb="set_aside").last() if found.state == "set_aside" else None,
        "typed": typed,
        "boxes": boxes,
        "wrong": wrong,
        "zone": programme_on_file(found.programme).zone,
    }
    return render(request, "concerns/stands.html", context, status=wrong.status if wrong else 200)
