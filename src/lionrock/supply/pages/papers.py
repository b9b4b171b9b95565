"""Papers and suppliers: licences with what is left of them, statements of end users, and who sells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.models import Organisation
from lionrock.people.programmes import house_zone, programmes_on_file
from lionrock.people.viewer import viewer_of
from lionrock.sites.models import Site
from lionrock.supply.actions import decide_authorisation, keep_statement, record_authorisation, register_supplier
from lionrock.supply.domain.order_file import read_number
from lionrock.supply.domain.states import AuthorisationState, Kind
from lionrock.supply.models import Authorisation
from lionrock.supply.pages.deeds import Deed, Typed, chips_on_file, day_in, day_or_none, done, select
from lionrock.supply.policies import ACT
from lionrock.supply.queries.orders import authorisations, book, drawn_by_line, statements, suppliers, suppliers_checked
from lionrock.supply.wording import KINDS
from lionrock.web.filling import Box


@dataclass(frozen=True, slots=True)
class Paper:
    """An authorisation as it is shown: what of its chips has left, and what is spoken for by orders."""

    paper: Authorisation
    kind: str
    state: str
    drawn: int
    left: int
    lines: Sequence[tuple[str, int]]


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """Show papers and suppliers, and take what is recorded of them."""
    viewer = viewer_of(request)
    found = list(authorisations(viewer))
    deeds, status = _deeds(viewer, found), 200
    if request.method == "POST":
        deeds, status = done(request, deeds)
        if status == 302:
            return redirect("supply_papers:list")
    today = local_date(timezone.now(), house_zone())
    being_checked = suppliers_checked()
    context = {
        "papers": _shown(found, today),
        "statements": statements(viewer),
        "suppliers": [(each, book().atlas.names[each.country], each.pk in being_checked) for each in suppliers(viewer)],
        "deeds": deeds,
        "today": today,
    }
    return render(request, "supply/papers.html", context, status=status)


def _shown(found: Sequence[Authorisation], today: date) -> list[Paper]:
    drawn = drawn_by_line([line.pk for paper in found for line in paper.lines.all()])
    return [_paper(paper, sum(drawn.get(line.pk, 0) for line in paper.lines.all()), today) for paper in found]


def _paper(paper: Authorisation, drawn: int, today: date) -> Paper:
    expired = paper.state == AuthorisationState.GRANTED.value and paper.expires_on and paper.expires_on < today
    return Paper(
        paper=paper,
        kind=gettext(KINDS[Kind(paper.kind)]),
        state="paper_expired" if expired else f"paper_{paper.state}",
        drawn=drawn,
        left=max(paper.quantity - drawn, 0),
        lines=[(line.order.code, line.position) for line in paper.lines.all()],
    )


def _deeds(viewer: Actor, found: Sequence[Authorisation]) -> list[Deed]:
    programmes = viewer.programmes(*ACT)
    if not programmes:
        return []
    sites = [(site.code, site.name) for site in Site.objects.filter(programme__in=programmes)]
    decidable = [AuthorisationState.APPLIED.value, AuthorisationState.GRANTED.value]
    to_decide = [each for each in found if each.state in decidable and each.programme in programmes]
    decide = [_decide(viewer, to_decide)] if to_decide else []
    return [_record(viewer, sorted(programmes)), *decide, _statement(viewer, sites), _supplier(viewer)]


def _record(viewer: Actor, programmes: Sequence[str]) -> Deed:
    def act(typed: Typed) -> object:
        return record_authorisation(
            actor=viewer,
            programme=typed["programme"],
            number=typed["number"],
            kind=_kind(typed["kind"]),
            chip=typed["chip"],
            quantity=read_number(typed["quantity"], "quantity"),
            applied_on=day_in(typed, "applied_on"),
            conditions=typed["conditions"],
            needs_statement=typed["needs_statement"] == "yes",
            now=timezone.now(),
        )

    language, on_file = get_language() or "en", programmes_on_file()
    named = [(name, on_file[name].names.in_language(language)) for name in programmes if name in on_file]
    answers = [("no", gettext("No")), ("yes", gettext("Yes"))]
    boxes = [
        select("programme", gettext("Programme"), named),
        Box("number", gettext("Number of the application or licence"), longest=100),
        select("kind", gettext("Kind"), [(kind.value, gettext(said)) for kind, said in KINDS.items()]),
        select("chip", gettext("Accelerator"), chips_on_file()),
        Box("quantity", gettext("How many accelerators it covers"), longest=9),
        Box("applied_on", gettext("Applied for on"), kind="date"),
        Box("conditions", gettext("Conditions"), kind="area", longest=5000, required=False),
        Box("needs_statement", gettext("Needs an end-user statement"), kind="choice", choices=answers, value="no"),
    ]
    return Deed("record", gettext("Record what is applied for"), boxes, act)


def _kind(text: str) -> Kind:
    if text in {kind.value for kind in Kind}:
        return Kind(text)
    said = message(gettext_noop("Nothing is chosen in {field}. Choose one."), field="kind")
    raise Invalid("supply.kind", said, faults=[Fault("supply.kind", said, field="kind", value=text)])


def _decide(viewer: Actor, found: Sequence[Authorisation]) -> Deed:
    def act(typed: Typed) -> object:
        programme, _, number = typed["paper"].partition("/")
        return decide_authorisation(
            actor=viewer,
            programme=programme,
            number=number,
            verb=typed["verb"],
            on=day_in(typed, "on"),
            expires_on=day_or_none(typed, "expires_on"),
            conditions=typed["conditions"],
            now=timezone.now(),
        )

    verbs = [("grant", gettext("Granted")), ("deny", gettext("Denied")), ("withdraw", gettext("Withdrawn"))]
    boxes = [
        select("paper", gettext("Authorisation"), [(f"{each.programme}/{each.number}", each.number) for each in found]),
        select("verb", gettext("What became of it"), verbs),
        Box("on", gettext("On which day"), kind="date"),
        Box("expires_on", gettext("Counts up to, that day included"), kind="date", required=False),
        Box("conditions", gettext("Conditions"), kind="area", longest=5000, required=False),
    ]
    return Deed("decide", gettext("Say what became of an application"), boxes, act)


def _statement(viewer: Actor, sites: Sequence[tuple[str, str]]) -> Deed:
    def act(typed: Typed) -> object:
        return keep_statement(
            actor=viewer,
            site=typed["site"],
            reference=typed["reference"],
            signed_by=typed["signed_by"],
            signed_on=day_in(typed, "signed_on"),
            expires_on=day_or_none(typed, "expires_on"),
            uses=typed["uses"],
            now=timezone.now(),
        )

    boxes = [
        select("site", gettext("Site"), sites),
        Box("reference", gettext("Number of the statement"), longest=100),
        Box("signed_by", gettext("Who signed it")),
        Box("signed_on", gettext("Signed on"), kind="date"),
        Box("expires_on", gettext("Counts up to, that day included"), kind="date", required=False),
        Box("uses", gettext("For which uses"), kind="area", longest=5000),
    ]
    return Deed("statement", gettext("Keep a statement of an end user"), boxes, act)


def _supplier(viewer: Actor) -> Deed:
    def act(typed: Typed) -> object:
        return register_supplier(
            actor=viewer,
            organisation=typed["organisation"],
            country=typed["country"].upper(),
            name=typed["name"],
            now=timezone.now(),
        )

    known = Organisation.objects.filter(supplier=None).values_list("code", flat=True)[:5]
    told = gettext("An organisation that is on file already, such as {known}, needs no name.").format(
        known=", ".join(known) or "–"
    )
    boxes = [
        Box("organisation", gettext("Short name"), longest=64),
        Box("name", gettext("Name"), help=told, required=False),
        Box("country", gettext("Country, by its two letters"), longest=2),
    ]
    return Deed("supplier", gettext("Register a supplier"), boxes, act)
