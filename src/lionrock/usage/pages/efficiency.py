"""The page of efficiency: how well jobs used what they held, where that is known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.people.viewer import viewer_of
from lionrock.usage.exports import decimal_share, period_cells, sheet
from lionrock.usage.pages.asking import file_links, file_of, period_of, shown
from lionrock.usage.queries.efficiency import Held
from lionrock.usage.queries.efficiency import efficiency as efficiency_of
from lionrock.usage.reading import Efficient

COLUMNS: Final = (
    "site",
    "award",
    "organisation",
    "jobs",
    "cpu_jobs",
    "cpu_share",
    "memory_jobs",
    "memory_share",
    "gpu_share",
    "from",
    "to",
    "time_zone",
    "counted_until",
)


@dataclass(frozen=True, slots=True)
class Row:
    """Shares between 0 and 1; None is not known."""

    of: Efficient
    processors: Decimal | None
    memory: Decimal | None


@require_safe
def efficiency(request: HttpRequest) -> HttpResponse:
    """Show how well what ended in a period used processors and memory."""
    now = timezone.now()
    period = period_of(request, now)
    rows = [_row(each) for each in efficiency_of(viewer_of(request), period)]
    files = file_links("usage_efficiency:file", request, ("from", "to"))
    context = {**shown(period, period.until(now).end), "rows": rows, "files": files}
    return render(request, "usage/efficiency.html", context)


@require_safe
def efficiency_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Hand it out; what is not known is empty."""
    now = timezone.now()
    period = period_of(request, now)
    cells = period_cells(period, period.until(now))
    rows = [
        {
            **{name: getattr(each.of, name) for name in ("site", "award", "organisation", "jobs")},
            **{name: getattr(each.of, name) for name in ("cpu_jobs", "memory_jobs")},
            "cpu_share": decimal_share(each.processors),
            "memory_share": decimal_share(each.memory),
            "gpu_share": None,
            **cells,
        }
        for each in efficiency_of(viewer_of(request), period)
    ]
    return file_of(sheet("efficiency", COLUMNS, rows), ending)


def _row(each: Held) -> Row:
    return Row(each.of, decimal_share(each.processors), decimal_share(each.memory))
