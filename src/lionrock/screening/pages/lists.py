"""The lists with their versions, and what is different between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lionrock.people.programmes import house_zone
from lionrock.people.viewer import viewer_of
from lionrock.screening.models import ListedEntry
from lionrock.screening.queries.lists import difference, version_of, versions
from lionrock.web.listing import page_of

_MOST_ROWS: Final = 500
"""So many entries of one kind are shown; the command hands out all of them."""


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """List the versions of all lists."""
    context = {"page": page_of(request, versions(viewer_of(request))), "zone": house_zone()}
    return render(request, "screening/lists.html", context)


@require_safe
def difference_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what a version has, or has no more, beside the one before."""
    viewer = viewer_of(request)
    later = version_of(viewer, code, number)
    found = difference(version_of(viewer, code, max(1, number - 1)), later)
    parts = [
        ("added", len(found.added), _names(found.added)),
        ("removed", len(found.removed), _names(found.removed)),
        ("changed", len(found.changed), _names([after for _, after in found.changed])),
    ]
    context = {"version": later, "first": number == 1, "parts": parts, "most": _MOST_ROWS, "zone": house_zone()}
    return render(request, "screening/difference.html", context)


def _names(entries: Sequence[ListedEntry]) -> list[tuple[str, str]]:
    return [(entry.content["name"], entry.content["source"]) for entry in entries[:_MOST_ROWS]]
