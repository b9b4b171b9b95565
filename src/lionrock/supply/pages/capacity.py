"""Capacity over time against the goal, for whoever has to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.kernel.money import to_places
from lionrock.people.choosing import choose_programme
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.sites.models import Site
from lionrock.supply.actions import commission_equipment, retire_equipment, set_goal
from lionrock.supply.actions.rechecking import today_of
from lionrock.supply.domain.capacity import Capacity, Standing
from lionrock.supply.domain.order_file import read_number
from lionrock.supply.drawing import draw
from lionrock.supply.exports import CAPACITY_COLUMNS, capacity_rows
from lionrock.supply.images import images_stated
from lionrock.supply.models import Equipment
from lionrock.supply.pages.deeds import Deed, Typed, chips_on_file, day_in, done, select
from lionrock.supply.policies import RUN, SEE, require_anywhere
from lionrock.supply.queries.capacity import Outlook, planned_capacity
from lionrock.supply.queries.orders import book
from lionrock.supply.wording import MEANINGS, STANDINGS
from lionrock.web.filling import Box
from lionrock.web.handing import ENDINGS, table_file


@dataclass(frozen=True, slots=True)
class Part:
    """A standing on the day that counts: petaflops, with all that is surer, and what then lacks to the goal."""

    standing: Standing
    name: str
    meaning: str
    petaflops: Decimal
    together: Decimal
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which capacity changes, as the table has it; `causes` are what, which chip, and how many."""

    on: date
    parts: Sequence[tuple[str, Decimal]]
    total: Decimal
    causes: Sequence[tuple[str, str, int]]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the programmes whose supply the viewer sees; the only one is shown at once."""
    viewer = viewer_of(request)
    require_anywhere(viewer, *SEE)
    nothing, heading = gettext("You see the supply of no programme."), gettext("Capacity")
    return choose_programme(request, viewer.programmes(*SEE), page="supply:capacity", heading=heading, nothing=nothing)


@require_http_methods(["GET", "HEAD", "POST"])
def capacity(request: HttpRequest, programme: str) -> HttpResponse:
    """Show what a programme has and will have, against its goal; set the goal, and put equipment in and out."""
    viewer, today = viewer_of(request), today_of(programme, timezone.now())
    outlook = planned_capacity(viewer, programme, today)
    deeds, status = _deeds(viewer, programme), 200
    if request.method == "POST":
        deeds, status = done(request, deeds)
        if status == 302:
            return redirect("supply:capacity", programme)
    return render(request, "supply/capacity.html", _context(programme, outlook, deeds), status=status)


def _context(programme: str, outlook: Outlook, deeds: Sequence[Deed]) -> dict[str, object]:
    found, goal = outlook.capacity, outlook.capacity.goal
    day = goal.by if goal else found.last
    items = book().items
    return {
        "programme": programme_on_file(programme),
        "goal": goal,
        "day": day,
        "now": shown(found.on(outlook.today).petaflops[Standing.CERTAIN]),
        "parts": _parts(found, day),
        "picture": draw(found, outlook.today),
        "standings": [(standing, gettext(STANDINGS[standing])) for standing in Standing],
        "steps": _steps(found),
        "held": list(outlook.held.items()),
        "unrated": [(items[chip].name if chip in items else chip, count) for chip, count in found.unrated.items()],
        "images": images_stated(settings.LIONROCK_RULEBOOK).centres.get(goal.petaflops) if goal else None,
        "files": ENDINGS,
        "deeds": deeds,
    }


def shown(petaflops: Fraction) -> Decimal:
    """Return petaflops for reading, in tenths."""
    return to_places(petaflops, 1)


def _parts(found: Capacity, day: date) -> list[Part]:
    level = found.on(day)
    parts = []
    for standing in Standing:
        gap = found.gap(standing)
        parts.append(
            Part(
                standing,
                gettext(STANDINGS[standing]),
                gettext(MEANINGS[standing]),
                shown(level.petaflops[standing]),
                shown(level.up_to(standing)),
                None if gap is None else shown(gap),
            )
        )
    return parts


def _steps(found: Capacity) -> list[Step]:
    items = book().items
    return [
        Step(
            level.on,
            [(gettext(STANDINGS[standing]), shown(level.petaflops[standing])) for standing in Standing],
            shown(level.total),
            [
                (change.cause, items[change.chip].name if change.chip in items else change.chip, change.chips)
                for change in level.changes
                if level.on > found.first
            ],
        )
        for level in found.levels
    ]


@require_safe
def capacity_file(request: HttpRequest, programme: str, ending: str) -> HttpResponse:
    """Hand capacity over time out as CSV or JSON."""
    today = today_of(programme, timezone.now())
    found = planned_capacity(viewer_of(request), programme, today).capacity
    return table_file(f"capacity-{programme}", ending, CAPACITY_COLUMNS, capacity_rows(found))


def _deeds(viewer: Actor, programme: str) -> list[Deed]:
    found = []
    if viewer.holds(Role.OFFICE, programme=programme):
        found.append(_goal(viewer, programme))
    if viewer.holds(*RUN, programme=programme):
        found += [_put(viewer, programme), _retire(viewer, programme)]
    return found


def _goal(viewer: Actor, programme: str) -> Deed:
    def act(typed: Typed) -> object:
        return set_goal(
            actor=viewer,
            programme=programme,
            petaflops=read_number(typed["petaflops"], "petaflops"),
            by=day_in(typed, "by"),
            source=typed["source"],
            now=timezone.now(),
        )

    boxes = [
        Box("petaflops", gettext("Petaflops, at 16 bits without sparsity"), longest=9),
        Box("by", gettext("By which day"), kind="date"),
        Box("source", gettext("Who says so, and where"), longest=300),
    ]
    return Deed("goal", gettext("Set the goal"), boxes, act)


def _put(viewer: Actor, programme: str) -> Deed:
    def act(typed: Typed) -> object:
        return commission_equipment(
            actor=viewer,
            site=typed["site"],
            chip=typed["chip"],
            chips=read_number(typed["chips"], "chips"),
            since=day_in(typed, "since"),
            note=typed["note"],
            now=timezone.now(),
        )

    sites = [(site.code, site.name) for site in Site.objects.filter(programme=programme)]
    boxes = [
        select("site", gettext("Site"), sites),
        select("chip", gettext("Accelerator"), chips_on_file()),
        Box("chips", gettext("How many"), longest=9),
        Box("since", gettext("In operation since"), kind="date"),
        Box("note", gettext("What this rests on"), longest=300),
    ]
    told = gettext("For what runs and was not ordered here. What comes by an order is put into operation on its page.")
    return Deed("put", gettext("Record what runs already"), boxes, act, help=told)


def _retire(viewer: Actor, programme: str) -> Deed:
    def act(typed: Typed) -> object:
        return retire_equipment(
            actor=viewer,
            equipment=read_number(typed["equipment"], "equipment"),
            chips=read_number(typed["chips"], "chips"),
            on=day_in(typed, "on"),
            reason=typed["reason"],
            now=timezone.now(),
        )

    there = Equipment.objects.filter(site__programme=programme).select_related("site")
    choices = [(str(each.pk), f"{each.site.code} · {each.chip} · {each.chips} · {each.since}") for each in there]
    boxes = [
        select("equipment", gettext("Which equipment"), choices),
        Box("chips", gettext("How many"), longest=9),
        Box("on", gettext("Out of operation from"), kind="date"),
        Box("reason", gettext("Why"), longest=300),
    ]
    return Deed("retire", gettext("Take out of operation"), boxes, act)
