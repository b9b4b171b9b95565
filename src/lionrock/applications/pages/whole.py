"""An application as one file: handed out as PDF, JSON or archive, and taken in again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.applications.actions import Brought, import_application
from lionrock.applications.exports import exported, exported_with_files
from lionrock.applications.pages.costs import cost_of
from lionrock.applications.pages.papers import paper_of, rounds_of
from lionrock.applications.pages.sheets import Sheet, sheet_for_authors, sheet_of
from lionrock.applications.pages.uploading import sent_files
from lionrock.applications.queries import may_write
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.viewer import viewer_of
from lionrock.rules.forms import Core
from lionrock.web.pdf import render_pdf
from lionrock.web.sentences import translate


@require_safe
def file(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Hand out an application as a file; the PDF shows the round that `?round=` asks for, else the last one."""
    if ending not in FORMATS:
        template = gettext_noop("An application has no file of the kind {ending}. There are: {known}.")
        said = message(template, ending=ending, known=", ".join(FORMATS))
        raise NotFound("applications.file.format", said)
    kind = FORMATS[ending]
    content = kind.write(viewer_of(request), code, timezone.now(), request.GET.get("round", ""))
    headers = {"Content-Disposition": f'attachment; filename="{code}.{ending}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind.content_type, headers=headers)


def _pdf(viewer: Actor, code: str, now: datetime, wanted: str) -> bytes:
    sheet = sheet_of(viewer, code, now)
    submission = rounds_of(list(sheet.application.submissions.all()), wanted)
    if submission is None and not may_write(viewer, sheet.application):
        said = message(gettext_noop("{application} was not handed in yet."), application=code)
        raise NotFound("applications.file.not_handed_in", said)
    context = {
        "sheet": sheet,
        "application": sheet.application,
        "paper": paper_of(sheet, submission),
        "submission": submission,
        "programme": sheet.asked.terms.programme,
        "item": sheet.asked.terms.programme.items.get(sheet.application.item),
        "cost": cost_of(sheet.application, now),
        "asked_in": sheet.asked.form.core_key(Core.ITEM),
    }
    return render_pdf("applications/document.html", context, get_language() or "en")


def _json(viewer: Actor, code: str, now: datetime, _wanted: str) -> bytes:
    return exported(viewer, code, now)


def _zip(viewer: Actor, code: str, now: datetime, _wanted: str) -> bytes:
    return exported_with_files(viewer, code, now)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its content type, and who writes it."""

    content_type: str
    write: Callable[[Actor, str, datetime, str], bytes]


FORMATS: Final = {
    "pdf": Format("application/pdf", _pdf),
    "json": Format("application/json", _json),
    "zip": Format("application/zip", _zip),
}


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, code: str) -> HttpResponse:
    """Take an application in from one file; what cannot be taken is named, and texts that were replaced are shown."""
    sheet = sheet_for_authors(viewer_of(request), code, timezone.now())
    if not sheet.is_open:
        return redirect("applications:show", code)
    if request.method != "POST":
        return render(request, "applications/import.html", {"application": sheet.application})
    try:
        return _brought(request, sheet, _import(request, sheet))
    except Invalid as wrong:
        faults = wrong.faults or (Fault(wrong.code, wrong.message),)
        context = {"application": sheet.application, "refused": wrong.message, "faults": faults}
        return render(request, "applications/import.html", context, status=422)
    except Conflict as late:
        messages.error(request, translate(late.message))
        return redirect("applications:show", code)


def _import(request: HttpRequest, sheet: Sheet) -> Brought:
    [sent, *_more] = sent_files(request)
    return import_application(
        actor=sheet.viewer,
        application=sheet.application.code,
        file=cast("BinaryIO", sent),
        name=sent.name or "",
        now=sheet.now,
    )


def _brought(request: HttpRequest, sheet: Sheet, brought: Brought) -> HttpResponse:
    taken = len(brought.saved.answers)
    told = ngettext("{number} answer was taken from the file.", "{number} answers were taken from the file.", taken)
    if not brought.faults and not brought.replaced:
        messages.success(request, told.format(number=taken))
        return redirect("applications:begin", sheet.application.code)
    context = {
        "application": sheet.application,
        "told": told.format(number=taken),
        "faults": brought.faults,
        "replaced": [_text(value) for value in brought.replaced.values()],
    }
    return render(request, "applications/import.html", context, status=422 if brought.faults else 200)


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
