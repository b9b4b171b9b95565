"""A link by which somebody who has forgotten the password chooses another."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.identity.actions import ask_reset, take_up_reset
from lionrock.identity.resetting import reset_of
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotFound
from lionrock.people.pages.boxes import email_box, password_box
from lionrock.people.sources import source_of
from lionrock.web.filling import filled, in_words, tried, typed_in


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for the link; the answer is the same whether or not the address is on file."""
    boxes = [email_box(gettext("E-mail address"), autocomplete="username")]
    if request.method != "POST":
        return render(request, "identity/reset.html", {"boxes": boxes})
    language, source = get_language() or settings.LANGUAGE_CODE, source_of(request)
    found = tried(
        boxes,
        request.POST,
        lambda typed: ask_reset(email=typed["email"], source=source, language=language, now=timezone.now()),
    )
    if found.wrong is None:
        return redirect("identity:reset_sent")
    context = {"boxes": found.boxes, "wrong": found.wrong}
    return render(request, "identity/reset.html", context, status=found.wrong.status)


@login_not_required
@require_safe
def reset_sent(request: HttpRequest) -> HttpResponse:
    """Say that a link is on its way, if one is."""
    return render(request, "identity/reset_sent.html", {"mail": settings.LIONROCK_MAIL})


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables("typed")
@require_http_methods(["GET", "HEAD", "POST"])
def reset_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Choose another password; looking at the link uses nothing up."""
    now, boxes = timezone.now(), [password_box(gettext("New password"))]
    wrong: LionrockError | None = None
    try:
        _row, person = reset_of(token, now)
        if request.method == "POST":
            typed = typed_in(boxes, request.POST)
            take_up_reset(token=token, now=now, password=typed["password"])
            messages.success(request, gettext("Your password is changed. Sign in with it; all other sign-ins ended."))
            return redirect("people:sign_in")
    except Invalid as refused:
        wrong = in_words(refused, boxes)
        boxes = filled(boxes, {}, wrong.faults)
    except (NotFound, Conflict) as over:
        return render(request, "people/no_link.html", {"wrong": over}, status=over.status)
    context = {"person": person, "boxes": boxes, "wrong": wrong}
    return render(request, "identity/choose.html", context, status=wrong.status if wrong else 200)
