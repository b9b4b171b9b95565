"""What the pages of use share: the period asked for, files of their tables, words for devices and spans."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.programmes import house_zone
from lionrock.usage.domain.periods import Period, read_period
from lionrock.usage.exports import Sheet
from lionrock.web.spreadsheets import to_csv

ENDINGS: Final = ("csv", "json")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def period_of(request: HttpRequest, now: datetime) -> Period:
    """Return the period that a page is asked for; raises `Invalid`."""
    return read_period(request.GET.get("from", ""), request.GET.get("to", ""), now, house_zone())


def shown(period: Period, until: datetime) -> dict[str, object]:
    """Return what every page says of its period."""
    return {
        "period": period,
        "until": until,
        "is_open": until < period.span.end,
        "zone": period.zone,
        "after": period.last + timedelta(days=1),
    }


def file_links(route: str, request: HttpRequest, asked: Sequence[str]) -> list[tuple[str, str]]:
    """Return the addresses under which a table is handed out, as it is asked for on the page."""
    query = urlencode({name: request.GET.get(name, "") for name in asked})
    return [(ending.upper(), f"{reverse(route, args=[ending])}?{query}") for ending in ENDINGS]


def file_of(given: Sheet, ending: str) -> HttpResponse:
    """Hand a table out as CSV or JSON; raises `NotFound` for any other ending."""
    headers = {
        "Content-Disposition": f'attachment; filename="{given.name}.{ending}"',
        "Cache-Control": "private, no-store",
    }
    if ending == "csv":
        return HttpResponse(to_csv(given.columns, given.cells), content_type="text/csv; charset=utf-8", headers=headers)
    if ending == "json":
        content = json.dumps(given.rows, ensure_ascii=False, indent=2, default=str)
        return HttpResponse(content, content_type="application/json", headers=headers)
    said = message(gettext_noop("Tables of use are handed out as csv or json, not as {ending}."), ending=ending)
    raise NotFound("usage.export.format", said)


def device_name(device: str) -> str:
    """Return what people call a device that a cluster counts: “gres/gpu:h800” as “GPU h800”."""
    if device == "cpu":
        return gettext("processors")
    kind, _, model = device.removeprefix("gres/").partition(":")
    return f"{kind.upper()} {model}" if device.startswith("gres/") and model else device


def span_said(seconds: int) -> str:
    """Return a span of time in its two largest units."""
    if seconds < _MINUTE:
        return gettext("{count} s").format(count=seconds)
    if seconds < _HOUR:
        return gettext("{minutes} min {seconds} s").format(minutes=seconds // _MINUTE, seconds=seconds % _MINUTE)
    if seconds < _DAY:
        return gettext("{hours} h {minutes} min").format(hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)
    return gettext("{days} d {hours} h").format(days=seconds // _DAY, hours=seconds % _DAY // _HOUR)
