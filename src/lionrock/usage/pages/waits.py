"""The page of waits: from submission to start, by pool and by the hours asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.people.viewer import viewer_of
from lionrock.usage.exports import Sheet, period_cells, sheet
from lionrock.usage.pages.asking import file_links, file_of, period_of, shown, span_said
from lionrock.usage.queries.waiting import CLASSES, queue_waits
from lionrock.usage.reading import Waited

COLUMNS: Final = ("site", "partition", "hours_asked_up_to", "runs", "median_seconds", "ninth_tenth_seconds")


@dataclass(frozen=True, slots=True)
class Row:
    """Waits of one pool and one class of hours, in words."""

    of: Waited
    asked: str
    median: str
    most: str


@require_safe
def waits(request: HttpRequest) -> HttpResponse:
    """Show how long what started in a period had waited."""
    now = timezone.now()
    period = period_of(request, now)
    rows = [_row(each) for each in queue_waits(viewer_of(request), period)]
    files = file_links("usage_waits:file", request, ("from", "to"))
    context = {**shown(period, period.until(now).end), "rows": rows, "files": files}
    return render(request, "usage/waits.html", context)


@require_safe
def waits_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Hand the waits out, exact to the second."""
    now = timezone.now()
    period = period_of(request, now)
    cells = period_cells(period, period.until(now))
    rows = [
        {**dict(zip(COLUMNS, each, strict=True)), "hours_asked_up_to": _asked_cell(each.asked), **cells}
        for each in queue_waits(viewer_of(request), period)
    ]
    return file_of(_sheet(rows), ending)


def _sheet(rows: list[dict[str, object]]) -> Sheet:
    return sheet("waits", (*COLUMNS, "from", "to", "time_zone", "counted_until"), rows)


def _asked_cell(asked: int | None) -> object:
    return "longer" if asked == 0 else asked


def _row(each: Waited) -> Row:
    return Row(each, _asked(each.asked), span_said(each.median), span_said(each.most))


def _asked(hours: int | None) -> str:
    if hours is None:
        return gettext("Not known")
    if not hours:
        return gettext("More than {hours} h").format(hours=CLASSES[-1])
    return gettext("Up to {hours} h").format(hours=hours)
