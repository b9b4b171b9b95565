"""A table handed out as a file: as CSV for spreadsheets, or as JSON, an object a row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from django.http import HttpResponse

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.web.spreadsheets import to_csv

ENDINGS: Final = ("csv", "json")


def table_file(name: str, ending: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> HttpResponse:
    """Return the file to be kept under that name; raises `NotFound` for any other ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Cache-Control": "private, no-store"}
    if ending == "csv":
        return HttpResponse(to_csv(columns, rows), content_type="text/csv; charset=utf-8", headers=headers)
    if ending == "json":
        told = [dict(zip(columns, row, strict=True)) for row in rows]
        content = json.dumps(told, ensure_ascii=False, indent=2, default=str)
        return HttpResponse(content, content_type="application/json", headers=headers)
    said = message(gettext_noop("This table is handed out as csv or json, not as {ending}."), ending=ending)
    raise NotFound("web.file.format", said)
