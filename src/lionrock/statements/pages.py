"""The list of statements, one statement, and its files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

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
from lionrock.statements.exports import to_csv, to_json
from lionrock.statements.models import Document
from lionrock.statements.papers import Paper
from lionrock.statements.queries import document_by_number, documents, paper_of
from lionrock.web.listing import page_of
from lionrock.web.panels import Panel
from lionrock.web.pdf import render_pdf


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


@require_safe
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """Show one statement."""
    paper = paper_of(document_by_number(viewer_of(request), number))
    formats = [(kind.label, reverse("statements:file", args=[number, ending])) for ending, kind in FORMATS.items()]
    return render(request, "statements/show.html", {"paper": paper, "formats": formats})


@require_safe
def file(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    """Hand out one statement as a file, a PDF in the language of the page."""
    paper = paper_of(document_by_number(viewer_of(request), number))
    if ending not in FORMATS:
        raise NotFound(
            "statements.file.format",
            message(
                gettext_noop("A statement has no file of the kind {ending}. There are: {known}."),
                ending=ending,
                known=", ".join(FORMATS),
            ),
        )
    kind = FORMATS[ending]
    headers = {"Content-Disposition": f'attachment; filename="{number}.{ending}"', "Cache-Control": "private, no-store"}
    return HttpResponse(kind.write(paper), content_type=kind.content_type, headers=headers)


def panel(viewer: Actor, award: Award) -> Panel:
    """Return the statements on which an award paid."""
    found = documents(viewer).filter(organisation=award.organisation, awards__contains=[{"award": award.code}])
    return Panel("statements/panel.html", {"rows": [Row(one) for one in found.order_by("-month", "-number")]})


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name for people, its content type, and who writes it."""

    label: str
    content_type: str
    write: Callable[[Paper], bytes]


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
