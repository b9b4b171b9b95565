"""The intake of a programme: its board, its files, and how well the service kept what it pledges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.calls.queries import calls
from lionrock.intake.board import (
    COLUMNS,
    Board,
    Column,
    Desk,
    Wanted,
    board,
    light,
    require_programme,
    selected,
)
from lionrock.intake.domain import ages
from lionrock.intake.exports import as_csv, rows_of
from lionrock.intake.report import REPORTED_MONTHS, service_csv, service_json, service_report
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Month, local_date
from lionrock.people.domain import Role
from lionrock.people.programmes import programmes_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.programme import Programme

LONGEST_SEARCH: Final = 200
ENDINGS: Final = ("csv", "json")


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as its page shows it: its picture, and the addresses of its pages before and after."""

    column: Column
    picture: tuple[ages.Column, ...]
    previous: str
    next: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the programmes whose intake the viewer may see; the only one is shown at once."""
    seen = viewer_of(request).programmes()
    known = [programme for name, programme in programmes_on_file().items() if name in seen]
    if len(known) == 1:
        return redirect("intake:board", known[0].id)
    return render(request, "intake/programmes.html", {"programmes": known})


@require_safe
def show(request: HttpRequest, programme: str) -> HttpResponse:
    """Show the board: what waits for whom, how long, and until when."""
    viewer, now = viewer_of(request), timezone.now()
    rules = require_programme(viewer, programme)
    wanted = wanted_of(programme, request.GET)
    found = board(viewer, wanted, now, request.GET)
    context = {
        "programme": rules,
        "board": found,
        "wanted": wanted,
        "columns_shown": [_shown(request, column, found.highest) for column in found.columns],
        "calls": calls(viewer).filter(programme=programme).order_by("-opens", "-code").values_list("code", flat=True),
        "categories": rules.at(local_date(now, rules.zone)).categories,
        "columns": COLUMNS,
        "files": [(ending.upper(), _file_address(request, rules, ending)) for ending in ENDINGS],
        "office": viewer.holds(Role.OFFICE, programme=programme),
        "narrowed": _narrowed(found),
    }
    return render(request, "intake/board.html", context)


def _shown(request: HttpRequest, column: Column, highest: int) -> Shown:
    page = column.page
    previous = _turned(request, column, page.previous_page_number()) if page.has_previous() else ""
    following = _turned(request, column, page.next_page_number()) if page.has_next() else ""
    return Shown(column, column.drawn(highest), previous, following)


def _turned(request: HttpRequest, column: Column, number: int) -> str:
    """Return the address of the same board with another page of one column."""
    asked = request.GET.copy()
    asked[column.parameter] = str(number)
    return f"?{asked.urlencode()}#column-{column.name}"


def wanted_of(programme: str, asked: Mapping[str, str]) -> Wanted:
    """Read what the address of the board asks for; what nobody could mean counts as not asked."""
    column = asked.get("state", "")
    return Wanted(
        programme=programme,
        call=asked.get("call", "").replace("\0", "")[:LONGEST_SEARCH],
        category=asked.get("category", "").replace("\0", "")[:LONGEST_SEARCH],
        text=asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        column=column if column in COLUMNS else "",
        late=bool(asked.get("late")),
        mine=bool(asked.get("mine")),
        latest_first=asked.get("sort") == "latest",
    )


def _narrowed(found: Board) -> bool:
    wanted = found.wanted
    return bool(wanted.call or wanted.category or wanted.text or wanted.column or wanted.late or wanted.mine)


def _file_address(request: HttpRequest, rules: Programme, ending: str) -> str:
    asked = request.GET.urlencode()
    address = reverse("intake:file", args=[rules.id, ending])
    return f"{address}?{asked}" if asked else address


@require_safe
def file(request: HttpRequest, programme: str, ending: str) -> HttpResponse:
    """Hand out the applications that the board's filters let through, all of them, as CSV or JSON."""
    viewer, now = viewer_of(request), timezone.now()
    rules = require_programme(viewer, programme)
    _require_ending(ending)
    wanted = wanted_of(programme, request.GET)
    desk = Desk(viewer, rules, now)
    found = light(selected(viewer, wanted, desk)).order_by("code")
    data = rows_of(found.iterator(chunk_size=500), {programme: desk})
    return _answer(f"intake-{programme}-{desk.today}", ending, as_csv(data) if ending == "csv" else list(data))


def _require_ending(ending: str) -> None:
    if ending not in ENDINGS:
        template = gettext_noop("There is no file of the kind {ending}. There are: {known}.")
        raise NotFound("intake.board.file", message(template, ending=ending, known=", ".join(ENDINGS)))


def _answer(name: str, ending: str, content: object) -> HttpResponse:
    """Return a file to be kept: text as it is, all else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, default=str, ensure_ascii=False, indent=2)
    kind = "text/csv; charset=utf-8" if ending == "csv" else "application/json"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(text, content_type=kind, headers=headers)


@require_safe
def service(request: HttpRequest, programme: str) -> HttpResponse:
    """Show how long each step took, month by month, and how often its pledge was kept."""
    viewer, now = viewer_of(request), timezone.now()
    rules = require_programme(viewer, programme)
    until = Month.of(now, rules.zone)
    report = service_report(viewer, programme, until)
    files = [(ending.upper(), reverse("intake:service_file", args=[programme, ending])) for ending in ENDINGS]
    context = {"programme": rules, "report": report, "months": REPORTED_MONTHS, "files": files}
    return render(request, "intake/service.html", context)


@require_safe
def service_file(request: HttpRequest, programme: str, ending: str) -> HttpResponse:
    """Hand out the same as CSV or JSON."""
    viewer, now = viewer_of(request), timezone.now()
    rules = require_programme(viewer, programme)
    _require_ending(ending)
    until = Month.of(now, rules.zone)
    report = service_report(viewer, programme, until)
    content = service_csv(report) if ending == "csv" else service_json(report)
    return _answer(f"service-{programme}-{until}", ending, content)
