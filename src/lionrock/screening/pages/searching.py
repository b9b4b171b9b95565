"""Looking a name up in all lists."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.kernel.errors import Conflict, Invalid, LionrockError
from lionrock.people.viewer import viewer_of
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import Party
from lionrock.screening.pages.showing import shown
from lionrock.screening.policies import require_sight
from lionrock.screening.queries.searching import Found, search
from lionrock.web.filling import Box, filled, typed_in


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show the boxes, and what the name in them matches; nothing of it is kept."""
    viewer, boxes = viewer_of(request), _boxes()
    require_sight(viewer)
    typed = typed_in(boxes, request.GET)
    found: Found | None = None
    wrong: LionrockError | None = None
    if any(request.GET.get(box.name) for box in boxes):
        try:
            found = search(viewer, _party(typed), timezone.now())
        except (Invalid, Conflict) as refused:
            wrong = refused
    rows = [_row(found, number) for number in range(len(found.matches))] if found else []
    context = {
        "boxes": filled(boxes, typed, wrong.faults if wrong else ()),
        "found": found,
        "rows": rows,
        "reads": found.thresholds.reads() if found else (),
        "wrong": wrong,
    }
    return render(request, "screening/search.html", context, status=wrong.status if wrong else 200)


def _row(found: Found, number: int) -> object:
    match = found.matches[number]
    return shown(match.as_json(), match.entry.content(), found.strength_of(match).value)


def _party(typed: Mapping[str, str]) -> Party:
    kind = typed["kind"] if typed["kind"] in (Kind.PERSON.value, Kind.ORGANISATION.value) else Kind.ANY.value
    return Party(
        names=(typed["name"],) if typed["name"] else (),
        kind=Kind(kind),
        countries=frozenset([typed["country"].upper()] if typed["country"] else []),
        identifiers=frozenset([typed["identifier"]] if typed["identifier"] else []),
    )


def _boxes() -> list[Box]:
    kinds = [
        (Kind.ANY.value, gettext("Either")),
        (Kind.PERSON.value, gettext("Person")),
        (Kind.ORGANISATION.value, gettext("Organisation")),
    ]
    return [
        Box("name", gettext("Name, in Latin letters or Chinese characters"), longest=400),
        Box("kind", gettext("Who is looked for"), kind="select", choices=kinds, value=Kind.ANY.value),
        Box("country", gettext("Country, by its two letters"), required=False, longest=2),
        Box("identifier", gettext("Number in a register"), required=False, longest=60),
    ]
