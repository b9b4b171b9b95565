"""The page of idle awards: which lag behind their pace, since when, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.kernel.quantities import device_hours
from lionrock.people.viewer import viewer_of
from lionrock.usage.exports import decimal_share, idle_sheet
from lionrock.usage.pages.asking import device_name, file_links, file_of, shown
from lionrock.usage.queries.idle import Idle, idle_awards

PARTS: Final = {"25": Fraction(1, 4), "50": Fraction(1, 2), "75": Fraction(3, 4), "100": Fraction(1)}


@dataclass(frozen=True, slots=True)
class Row:
    """An idle award as it is shown."""

    of: Idle
    device: str
    used: Decimal
    planned: Decimal
    share: Decimal | None
    of_quota: Decimal | None
    is_address: bool


@require_safe
def idle(request: HttpRequest) -> HttpResponse:
    """List the awards in force that use less than a part of their pace."""
    part = _part(request)
    found = idle_awards(viewer_of(request), timezone.now(), PARTS[part])
    files = file_links("usage_idle:file", request, ("part",))
    context = {
        **shown(found.period, found.counted.end),
        "rows": [_row(each) for each in found.rows],
        "parts": list(PARTS),
        "part": part,
        "files": files,
    }
    return render(request, "usage/idle.html", context)


@require_safe
def idle_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Hand the list out."""
    found = idle_awards(viewer_of(request), timezone.now(), PARTS[_part(request)])
    return file_of(idle_sheet(found), ending)


def _part(request: HttpRequest) -> str:
    part = request.GET.get("part", "50")
    return part if part in PARTS else "50"


def _row(each: Idle) -> Row:
    return Row(
        of=each,
        device=device_name(each.device),
        used=device_hours(each.used),
        planned=device_hours(each.planned),
        share=decimal_share(each.share),
        of_quota=decimal_share(each.of_quota),
        is_address="@" in each.contact and " " not in each.contact,
    )
