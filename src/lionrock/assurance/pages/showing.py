"""The page of a dossier: tier and why, what holds it, its items, questions, conditions and history; and its panel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.applications.models import Application
from lionrock.applications.queries import may_write
from lionrock.assurance.domain.assessing import Assessment, ItemState, State
from lionrock.assurance.domain.conditions import due_state
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.domain.states import OPEN_TO_APPLICANTS, DossierState, Judgement
from lionrock.assurance.models import Condition, Dossier, Opinion
from lionrock.assurance.pages.doings import doings
from lionrock.assurance.pages.tiers import said_of
from lionrock.assurance.queries.dossiers import dossier_by_code, dossier_of, writes
from lionrock.assurance.queries.holding import as_findings, choice_for, holds_in
from lionrock.assurance.queries.standing import (
    accepted_on,
    assessed,
    book_now,
    changed_on,
    laid_down,
    opinions_on,
    standing_ruling,
    written_on,
)
from lionrock.kernel.findings import Finding
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.panels import Panel

_OPEN_ITEM = "assurance.item."
REMIND_DAYS = 14
"""From how long before its day a condition is shown as due soon."""


@dataclass(frozen=True, slots=True)
class Row:
    """An item as a page lists it: where it stands, what was said of it, and whether a reviewer has yet to look."""

    state: ItemState
    opinion: Opinion | None
    standing: str

    @property
    def id(self) -> str:
        """The item's id."""
        return self.state.item.id


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show a dossier to whoever may see its application: the same page for applicants, reviewers and office."""
    viewer, now = viewer_of(request), timezone.now()
    dossier = dossier_by_code(viewer, code)
    found = assessed(dossier)
    zone = programme_on_file(dossier.programme).zone
    rows = list(_rows(dossier, found))
    reader = writes(viewer, dossier)
    context = {
        "dossier": dossier,
        "application": dossier.application,
        "found": found,
        "tier": said_of(found),
        "state": f"dossier_{dossier.state}",
        "asks": choice_for(dossier.application) is not None,
        "holds": holds_by_point(dossier),
        "applying": [row for row in rows if row.state.state is not State.NOT_APPLICABLE],
        "spared": [row for row in rows if row.state.state is State.NOT_APPLICABLE],
        "conditions": conditions_shown(dossier, local_date(now, zone)),
        "asked": list(dossier.asked.all()),
        "reviewers": [] if reader else list(dossier.reviewers.all()),
        "ruling": standing_ruling(dossier),
        "steps": [(step, f"step_{step.verb}") for step in dossier.steps.all()],
        "names_reviewers": not reader,
        "writes": reader and DossierState(dossier.state) in OPEN_TO_APPLICANTS,
        "doings": [(reverse("assurance:act", args=[code, each.name]), each.label) for each in doings(viewer, dossier)],
        "profiles": [book_now().profiles.get(each, each) for each in dossier.profiles],
        "zone": zone,
    }
    return render(request, "assurance/show.html", context)


def _rows(dossier: Dossier, found: Assessment) -> Iterator[Row]:
    accepted, written, opinions = accepted_on(dossier), written_on(dossier), opinions_on(dossier)
    for each in found.items:
        opinion = opinions.get(each.item.id)
        yield Row(each, opinion, standing_of(each, accepted, written, returned=_is_returned(dossier, opinion)))


def _is_returned(dossier: Dossier, opinion: Opinion | None) -> bool:
    """Tell whether an item was found not to be enough, and nothing was changed on it since."""
    if opinion is None or opinion.judgement == Judgement.ENOUGH.value:
        return False
    return changed_on(dossier).get(opinion.item, opinion.at) <= opinion.at


def item_standing(dossier: Dossier, each: ItemState) -> str:
    """Return the word for where one item of a dossier stands."""
    returned = _is_returned(dossier, opinions_on(dossier).get(each.item.id))
    return standing_of(each, accepted_on(dossier), written_on(dossier), returned=returned)


def standing_of(each: ItemState, accepted: dict[str, str], written: dict[str, str], *, returned: bool) -> str:
    """Return the word for where an item stands: settled, found enough, waiting for a reviewer, open, not applicable."""
    item = each.item.id
    if returned and each.state is not State.NOT_APPLICABLE:
        return "item_more"
    if each.state is State.NOT_APPLICABLE:
        return "item_not_applicable"
    if each.rule.endswith(".settled"):
        return "item_settled"
    if item in accepted:
        return "item_enough"
    return "item_given" if item in written else "item_open"


@dataclass(frozen=True, slots=True)
class Held:
    """What holds a dossier at a point that held it at no earlier one: open items, and everything else."""

    point: str
    items: tuple[str, ...]
    findings: tuple[Finding, ...]


def holds_by_point(dossier: Dossier) -> list[Held]:
    """Return for each point what holds the dossier there and at no earlier one."""
    found, seen = [], set[str]()
    for point in Binding:
        fresh = [each for each in as_findings(holds_in(dossier, point)) if each.rule not in seen]
        seen |= {each.rule for each in fresh}
        items = tuple(each.rule.removeprefix(_OPEN_ITEM) for each in fresh if each.rule.startswith(_OPEN_ITEM))
        others = tuple(each for each in fresh if not each.rule.startswith(_OPEN_ITEM))
        found.append(Held(f"binds_{point.value}", items, others))
    return found


def conditions_shown(dossier: Dossier, today: date) -> list[tuple[Condition, str, str]]:
    """Return the conditions of a dossier, each with the words for its point and for how it stands to its day."""
    values = {each.id: each for each in laid_down(dossier)}
    return [
        (row, f"binds_{row.binds}", f"due_{due_state(values[str(row.number)], today, REMIND_DAYS).value}")
        for row in dossier.conditions.all()
    ]


def panel(viewer: Actor, application: Application) -> Panel:
    """Return what an application's page says of its dossier: tier and state, or the way to begin where one is asked."""
    dossier = dossier_of(application)
    content: dict[str, object] = {"application": application, "dossier": dossier}
    if dossier is not None:
        found = assessed(dossier)
        content |= {"tier": said_of(found), "state": f"dossier_{dossier.state}"}
    else:
        content["may_begin"] = choice_for(application) is not None and may_write(viewer, application)
    return Panel("assurance/panel.html", content)
