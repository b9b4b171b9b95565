"""The list of awards, and one award."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.applications.queries import request_of
from lionrock.awards.domain import TRANSITIONS, AwardState, InForce, quota_of, seconds_asked
from lionrock.awards.models import Award, HeldAcceptance
from lionrock.awards.projects import answers_for
from lionrock.awards.queries import KEPT_LONG, award_by_code, awards, versions_of
from lionrock.kernel.money import Money
from lionrock.kernel.quantities import device_hours
from lionrock.ledger.domain.accounts import committed, quota_unit, quota_used, spent
from lionrock.ledger.queries import balance, balances_of
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.items import Item
from lionrock.web import kept
from lionrock.web.charts import Part
from lionrock.web.listing import page_of
from lionrock.web.panels import Panel

MakePanel = Callable[[Actor, Award], Panel]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the money of an award stands: its cap, what is spent, what is left, what was given back."""

    cap: Money
    spent: Money
    left: Money

    @property
    def given_back(self) -> Money:
        """What went back to the fund when the award ended."""
        return self.cap - self.spent - self.left

    def parts(self) -> tuple[Part, ...]:
        """Return the parts of the cap, for a bar."""
        parts = (Part("spent", gettext("Spent"), self.spent), Part("committed", gettext("Left"), self.left))
        back = Part("free", gettext("Given back to the fund"), self.given_back)
        return (*parts, back) if self.given_back.minor else parts


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the awards that the viewer may see, the latest first."""
    viewer = viewer_of(request)
    found = _asked_for(awards(viewer), request)
    ordered = found.select_related("organisation", "application").defer(*KEPT_LONG).prefetch_related("versions")
    page = page_of(request, ordered.order_by("-made_at", "-code"))
    context = {
        "page": page,
        "rows": [
            (award, versions_of(award)[-1], standing)
            for award, standing in zip(page, _standings(list(page.object_list)), strict=True)
        ],
        "staff": bool(viewer.programmes()),
        "states": [state.value for state in AwardState],
        "asked": {"q": request.GET.get("q", ""), "state": request.GET.get("state", "")},
    }
    return render(request, "awards/index.html", context)


def _asked_for(found: QuerySet[Award], request: HttpRequest) -> QuerySet[Award]:
    state, text = request.GET.get("state", ""), request.GET.get("q", "").replace("\0", "").strip()
    if state in list(AwardState):
        found = found.filter(state=state)
    if not text:
        return found
    fields = ("code", "application__title", "application__title_zh_hant", "application__title_zh_hans")
    names = ("organisation__code", "organisation__name", "organisation__name_zh_hant", "organisation__name_zh_hans")
    wanted = Q()
    for field in (*fields, *names):
        wanted |= Q(**{f"{field}__icontains": text})
    return found.filter(wanted)


def _standings(shown: Sequence[Award]) -> list[Standing]:
    """Return how each award stands: one query a programme, however many awards."""
    paths = [path for award in shown for path in _accounts(award)]
    books = {
        (programme, unit): balances_of(programme, paths, unit)
        for programme, unit in {(award.programme, award.currency) for award in shown}
    }
    return [_standing(award, books[award.programme, award.currency]) for award in shown]


def _accounts(award: Award) -> tuple[str, str]:
    return spent(award.code), committed(award.code)


def _standing(award: Award, book: Mapping[str, int]) -> Standing:
    paid, left = (Money(book[path], award.currency) for path in _accounts(award))
    return Standing(versions_of(award)[-1].cap, paid, left)


@require_safe
def award(request: HttpRequest, code: str, panels: Sequence[MakePanel] = ()) -> HttpResponse:
    """Show one award: its money, its terms, why it was made, what can be done, and what other rooms add to it."""
    viewer = viewer_of(request)
    found = award_by_code(viewer, code)
    prefetch_related_objects([found], "versions")
    [standing] = _standings([found])
    versions = versions_of(found)
    held = HeldAcceptance.objects.filter(award=found, taken_up_at__isnull=True).first()
    context = {
        "award": found,
        "application": found.application,
        "item": _item(found),
        "standing": standing,
        "now": versions[-1],
        "first": versions[0],
        "versions": versions[1:],
        "list_price": versions[-1].list_price,
        "conditions": [line for line in found.conditions.splitlines() if line.strip()],
        "findings": [kept.finding(each) for each in found.findings],
        "reads": [kept.read(each) for each in found.reads],
        "compared": _compared(found, versions),
        "papers": list(found.papers.order_by("id")),
        "variations": list(found.variations.order_by("-number")),
        "held": held,
        "suspension": found.suspensions.filter(resumed_at__isnull=True).first(),
        "zone": programme_on_file(found.programme).zone,
        "may": _may(viewer, found, held=held is not None),
        "panels": [make(viewer, found) for make in panels],
    }
    return render(request, "awards/award.html", context)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was asked for, what is awarded, and what is used, side by side; hours are device-hours."""

    asked_count: int | None
    asked_months: int | None
    asked_hours: Decimal
    awarded_hours: Decimal
    used_hours: Decimal


def _compared(award: Award, versions: tuple[InForce, ...]) -> Compared:
    zone = programme_on_file(award.programme).zone
    application = award.application
    return Compared(
        application.count,
        application.months,
        device_hours(seconds_asked(request_of(application), zone)),
        device_hours(quota_of(versions, zone)),
        device_hours(balance(award.programme, quota_used(award.code, award.item), quota_unit(award.item))),
    )


def _may(viewer: Actor, award: Award, *, held: bool) -> dict[str, bool]:
    """Return which steps the viewer can take now."""
    state = AwardState(award.state)
    member = answers_for(viewer, award)
    office = viewer.holds(Role.OFFICE, programme=award.programme)
    staff = viewer.holds(Role.OFFICE, Role.COMMITTEE, Role.CHAIR, programme=award.programme)
    return {
        "accept": member and (state, "accept") in TRANSITIONS and not held,
        "vary": (member or office) and (state, "vary") in TRANSITIONS,
        "suspend": staff and (state, "suspend") in TRANSITIONS,
        "resume": staff and (state, "resume") in TRANSITIONS,
        "end": staff and (state, "withdraw") in TRANSITIONS,
    }


def _item(award: Award) -> Item:
    return programme_on_file(award.programme).item(award.item)
