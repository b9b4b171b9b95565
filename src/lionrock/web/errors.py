"""Errors of the product as pages."""

from __future__ import annotations

from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from lionrock.kernel.errors import (
    Broken,
    Conflict,
    Invalid,
    LionrockError,
    NotAllowed,
    NotFound,
    Refused,
    Unavailable,
)
from lionrock.kernel.messages import gettext_noop
from lionrock.web.sentences import translate

_TITLES = MappingProxyType(
    {
        Invalid: gettext_noop("Something in this needs correcting"),
        Refused: gettext_noop("A rule of the programme says no"),
        NotAllowed: gettext_noop("This is not yours to do"),
        NotFound: gettext_noop("There is nothing here for you"),
        Conflict: gettext_noop("This cannot be done now"),
        Unavailable: gettext_noop("Something we depend on does not answer"),
        Broken: gettext_noop("Lionrock found a fault in itself"),
    }
)
_NEXT = MappingProxyType(
    {
        Invalid: gettext_noop("Correct what is named here and send it again. Nothing was changed."),
        Refused: gettext_noop("Read which rule it was. Nothing was changed."),
        NotAllowed: gettext_noop("Sign in as somebody who may, or ask the programme's office."),
        NotFound: gettext_noop("Check the address. If somebody sent it to you, you may not be meant to see it."),
        Conflict: gettext_noop("Load the page again to see how things stand now, then decide."),
        Unavailable: gettext_noop("Wait a minute and try again. If it stays so, tell the people who run this site."),
        Broken: gettext_noop("Tell the people who run this site, with the code below. Nothing was changed."),
    }
)


def title_of(error: LionrockError) -> str:
    """Return the heading for an error of its kind, to be translated."""
    return next((title for kind, title in _TITLES.items() if isinstance(error, kind)), _TITLES[Broken])


def error_page(request: HttpRequest, error: LionrockError) -> HttpResponse:
    """Return the page of an error, with its status and its code."""
    kind = type(error)
    context = {
        "title": gettext(title_of(error)),
        "sentence": translate(error.message),
        "next_step": gettext(_NEXT.get(kind, _NEXT[Broken])),
        "code": error.code,
        "faults": error.faults,
        "findings": error.findings,
    }
    return render(request, "web/error.html", context, status=error.status)
