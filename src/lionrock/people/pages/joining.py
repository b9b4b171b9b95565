"""Signing up, for somebody without an account: the form, and the link that proves the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotFound
from lionrock.people.actions import ask_to_join, take_up_joining
from lionrock.people.actions.joining import Newcomer
from lionrock.people.domain import LINK_COUNTS_FOR
from lionrock.people.joining import joining_of, on_file
from lionrock.people.models import Joining
from lionrock.people.pages.boxes import email_box, language_box, name_box, organisation_boxes, password_box
from lionrock.people.sources import source_of
from lionrock.web.filling import Box, filled, in_words, typed_in

HOURS = LINK_COUNTS_FOR.total_seconds() // 3600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Ask for name, address and organisation; the answer is the same whether or not the address is on file."""
    if request.user.is_authenticated:
        return redirect("people:account")
    boxes = [name_box(), email_box(gettext("E-mail address")), *organisation_boxes(), language_box()]
    if request.method != "POST":
        return render(request, "people/join.html", {"boxes": boxes})
    typed = typed_in(boxes, request.POST)
    try:
        newcomer = Newcomer(**typed | {"language": _known(typed["language"])})
        ask_to_join(newcomer=newcomer, source=source_of(request), now=timezone.now())
    except Invalid as wrong:
        return _asked_again(request, boxes, typed, in_words(wrong, boxes))
    except Conflict as wrong:
        return _asked_again(request, boxes, typed, wrong)
    return redirect("people:joined")


def _asked_again(
    request: HttpRequest, boxes: Sequence[Box], typed: Mapping[str, str], wrong: LionrockError
) -> HttpResponse:
    context = {"boxes": filled(boxes, typed, wrong.faults), "wrong": wrong}
    return render(request, "people/join.html", context, status=wrong.status)


def _known(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@login_not_required
@require_safe
def joined(request: HttpRequest) -> HttpResponse:
    """Say that a link is on its way, if one is."""
    return render(request, "people/joined.html", {"mail": settings.LIONROCK_MAIL, "hours": int(HOURS)})


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables("typed")
@require_http_methods(["GET", "HEAD", "POST"])
def join_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is for; take it up when that is confirmed. Looking at the link uses nothing up."""
    now = timezone.now()
    try:
        joining = joining_of(token, now)
    except (NotFound, Conflict) as wrong:
        return _no_link(request, wrong)
    person = on_file(joining)
    if person is not None and joining.organisation is None:
        return render(request, "people/known.html", {"joining": joining})
    boxes = [] if person else [name_box(joining.name), password_box(gettext("Choose a password"))]
    if request.method != "POST":
        return _confirm(request, joining, boxes)
    typed = typed_in(boxes, request.POST)
    try:
        take_up_joining(token=token, now=now, **typed)
    except Invalid as wrong:
        told = in_words(wrong, boxes)
        return _confirm(request, joining, filled(boxes, typed, told.faults), told)
    except Conflict as wrong:
        return _no_link(request, wrong)
    messages.success(request, gettext("Your address is confirmed. Sign in with it and your password."))
    return redirect("people:sign_in")


def _confirm(
    request: HttpRequest, joining: Joining, boxes: list[Box], wrong: LionrockError | None = None
) -> HttpResponse:
    context = {"joining": joining, "boxes": boxes, "wrong": wrong}
    return render(request, "people/confirm.html", context, status=wrong.status if wrong else 200)


def _no_link(request: HttpRequest, wrong: LionrockError) -> HttpResponse:
    return render(request, "people/no_link.html", {"wrong": wrong}, status=wrong.status)
