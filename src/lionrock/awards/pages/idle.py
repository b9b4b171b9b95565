"""Bought power that is not used: metered awards in force that lag behind their time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.awards.models import Award
from lionrock.awards.pages.variations import device_hours
from lionrock.awards.queries import little_used
from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.viewer import viewer_of

PARTS: Final = {"25": Fraction(1, 4), "50": Fraction(1, 2), "75": Fraction(3, 4)}
"""The parts of the planned use, in per cent, below which an award is listed."""


@dataclass(frozen=True, slots=True)
class Row:
    """An award with the device-hours planned so far and used."""

    award: Award
    planned: Decimal
    used: Decimal


@require_safe
def idle(request: HttpRequest) -> HttpResponse:
    """List the awards that use little of their time, for those who work for a programme."""
    viewer, part = viewer_of(request), request.GET.get("part", "50")
    if not viewer.operator and not viewer.programmes():
        said = gettext_noop("What awards leave unused is for those who work for a programme.")
        raise NotAllowed("awards.idle.staff", message(said))
    part = part if part in PARTS else "50"
    found = little_used(viewer, timezone.now(), PARTS[part])
    rows = [Row(award, device_hours(use.planned), device_hours(use.used)) for award, use in found]
    return render(request, "awards/idle.html", {"rows": rows, "parts": list(PARTS), "part": part})
