"""Which programme a page of finance is about."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from lionrock.people.choosing import choose_programme
from lionrock.people.viewer import viewer_of


def choose(request: HttpRequest, page: str, heading: str) -> HttpResponse:
    """Lead to the page of the programme that the viewer works for, or list them where there are several."""
    nothing = gettext("You work for no programme, and so have no fund to see.")
    return choose_programme(request, viewer_of(request).programmes(), page=page, heading=heading, nothing=nothing)
