"""Reports as their team writes them and the office reads them, and the results of awards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.quantities import device_hours
from lionrock.outcomes.actions import (
    accept_report,
    add_outcome,
    remove_outcome,
    return_report,
    save_report,
    submit_report,
)
from lionrock.outcomes.actions.reporting import Written
from lionrock.outcomes.cards import CARDED, card_for
from lionrock.outcomes.domain import ReportState, Scheme, address_of
from lionrock.outcomes.domain.cards import card_data, card_markdown
from lionrock.outcomes.models import Outcome
from lionrock.outcomes.queries import (
    Standing,
    known_elsewhere,
    outcomes,
    reporting_awards,
    standing_of,
    standings,
    use_so_far,
)
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box, filled, typed_in
from lionrock.web.listing import page_of
from lionrock.web.panels import Panel
from lionrock.web.sentences import translate
from lionrock.web.spreadsheets import to_csv
from lionrock.web.words import word


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List awards with the reports that they owe, the latest award first."""
    page = page_of(request, reporting_awards(viewer_of(request)).order_by("-accepted_at", "-code"))
    today = timezone.now().date()
    rows = [(award, [_line(each, today) for each in standings(award)]) for award in page.object_list]
    return render(request, "outcomes/index.html", {"page": page, "rows": rows})


@dataclass(frozen=True, slots=True)
class Line:
    """A report in a list."""

    which: str
    due: date
    state: str
    late: bool


def _line(standing: Standing, today: date) -> Line:
    return Line(standing.owed.which, standing.owed.due, standing.state.value, standing.is_late(today))


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str, which: str) -> HttpResponse:
    """Show one report; its team writes it, the office accepts it or asks."""
    viewer, now = viewer_of(request), timezone.now()
    found = award_by_code(viewer, code)
    standing = standing_of(found, which)
    if request.method != "POST":
        return _report(request, viewer, standing, now)
    boxes = _remark() if request.POST.get("verb") in {"accept", "return"} else _boxes(standing)
    typed = typed_in(boxes, request.POST)
    try:
        said = _act(viewer, standing, request.POST.get("verb", "save"), typed, now)
    except Invalid as wrong:
        return _report(request, viewer, standing, now, filled(boxes, typed, wrong.faults), wrong)
    except Conflict as late:
        messages.warning(request, translate(late.message))
        return redirect("outcomes:show", code, which)
    messages.success(request, gettext(said))
    return redirect("outcomes:show", code, which)


def _act(viewer: Actor, standing: Standing, verb: str, typed: Mapping[str, str], now: datetime) -> str:
    code, which = standing.award.code, standing.owed.which
    if verb == "accept":
        accept_report(actor=viewer, award=code, which=which, now=now)
        return gettext_noop("The report is accepted.")
    if verb == "return":
        return_report(actor=viewer, award=code, which=which, remark=typed["reason"], now=now)
        return gettext_noop("The report is given back with your question.")
    written = Written(typed["done"], typed["differs"], typed["next"])
    if verb == "submit":
        submit_report(actor=viewer, award=code, which=which, written=written, now=now)
        return gettext_noop("The report is handed in.")
    save_report(actor=viewer, award=code, which=which, written=written, now=now)
    return gettext_noop("The report is kept. Hand it in when it is complete.")


def _boxes(standing: Standing) -> list[Box]:
    kept = standing.report
    texts = (
        ("done", gettext("What was done"), True),
        ("differs", gettext("What differs from the plan, and why"), False),
        ("next", gettext("What comes next"), False),
    )
    return [
        Box(name, label, kind="area", required=required, longest=20_000, value=getattr(kept, name) if kept else "")
        for name, label, required in texts
    ]


def _remark() -> list[Box]:
    return [Box("reason", gettext("Question to the team"), kind="area", required=False, longest=5000)]


def _report(
    request: HttpRequest,
    viewer: Actor,
    standing: Standing,
    now: datetime,
    boxes: list[Box] | None = None,
    wrong: LionrockError | None = None,
) -> HttpResponse:
    award = standing.award
    writes = viewer.belongs_to(award.organisation.code) and standing.with_the_team
    decides = viewer.holds(Role.OFFICE, programme=award.programme) and standing.state is ReportState.SUBMITTED
    zone = programme_on_file(award.programme).zone
    kept = standing.report.use if standing.report and standing.report.use else None
    use = kept or use_so_far(award, min(standing.owed.covers_to, local_date(now, zone)))
    context = {
        "award": award,
        "standing": standing,
        "late": standing.is_late(local_date(now, zone)),
        "writes": writes,
        "decides": decides,
        "boxes": boxes or (_boxes(standing) if writes else _remark()),
        "wrong": wrong,
        "use": {name: device_hours(seconds) for name, seconds in use.items()},
        "zone": zone,
    }
    return render(request, "outcomes/report.html", context, status=wrong.status if wrong else 200)


def panel(viewer: Actor, award: Award) -> Panel:
    """Return what an award's page shows of its reports and results."""
    found = reporting_awards(viewer).filter(pk=award.pk).first()
    today = timezone.now().date()
    lines = [_line(each, today) for each in standings(found)] if found else []
    results = list(outcomes(viewer).filter(award=award))
    content = {"award": award, "lines": lines, "results": results, "writes": viewer.belongs_to(award.organisation.code)}
    return Panel("outcomes/panel.html", content)


@dataclass(frozen=True, slots=True)
class Result:
    """A result in a list: where it stands, and which other awards report it too."""

    outcome: Outcome
    address: str | None
    others: tuple[str, ...]

    @property
    def has_card(self) -> bool:
        """Whether a card is made of it."""
        return self.outcome.kind in CARDED


@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Show the results of an award; its team adds some, and takes wrong ones off."""
    viewer, now = viewer_of(request), timezone.now()
    found = award_by_code(viewer, code)
    boxes = _result_boxes(now.year)
    if request.method != "POST":
        return _results(request, viewer, found, boxes)
    if "remove" in request.POST:
        return _remove(request, viewer, found, now)
    typed = typed_in(boxes, request.POST)
    year = typed.pop("year")
    number = int(year) if year.isascii() and year.isdigit() and len(year) < 6 else 0
    try:
        add_outcome(
            actor=viewer,
            award=code,
            kind=typed["kind"],
            title=typed["title"],
            year=number,
            scheme=typed["scheme"],
            identifier=typed["identifier"],
            orcid=typed["orcid"],
            now=now,
        )
    except Invalid as wrong:
        return _results(request, viewer, found, filled(boxes, {**typed, "year": year}, wrong.faults), wrong)
    except Conflict as twice:
        messages.warning(request, translate(twice.message))
        return redirect("outcomes:results", code)
    messages.success(request, gettext("The result is on file."))
    return redirect("outcomes:results", code)


def _remove(request: HttpRequest, viewer: Actor, award: Award, now: datetime) -> HttpResponse:
    number = request.POST["remove"]
    try:
        remove_outcome(actor=viewer, award=award.code, outcome=int(number) if number.isdigit() else 0, now=now)
        messages.success(request, gettext("The result is off the list."))
    except NotFound as gone:
        messages.warning(request, translate(gone.message))
    return redirect("outcomes:results", award.code)


def _result_boxes(year: int) -> list[Box]:
    kinds = [(kind.value, word(kind.value)) for kind in Outcome.Kind]
    schemes = [(scheme.value, word(scheme.value)) for scheme in Scheme]
    identifier = gettext("Such as 10.1000/182, 2401.01234, CN109815364A, https://example.org/model.")
    return [
        Box("kind", gettext("What it is"), kind="select", choices=kinds, value=kinds[0][0]),
        Box("title", gettext("Title"), longest=300),
        Box("year", gettext("Year"), kind="number", value=str(year)),
        Box("scheme", gettext("Known by"), kind="select", choices=schemes, value=schemes[0][0]),
        Box("identifier", gettext("Identifier"), longest=400, help=identifier),
        Box("orcid", gettext("ORCID of the one who answers for it"), required=False, help="0000-0002-1825-0097"),
    ]


def _results(
    request: HttpRequest, viewer: Actor, award: Award, boxes: list[Box], wrong: LionrockError | None = None
) -> HttpResponse:
    found = list(outcomes(viewer).filter(award=award))
    context = {
        "award": award,
        "rows": _rows(found, award.code),
        "boxes": boxes,
        "wrong": wrong,
        "writes": viewer.belongs_to(award.organisation.code),
    }
    return render(request, "outcomes/results.html", context, status=wrong.status if wrong else 200)


def _rows(found: list[Outcome], own: str) -> list[Result]:
    elsewhere = known_elsewhere(found)
    return [
        Result(
            each,
            address_of(Scheme(each.scheme), each.identifier),
            tuple(code for code in elsewhere.get((each.scheme, each.identifier), ()) if code != own),
        )
        for each in found
    ]


COLUMNS = ("award", "organisation", "kind", "title", "year", "scheme", "identifier", "orcid")


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Hand out all results that the viewer may see, as CSV or JSON."""
    found = outcomes(viewer_of(request)).order_by("award__code", "-year", "id")
    rows = [
        (each.award.code, each.award.organisation.code, *(getattr(each, name) for name in COLUMNS[2:]))
        for each in found
    ]
    headers = {"Content-Disposition": f'attachment; filename="outcomes.{ending}"', "Cache-Control": "private, no-store"}
    if ending == "csv":
        return HttpResponse(to_csv(COLUMNS, rows), content_type="text/csv; charset=utf-8", headers=headers)
    if ending == "json":
        content = json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows], ensure_ascii=False, indent=2)
        return HttpResponse(content, content_type="application/json", headers=headers)
    said = message(gettext_noop("Results are handed out as csv or json, not as {ending}."), ending=ending)
    raise NotFound("outcomes.export.format", said)


@require_safe
def card(request: HttpRequest, code: str, number: int, ending: str) -> HttpResponse:
    """Hand out the card of a model or a data set, as Markdown or JSON."""
    found = card_for(viewer_of(request), code, number, timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{code}-{number}-card.{ending}"'}
    if ending == "md":
        return HttpResponse(card_markdown(found), content_type="text/markdown; charset=utf-8", headers=headers)
    if ending == "json":
        content = json.dumps(card_data(found), ensure_ascii=False, indent=2)
        return HttpResponse(content, content_type="application/json", headers=headers)
    said = message(gettext_noop("Cards are handed out as md or json, not as {ending}."), ending=ending)
    raise NotFound("outcomes.card.format", said)
