"""Where one is signed in, and ending it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from lionrock.identity.actions import end_other_sessions, end_session
from lionrock.identity.actions.entering import MOST_SESSIONS
from lionrock.identity.queries import entries_of, sessions_of
from lionrock.identity.signing import limits, sign_in_of
from lionrock.kernel.errors import NotFound
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import person_of


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List where one is signed in, this browser among them."""
    person, found = person_of(request), limits()
    context = {
        "sessions": sessions_of(person, timezone.now()),
        "entries": list(entries_of(person)),
        "here": _here(request),
        "zone": house_zone(),
        "hours": int(found.absolute.total_seconds() // 3600),
        "minutes": int(found.idle.total_seconds() // 60),
        "most": MOST_SESSIONS,
        "days": settings.LIONROCK_SIGN_IN_DAYS,
    }
    return render(request, "identity/sessions.html", context)


@require_POST
def end(request: HttpRequest, handle: str) -> HttpResponse:
    """End one of them; ended twice, it has ended."""
    try:
        end_session(person=person_of(request), handle=handle, now=timezone.now())
    except NotFound:
        messages.info(request, gettext("This sign-in is over already."))
    else:
        messages.success(request, gettext("That sign-in has ended."))
    return redirect("identity:sessions")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all but this one."""
    ended = end_other_sessions(person=person_of(request), but=_here(request), now=timezone.now())
    said = ngettext("{count} other sign-in has ended.", "{count} other sign-ins have ended.", ended)
    messages.success(request, said.format(count=ended))
    return redirect("identity:sessions")


def _here(request: HttpRequest) -> str:
    signed_in = sign_in_of(request)
    return signed_in.handle if signed_in else ""
