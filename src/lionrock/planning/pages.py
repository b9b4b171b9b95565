"""The pages of studies: the answer first, the evidence below it, and the same as files. Nothing is simulated here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.planning.exports import answer_csv
from lionrock.planning.models import Study
from lionrock.planning.queries import answer_of, studies, study_by_code
from lionrock.planning.scenarios.answers import to_data
from lionrock.planning.showing import sheet_of
from lionrock.terminal.output import to_json
from lionrock.web.listing import page_of
from lionrock.web.pdf import render_pdf


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the studies that the viewer may see."""
    found = page_of(request, studies(viewer_of(request)).defer("answer"))
    rows = [(study, programme_on_file(study.programme)) for study in found]
    return render(request, "planning/index.html", {"page": found, "rows": rows})


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show a study: which option is better, by how much and how sure, and all that this rests on."""
    study = study_by_code(viewer_of(request), code)
    files = [(kind.label, reverse("planning:file", args=[code, ending])) for ending, kind in FORMATS.items()]
    return render(request, "planning/show.html", {**_shown(study), "files": files})


@require_safe
def file(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Hand a study out as a PDF in the language of the page, or as data."""
    study = study_by_code(viewer_of(request), code)
    if ending not in FORMATS:
        template = gettext_noop("A study has no file of the kind {ending}. There are: {known}.")
        raise NotFound("planning.study.format", message(template, ending=ending, known=", ".join(FORMATS)))
    kind = FORMATS[ending]
    headers = {"Content-Disposition": f'attachment; filename="{code}.{ending}"', "Cache-Control": "private, no-store"}
    return HttpResponse(kind.write(study), content_type=kind.content_type, headers=headers)


def pdf_of(study: Study, language: str) -> bytes:
    """Return a study as a PDF in a language."""
    return render_pdf("planning/document.html", {**_shown(study), "for_print": True}, language)


def _shown(study: Study) -> dict[str, object]:
    programme = programme_on_file(study.programme)
    return {"study": study, "programme": programme, "zone": programme.zone, "sheet": sheet_of(answer_of(study))}


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name for people, its content type, who writes it."""

    label: str
    content_type: str
    write: Callable[[Study], bytes]


FORMATS: Final = {
    "pdf": Format("PDF", "application/pdf", lambda study: pdf_of(study, get_language() or "en")),
    "csv": Format("CSV", "text/csv; charset=utf-8", lambda study: answer_csv(answer_of(study)).encode()),
    "json": Format("JSON", "application/json", lambda study: to_json(to_data(answer_of(study))).encode()),
}
