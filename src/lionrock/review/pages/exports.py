"""All assessments of a programme as one file, for spreadsheets and machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.review.domain import shown
from lionrock.review.queries import READ_NAMES, READ_SCORES, assignments, results, scheme_for
from lionrock.rules.parameters import Anonymity
from lionrock.web.spreadsheets import to_csv

COLUMNS: Final = ("application", "assessment", "assessor", "state", "assigned", "due", "round", "total")
ENDINGS: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_safe
def file(request: HttpRequest, programme: str, ending: str) -> HttpResponse:
    """Hand out every assessment of a programme with its total of 100; who assessed only to those who may know."""
    viewer = viewer_of(request)
    programme_on_file(programme)
    require(viewer, *READ_SCORES, programme=programme)
    if ending not in ENDINGS:
        template = gettext_noop("There is no file of the kind {ending}. There are: {known}.")
        raise NotFound("review.file", message(template, ending=ending, known=", ".join(ENDINGS)))
    rows = list(_rows(viewer, programme))
    told = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    text = to_csv(COLUMNS, rows) if ending == "csv" else json.dumps(told, default=str, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="assessments-{programme}.{ending}"'}
    return HttpResponse(text, content_type=ENDINGS[ending], headers=headers)


def _rows(viewer: Actor, programme: str) -> Iterator[tuple[object, ...]]:
    found = list(assignments(viewer).filter(application__call__programme=programme).order_by("application__code", "id"))
    given = results(viewer, [each.application for each in found])
    totals = {one.assignment: one.total for result in given.values() for one in result.given}
    knows = viewer.holds(*READ_NAMES, programme=programme)
    for each in found:
        named = knows or scheme_for(each.application).anonymity is Anonymity.NONE
        yield (
            each.application.code,
            each.pk,
            each.assessor.email if named else "",
            each.state,
            each.assigned_at.isoformat(),
            each.due,
            each.round,
            shown(totals[each.pk]) if each.pk in totals else None,
        )
