"""What every organisation owes, by how long it has been due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.kernel.money import Money
from lionrock.people.choosing import choose_programme
from lionrock.people.domain import Role
from lionrock.people.models import Organisation
from lionrock.people.viewer import viewer_of
from lionrock.receivables.domain import Aged, Item
from lionrock.receivables.queries import SEE_MONEY, Ageing, ageing, require_money, today_of
from lionrock.web.listing import ROWS_PER_PAGE


@dataclass(frozen=True, slots=True)
class Row:
    """What one organisation owes, as the page shows it."""

    code: str
    organisation: Organisation | None
    buckets: tuple[Money, ...]
    credit: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A document of which something is open."""

    item: Item
    organisation: Organisation | None
    days_late: int

    @property
    def open(self) -> Money:
        """What is still to be paid."""
        return Money(self.item.open, self.item.currency)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the programmes whose money the viewer looks after; the only one is shown at once."""
    nothing = gettext("You look after the money of no programme.")
    seen = viewer_of(request).programmes(*SEE_MONEY)
    return choose_programme(request, seen, page="receivables:owed", heading=gettext("What is owed"), nothing=nothing)


@require_safe
def owed(request: HttpRequest, programme: str) -> HttpResponse:
    """Show what is owed at the end of a day (`?on=`), by age and by organisation, and every open document."""
    viewer = viewer_of(request)
    rules = require_money(viewer, programme)
    today = today_of(rules, timezone.now())
    day = _day(request.GET.get("on", ""), today)
    found = ageing(viewer, programme, day)
    page = Paginator(found.items, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    codes = {row.organisation for row in found.rows}
    places = {each.code: each for each in Organisation.objects.filter(code__in=codes)}
    context = {
        "programme": rules,
        "on": day,
        "today": today,
        "headings": headings(),
        "rows": [_row(row, found, places) for row in found.rows],
        "total": _row(found.total, found, places),
        "owed": found.money(found.total.owed),
        "late": found.money(found.total.late),
        "booked": found.money(found.booked),
        "without_document": found.money(found.without_document),
        "page": page,
        "items": [OpenRow(item, places.get(item.organisation), item.days_late(day)) for item in page.object_list],
        "finance": viewer.holds(Role.FINANCE, programme=programme),
    }
    return render(request, "receivables/owed.html", context)


def headings() -> list[str]:
    """Return what the classes of ageing are called."""
    days = ("1–30", "31–60", "61–90")
    late = [gettext("{days} days late").format(days=each) for each in days]
    return [gettext("Not late"), *late, gettext("Over 90 days late")]


def _day(text: str, today: date) -> date:
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today


def _row(row: Aged, found: Ageing, places: dict[str, Organisation]) -> Row:
    buckets = tuple(found.money(each) for each in row.buckets)
    return Row(
        row.organisation, places.get(row.organisation), buckets, found.money(row.credit), found.money(row.balance)
    )
