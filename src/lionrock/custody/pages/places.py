"""The places where data may lie: their zones, and saying them."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.custody.actions import set_place
from lionrock.custody.pages.filling import in_words, zone_choices
from lionrock.custody.queries.placing import places_seen, zones_of_places
from lionrock.custody.rulebook import zones_now
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programmes_on_file
from lionrock.people.viewer import viewer_of
from lionrock.sites.models import Site
from lionrock.web.filling import Box, filled, typed_in
from lionrock.web.filling import in_words as worded


@require_http_methods(["GET", "HEAD", "POST"])
def places_page(request: HttpRequest) -> HttpResponse:
    """List the places with their zones, for who works for a programme; compliance says them here."""
    viewer = viewer_of(request)
    if not viewer.operator and not viewer.programmes():
        said = message(gettext_noop("Only who works for a programme sees its places."))
        raise NotAllowed("custody.places.hidden", said)
    boxes = _boxes(viewer)
    if request.method != "POST":
        return _page(request, viewer, boxes)
    typed = typed_in(boxes, request.POST)
    try:
        _set(viewer, typed)
    except Invalid as wrong:
        named = worded(wrong, boxes)
        return _page(request, viewer, filled(boxes, typed, named.faults), named)
    except Conflict as taken:
        return _page(request, viewer, filled(boxes, typed), taken)
    messages.success(request, gettext("It is kept."))
    return redirect("custody_places:list")


def _set(viewer: Actor, typed: Mapping[str, str]) -> None:
    set_place(
        actor=viewer,
        programme=typed["programme"],
        code=typed["code"],
        name=typed["name"],
        zone=typed["zone"],
        partner=typed["partner"] == "yes",
        abroad=typed["abroad"] == "yes",
        why=typed["why"],
        now=timezone.now(),
    )


def _boxes(viewer: Actor) -> list[Box]:
    held = viewer.programmes(Role.COMPLIANCE)
    own = [(name, in_words(each.names)) for name, each in programmes_on_file().items() if name in held]
    zones, yes_no = zone_choices(), [("no", gettext("No")), ("yes", gettext("Yes"))]
    return [
        Box("programme", gettext("Programme"), kind="select", choices=own),
        Box("code", gettext("Code"), help=gettext("That of a site, or of another place such as a vault.")),
        Box("name", gettext("Name"), required=False, help=gettext("A site goes by its own.")),
        Box("zone", gettext("Zone"), kind="select", choices=zones),
        Box("partner", gettext("Does a partner run it?"), kind="choice", choices=yes_no, value="no"),
        Box("abroad", gettext("Does it lie across the border?"), kind="choice", choices=yes_no, value="no"),
        Box("why", gettext("Why, and who said so"), kind="area", longest=2000),
    ]


def _page(request: HttpRequest, viewer: Actor, boxes: list[Box], wrong: LionrockError | None = None) -> HttpResponse:
    rows = list(places_seen(viewer))
    known, zones = zones_of_places(rows), zones_now()
    sites = Site.objects.filter(place__isnull=True)
    seen = sites if viewer.operator else sites.filter(programme__in=viewer.programmes())
    context = {
        "rows": [(row, known[row.code], zones[known[row.code].zone].names) for row in rows],
        "unsaid": list(seen),
        "zones": list(zones.values()),
        "complies": bool(viewer.programmes(Role.COMPLIANCE)),
        "boxes": boxes,
        "wrong": wrong,
    }
    return render(request, "custody/places.html", context, status=wrong.status if wrong else 200)
