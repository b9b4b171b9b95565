"""Orders, papers and suppliers, for those who may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from lionrock.controls.domain.rules import Book
from lionrock.controls.reading.book import load_book
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.sites.models import Site
from lionrock.supply.domain.holding import Why
from lionrock.supply.domain.states import DRAWN, HOLDING, HoldState, OrderState
from lionrock.supply.models import Authorisation, EndUserStatement, Hold, Order, OrderLine, Shipment, Supplier
from lionrock.supply.policies import RELEASE, SEE, require_anywhere
from lionrock.web.worklist import Waiting


def book() -> Book:
    """Return the controls on file, read once a process."""
    return load_book(settings.LIONROCK_RULEBOOK)


def programmes_seen(viewer: Actor) -> set[str]:
    """Return the programmes whose supply the viewer sees, of those that have a site; raises `NotAllowed` for none."""
    require_anywhere(viewer, *SEE)
    known = set(Site.objects.values_list("programme", flat=True).distinct())
    return known if viewer.operator else set(viewer.programmes(*SEE))


def orders(viewer: Actor) -> QuerySet[Order]:
    """Return the orders that the viewer sees, the latest first; raises `NotAllowed` for who sees none."""
    found = Order.objects.filter(programme__in=programmes_seen(viewer))
    return found.select_related("supplier__organisation").prefetch_related(
        "lines__site", "lines__authorisation", "holds"
    )


def order_by_code(viewer: Actor, code: str) -> Order:
    """Return an order; raises `NotFound`."""
    found = orders(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("supply.order.unknown", message(gettext_noop("There is no order {code} for you."), code=code))
    return found


def authorisations(viewer: Actor) -> QuerySet[Authorisation]:
    """Return the licences and exceptions that the viewer sees, with their lines."""
    return Authorisation.objects.filter(programme__in=programmes_seen(viewer)).prefetch_related("lines__order")


def statements(viewer: Actor) -> QuerySet[EndUserStatement]:
    """Return the end-user statements of the sites whose supply the viewer sees."""
    return EndUserStatement.objects.filter(site__programme__in=programmes_seen(viewer)).select_related("site")


def suppliers(viewer: Actor) -> QuerySet[Supplier]:
    """Return all suppliers; raises `NotAllowed` for who sees no supply."""
    require_anywhere(viewer, *SEE)
    return Supplier.objects.select_related("organisation")


def suppliers_checked() -> set[int]:
    """Return the suppliers whose orders are held because of screening."""
    standing = [state.value for state in HOLDING]
    held = Hold.objects.filter(why=Why.SUPPLIER.value, state__in=standing, order__state=OrderState.HELD.value)
    return set(held.values_list("order__supplier", flat=True))


def shares_of(papers: Iterable[int]) -> dict[int, int]:
    """Return how many chips of each line its authorisation covers: lines are served in the order they were covered.

    A line of a cancelled order keeps what had left.
    """
    lines = OrderLine.objects.filter(authorisation__in=list(papers)).select_related("authorisation", "order")
    ordered = list(lines.order_by("authorisation_id", "covered_at", "pk"))
    drawn = drawn_by_line([line.pk for line in ordered])
    left: dict[int, int] = {}
    found: dict[int, int] = {}
    for line in ordered:
        paper = line.authorisation
        assert paper is not None
        wanted = drawn.get(line.pk, 0) if line.order.state == OrderState.CANCELLED.value else line.chips
        found[line.pk] = min(wanted, left.setdefault(paper.pk, paper.quantity))
        left[paper.pk] -= found[line.pk]
    return found


def drawn_by_line(lines: Iterable[int]) -> Mapping[int, int]:
    """Return how many chips of each line have left, whatever became of them."""
    rows = Shipment.objects.filter(line__in=list(lines), state__in=[state.value for state in DRAWN])
    found: dict[int, int] = defaultdict(int)
    for line, units, each in rows.values_list("line", "units", "line__chips_per_unit"):
        found[line] += units * each
    return found


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:  # noqa: ARG001 - every room is asked the same way
    """Return a line for the orders that are held, and one for those where a second person has to agree."""
    if viewer.operator or not viewer.programmes(*RELEASE):
        return []
    found = Hold.objects.filter(order__programme__in=viewer.programmes(*RELEASE), order__state=OrderState.HELD.value)
    asked = Q(state=HoldState.ASKED.value) & ~Q(asked_by__iexact=viewer.email)
    counted = found.aggregate(
        first=Count("order", filter=Q(state=HoldState.STANDING.value), distinct=True),
        first_since=Min("since", filter=Q(state=HoldState.STANDING.value)),
        second=Count("order", filter=asked, distinct=True),
        second_since=Min("state_since", filter=asked),
    )
    lines = (
        (gettext_noop("Orders of accelerators that are held: {count}"), "first"),
        (gettext_noop("Agree to release an order of accelerators, or not: {count}"), "second"),
    )
    return [
        Waiting(
            message(said, count=counted[name]),
            f"{reverse('supply_orders:list')}?held=1",
            since=counted[f"{name}_since"],
            count=counted[name],
        )
        for said, name in lines
        if counted[name]
    ]
