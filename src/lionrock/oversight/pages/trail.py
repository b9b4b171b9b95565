"""The audit trail of a programme: looked up, one record, and handed out."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.oversight.exports import handed_out
from lionrock.oversight.queries import SEE_TRAIL, Asked, hidden_of, record_of, records, seal_of
from lionrock.oversight.telling import told
from lionrock.people.choosing import choose_programme
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import read_day

ROWS: Final = 50
WORDS: Final = ("who", "action", "subject", "organisation", "text")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Choose the programme whose trail is looked at."""
    nothing = gettext("The audit trail is seen by auditors and by compliance.")
    seen = viewer_of(request).programmes(*SEE_TRAIL)
    return choose_programme(request, seen, page="audit:show", heading=gettext("Audit trail"), nothing=nothing)


@require_safe
def trail(request: HttpRequest, programme: str) -> HttpResponse:
    """List what was done in a programme, the latest first; the query says what is looked for."""
    asked = _asked(request)
    found = records(viewer_of(request), programme, asked)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        found = found.filter(pk__lt=int(before[:18]))
    rows = list(found[: ROWS + 1])
    hidden = hidden_of(viewer_of(request), rows)
    words = request.GET.copy()
    words.pop("before", None)
    context = {
        "names": programme_on_file(programme).names,
        "code": programme,
        "zone": programme_on_file(programme).zone,
        "asked": asked,
        "rows": [told(row, hidden) for row in rows[:ROWS]],
        "older": rows[ROWS - 1].pk if len(rows) > ROWS else None,
        "is_first": not before,
        "query": words.urlencode(),
    }
    return render(request, "oversight/trail.html", context)


def _asked(request: HttpRequest) -> Asked:
    words = {name: request.GET.get(name, "").strip()[:200] for name in WORDS}
    days: list[date | None] = []
    for name in ("from", "to"):
        given = request.GET.get(name, "").strip()
        days.append(read_day(given, field=name) if given else None)
    return Asked(**words, first=days[0], last=days[1])


@require_safe
def record(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Show one record with its seal."""
    viewer = viewer_of(request)
    found = record_of(viewer, programme, number)
    seal = seal_of(found)
    context = {
        "names": programme_on_file(programme).names,
        "code": programme,
        "zone": programme_on_file(programme).zone,
        "told": told(found, hidden_of(viewer, [found])),
        "seal": seal,
        "digest": bytes(seal.digest).hex() if seal else "",
        "chain": bytes(seal.chain).hex() if seal else "",
    }
    return render(request, "oversight/record.html", context)


@require_safe
def file(request: HttpRequest, programme: str, ending: str) -> HttpResponse:
    """Hand out the records that are asked for, as csv or ndjson."""
    asked = _asked(request)
    found = records(viewer_of(request), programme, asked)
    if ending not in {"csv", "ndjson"}:
        said = message(gettext_noop("The trail is handed out as csv or ndjson, not as {ending}."), ending=ending)
        raise NotFound("oversight.file.format", said)
    content, kind = handed_out(found, ending)
    headers = {"Content-Disposition": f'attachment; filename="audit.{ending}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)
