"""Orders: the list, its files, and placing one by hand or many by a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.notices.domain import told
from lionrock.people.domain import Actor
from lionrock.people.viewer import viewer_of
from lionrock.sites.models import Site
from lionrock.supply.actions import import_orders, place_order
from lionrock.supply.domain.drafts import LineDraft, OrderDraft
from lionrock.supply.domain.order_file import COLUMNS, OPTIONAL, read_number
from lionrock.supply.domain.states import HOLDING, OrderState
from lionrock.supply.exports import ORDER_COLUMNS, order_rows
from lionrock.supply.models import Order, Supplier
from lionrock.supply.pages.deeds import Deed, Typed, chips_on_file, countries, day_in, done, select
from lionrock.supply.policies import ACT, SEE_PRICES, require_anywhere
from lionrock.supply.queries.orders import book
from lionrock.supply.queries.orders import orders as orders_of
from lionrock.web.filling import Box
from lionrock.web.handing import ENDINGS, table_file
from lionrock.web.listing import page_of


@dataclass(frozen=True, slots=True)
class Row:
    """An order in the list: what is in it, its price where it may be seen, and what holds it."""

    order: Order
    lines: Sequence[tuple[str, int]]
    due: object
    prices: Sequence[Money]
    held: Sequence[Message]
    state: str


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """List the orders that the viewer sees, or only those that are held."""
    viewer, only_held = viewer_of(request), request.GET.get("held") == "1"
    found = orders_of(viewer)
    page = page_of(request, found.filter(state=OrderState.HELD.value) if only_held else found)
    context = {
        "page": page,
        "rows": [_row(viewer, order) for order in page],
        "only_held": only_held,
        "may": bool(viewer.programmes(*ACT)),
        "files": ENDINGS,
    }
    return render(request, "supply/orders.html", context)


def _row(viewer: Actor, order: Order) -> Row:
    lines, items = list(order.lines.all()), book().items
    priced = viewer.holds(*SEE_PRICES, programme=order.programme)
    standing = [hold for hold in order.holds.all() if hold.state in {state.value for state in HOLDING}]
    return Row(
        order=order,
        lines=[(items[line.chip].name if line.chip in items else line.chip, line.chips) for line in lines],
        due=max(line.due for line in lines),
        prices=totals([Money(line.price * line.units, line.currency) for line in lines]) if priced else [],
        held=[told(hold.said) for hold in standing],
        state=f"order_{order.state}",
    )


def totals(amounts: Sequence[Money]) -> list[Money]:
    """Return the sum of each currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Money(0, amount.currency)) + amount
    return list(sums.values())


@require_safe
def orders_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Hand the orders out as CSV or JSON, a row for each line."""
    viewer = viewer_of(request)
    return table_file("orders", ending, ORDER_COLUMNS, order_rows(viewer, orders_of(viewer)))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Place an order by hand, or all orders of a file."""
    viewer = viewer_of(request)
    require_anywhere(viewer, *ACT)
    placed: list[Order] = []
    deeds, status = [_by_hand(viewer, placed), _by_file(viewer, request, placed)], 200
    if request.method == "POST":
        deeds, status = done(request, deeds)
        if placed:
            return (
                redirect("supply_orders:show", placed[0].code) if len(placed) == 1 else redirect("supply_orders:list")
            )
    context = {"deeds": deeds, "columns": COLUMNS, "optional": OPTIONAL}
    return render(request, "supply/new.html", context, status=200 if status == 302 else status)


def _by_hand(viewer: Actor, placed: list[Order]) -> Deed:
    def act(typed: Typed) -> object:
        placed.append(place_order(actor=viewer, draft=_draft(typed), now=timezone.now()))
        return placed

    sellers = [
        (each.organisation.code, each.organisation.name) for each in Supplier.objects.select_related("organisation")
    ]
    programmes, places = viewer.programmes(*ACT), countries()
    sites = [(site.code, site.name) for site in Site.objects.filter(programme__in=programmes)]
    server = gettext("1 for a chip by itself; 8 for a server with eight of it.")
    boxes = [
        select("supplier", gettext("Supplier"), sellers),
        Box("reference", gettext("Reference of the supplier"), longest=100),
        select("to", gettext("Goes to"), places),
        select("from", gettext("Exported from"), places),
        select("headquarters", gettext("Headquarters of the end user's ultimate parent"), places),
        select("chip", gettext("Accelerator"), chips_on_file()),
        Box("chips_per_unit", gettext("Accelerators in a unit"), help=server, value="1", longest=4),
        Box("units", gettext("Units"), longest=7),
        Box("price", gettext("List price of a unit"), longest=20),
        Box("currency", gettext("Currency"), value="USD", longest=3),
        select("site", gettext("For the site"), sites),
        Box("due", gettext("Planned day of delivery"), kind="date"),
    ]
    return Deed("order", gettext("Place an order"), boxes, act)


def _draft(typed: Typed) -> OrderDraft:
    """Return what was typed; raises `Invalid` with the faults of all boxes."""
    faults: list[Fault] = []
    line = None
    units, each, price = 0, 0, Money(0, "USD")
    with collecting(faults):
        units = read_number(typed["units"], "units")
    with collecting(faults):
        each = read_number(typed["chips_per_unit"], "chips_per_unit")
    with collecting(faults):
        price = Money.parse(typed["price"], typed["currency"].upper(), field="price")
    with collecting(faults):
        line = LineDraft(typed["chip"], units, price, typed["site"], day_in(typed, "due"), each)
    if faults or line is None:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    return OrderDraft(typed["supplier"], typed["reference"], typed["to"], typed["from"], typed["headquarters"], (line,))


def _by_file(viewer: Actor, request: HttpRequest, placed: list[Order]) -> Deed:
    def act(_: Typed) -> object:
        sent = request.FILES.get("file")
        if sent is None:
            said = message(gettext_noop("No file was sent. Choose one first."))
            raise Invalid("supply.file.none", said, faults=[Fault("supply.file.none", said)])
        name = (sent.name or "orders.csv")[:200]
        placed.extend(import_orders(actor=viewer, content=sent.read(), name=name, now=timezone.now()))
        return placed

    return Deed("file", gettext("Place the orders of a file"), [], act, sends_file=True)
