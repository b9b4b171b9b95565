"""The list of claims and remittances, one of them, and its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor
from lionrock.people.viewer import viewer_of
from lionrock.sites.models import Site
from lionrock.statements.models import Settlement
from lionrock.statements.pages import Format, handed_out
from lionrock.statements.queries import settlement_by_number, settlements
from lionrock.statements.settlements import SettlementPaper, settlement_csv, settlement_json, settlement_paper
from lionrock.web.listing import page_of
from lionrock.web.panels import Panel
from lionrock.web.pdf import render_pdf


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A claim or a remittance in a list."""

    paper: Settlement
    site: str

    @property
    def month(self) -> Month:
        """The month that it is for."""
        return Month.containing(self.paper.month)

    @property
    def amount(self) -> Money:
        """What the scheme or the site is to get or give."""
        return Money(self.paper.amount, self.paper.currency)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the claims and remittances that the viewer may see, the newest month first."""
    page = page_of(request, settlements(viewer_of(request)).order_by("-month", "kind", "number"))
    sites = dict(Site.objects.values_list("code", "name"))
    rows = [SettlementRow(one, sites.get(one.site, one.site)) for one in page.object_list]
    return render(request, "statements/settlements.html", {"page": page, "rows": rows})


MakeSettlementPanel = Callable[[Actor, Settlement], Panel]


@require_safe
def settlement(request: HttpRequest, number: str, panels: Sequence[MakeSettlementPanel] = ()) -> HttpResponse:
    """Show one claim or remittance, with what the rooms above add to it."""
    viewer = viewer_of(request)
    found = settlement_by_number(viewer, number)
    endings = SETTLEMENT_FORMATS.items()
    formats = [(kind.label, reverse("settlements:file", args=[number, ending])) for ending, kind in endings]
    context = {"paper": settlement_paper(found), "formats": formats, "panels": [make(viewer, found) for make in panels]}
    return render(request, "statements/settlement.html", context)


@require_safe
def file(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    """Hand out one claim or remittance as a file, a PDF in the language of the page."""
    paper = settlement_paper(settlement_by_number(viewer_of(request), number))
    return handed_out(number, ending, SETTLEMENT_FORMATS, paper)


def _settlement_pdf(paper: SettlementPaper) -> bytes:
    return render_pdf("statements/settlement_document.html", {"paper": paper}, get_language() or "en")


def _settlement_json(paper: SettlementPaper) -> bytes:
    return json.dumps(settlement_json(paper), ensure_ascii=False, indent=2).encode()


SETTLEMENT_FORMATS = {
    "pdf": Format("PDF", "application/pdf", _settlement_pdf),
    "csv": Format("CSV", "text/csv; charset=utf-8", lambda paper: settlement_csv(paper).encode()),
    "json": Format("JSON", "application/json", _settlement_json),
}
