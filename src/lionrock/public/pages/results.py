"""The annual report of a programme for everybody: the page, and its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.public.domain.results import Results
from lionrock.public.domain.years import years_of
from lionrock.public.exports import results_csv, results_json
from lionrock.public.queries.results import results_of
from lionrock.public.showing import sheet_of
from lionrock.web.pdf import render_pdf

KEPT_FOR: Final = "public, max-age=300"
"""Others may keep the open data for five minutes: it is the same for everybody."""


@login_not_required
@require_safe
def results(request: HttpRequest, programme: str) -> HttpResponse:
    """Show what a programme has come to in a year, in aggregates alone."""
    found = results_of(programme, request.GET.get("year"), timezone.now())
    query = f"?year={found.year.number}"
    context = {
        "programme": found.programme,
        "results": found,
        "sheet": sheet_of(found),
        "years": years_of(found.programme, found.as_of),
        "files": [(kind.label, reverse("public:file", args=[programme, end]) + query) for end, kind in FORMATS.items()],
    }
    return render(request, "public/results.html", context)


@login_not_required
@require_safe
def results_file(request: HttpRequest, programme: str, ending: str) -> HttpResponse:
    """Hand out the report as open data, or as a PDF in the language of the page."""
    if ending not in FORMATS:
        template = gettext_noop("Results have no file of the kind {ending}. There are: {known}.")
        raise NotFound("public.results.format", message(template, ending=ending, known=", ".join(FORMATS)))
    kind = FORMATS[ending]
    found = results_of(programme, request.GET.get("year"), timezone.now())
    name = f"{programme}-results-{found.year.number}.{ending}"
    answer = HttpResponse(kind.write(found), content_type=kind.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    if kind.same_for_all:
        answer["Cache-Control"] = KEPT_FOR
        answer["Access-Control-Allow-Origin"] = "*"
    return answer


def pdf_of(found: Results, language: str) -> bytes:
    """Return the report as a PDF in a language."""
    return render_pdf("public/report.html", {"results": found, "sheet": sheet_of(found)}, language)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name for people, its content type, who writes it, and whether readers differ."""

    label: str
    content_type: str
    write: Callable[[Results], bytes]
    same_for_all: bool = True


def _pdf(found: Results) -> bytes:
    return pdf_of(found, get_language() or "en")


FORMATS: Final = {
    "csv": Format("CSV", "text/csv; charset=utf-8", lambda found: results_csv(found).encode()),
    "json": Format("JSON", "application/json", lambda found: results_json(found).encode()),
    "pdf": Format("PDF", "application/pdf", _pdf, same_for_all=False),
}
