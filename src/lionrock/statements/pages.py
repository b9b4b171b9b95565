"""The list of statements, one statement, and its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lionrock.awards.models import Award
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor
from lionrock.people.viewer import viewer_of
from lionrock.statements.explaining import Explanation, explain_line
from lionrock.statements.exports import explanation_to_json, runs_to_csv, to_csv, to_json
from lionrock.statements.models import Document
from lionrock.statements.papers import Paper
from lionrock.statements.queries import document_by_number, documents, paper_of
from lionrock.web.listing import page_of
from lionrock.web.panels import Panel
from lionrock.web.pdf import render_pdf

SHOWN_RUNS: Final = 100
"""The page lists so many runs of a line; its files have all of them."""
Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Format(Generic[Content]):
    """A kind of file: its name for people, its content type, and who writes it."""

    label: str
    content_type: str
    write: Callable[[Content], bytes]


@dataclass(frozen=True, slots=True)
class Row:
    """A document in a list."""

    document: Document

    @property
    def month(self) -> Month:
        """The month that it is for."""
        return Month.containing(self.document.month)

    @property
    def gross(self) -> Money:
        """What all of it costs at list price."""
        return Money(self.document.gross, self.document.currency)

    @property
    def user(self) -> Money:
        """What the organisation bears."""
        return Money(self.document.user, self.document.currency)

    @property
    def kind(self) -> str:
        """Its kind as a code that `web.words` knows."""
        return self.document.kind.replace(" ", "_")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the statements that the viewer may see, the newest month first."""
    page = page_of(request, documents(viewer_of(request)).order_by("-month", "-number"))
    return render(request, "statements/index.html", {"page": page, "rows": [Row(one) for one in page.object_list]})


MakePanel = Callable[[Actor, Document], Panel | None]


@require_safe
def statement(request: HttpRequest, number: str, panels: Sequence[MakePanel] = ()) -> HttpResponse:
    """Show one statement, with what the rooms above add to it."""
    viewer = viewer_of(request)
    document = document_by_number(viewer, number)
    made = [make(viewer, document) for make in panels]
    formats = [(kind.label, reverse("statements:file", args=[number, ending])) for ending, kind in FORMATS.items()]
    context = {"paper": paper_of(document), "formats": formats, "panels": [each for each in made if each]}
    return render(request, "statements/show.html", context)


@require_safe
def file(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    """Hand out one statement as a file, a PDF in the language of the page."""
    return handed_out(number, ending, FORMATS, paper_of(document_by_number(viewer_of(request), number)))


def handed_out(name: str, ending: str, formats: Mapping[str, Format[Content]], content: Content) -> HttpResponse:
    """Return a paper as a file of one of its formats; raises `NotFound` for any other."""
    if ending not in formats:
        raise NotFound(
            "statements.file.format",
            message(
                gettext_noop("A statement has no file of the kind {ending}. There are: {known}."),
                ending=ending,
                known=", ".join(formats),
            ),
        )
    kind = formats[ending]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Cache-Control": "private, no-store"}
    return HttpResponse(kind.write(content), content_type=kind.content_type, headers=headers)


@require_safe
def line(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Explain one line of a statement, down to the runs behind it."""
    told = explain_line(document_by_number(viewer_of(request), number), position)
    endings = LINE_FORMATS.items()
    formats = [
        (kind.label, reverse("statements:line_file", args=[number, position, ending])) for ending, kind in endings
    ]
    context = {
        "told": told,
        "runs": told.runs[:SHOWN_RUNS],
        "more": len(told.runs) > SHOWN_RUNS,
        "formats": formats,
    }
    return render(request, "statements/line.html", context)


@require_safe
def line_file(request: HttpRequest, number: str, position: int, ending: str) -> HttpResponse:
    """Hand out the explanation of one line as a file, with all of its runs."""
    told = explain_line(document_by_number(viewer_of(request), number), position)
    return handed_out(f"{number}-{position}", ending, LINE_FORMATS, told)


def panel(viewer: Actor, award: Award) -> Panel:
    """Return the statements on which an award paid."""
    found = documents(viewer).filter(organisation=award.organisation, awards__contains=[{"award": award.code}])
    return Panel("statements/panel.html", {"rows": [Row(one) for one in found.order_by("-month", "-number")]})


def _pdf(paper: Paper) -> bytes:
    return render_pdf("statements/document.html", {"paper": paper}, get_language() or "en")


def _csv(paper: Paper) -> bytes:
    return to_csv(paper).encode()


def _json(paper: Paper) -> bytes:
    return json.dumps(to_json(paper), ensure_ascii=False, indent=2).encode()


FORMATS = {
    "pdf": Format("PDF", "application/pdf", _pdf),
    "csv": Format("CSV", "text/csv; charset=utf-8", _csv),
    "json": Format("JSON", "application/json", _json),
}


def _line_json(told: Explanation) -> bytes:
    return json.dumps(explanation_to_json(told), ensure_ascii=False, indent=2).encode()


LINE_FORMATS = {
    "csv": Format("CSV", "text/csv; charset=utf-8", lambda told: runs_to_csv(told).encode()),
    "json": Format("JSON", "application/json", _line_json),
}
