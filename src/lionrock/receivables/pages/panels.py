"""What this room adds to the page of a document: what is open of it, what paid it, what was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from lionrock.kernel.money import Money
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.receivables.domain import Item
from lionrock.receivables.models import Matching, Settled
from lionrock.receivables.queries import item_by_number, matchings_of, today_of
from lionrock.receivables.terms import levels_of
from lionrock.rules.shape import Names
from lionrock.statements.models import Document, Settlement
from lionrock.web.filling import Box
from lionrock.web.panels import Panel


@dataclass(frozen=True, slots=True)
class Part:
    """A line of what paid a document, or of what a credit note paid."""

    on: date
    payment: int | None
    reference: str
    document: str
    amount: Money
    reversed_on: date | None


def document_panel(viewer: Actor, document: Document) -> Panel:
    """Return what is open of a document and how it came to be so."""
    item, today = item_by_number(document), today_of(programme_on_file(document.programme), timezone.now())
    money = _in(document.currency)
    finance = viewer.holds(Role.FINANCE, programme=document.programme)
    content = {
        "document": document,
        "item": item,
        "state": state_of(item, today),
        "days_late": item.days_late(today),
        "total": money(item.total),
        "open": money(abs(item.open)),
        "written_off": money(item.written_off) if item.written_off else None,
        "interest": money(item.interest) if item.interest else None,
        "parts": [_part(each, document) for each in matchings_of(document)],
        "reminders": _reminders(document),
        "asked": document.write_offs.filter(answer__isnull=True).exists(),
        "may_write_off": finance and item.open > 0,
        "boxes": write_off_boxes(document),
    }
    return Panel("receivables/panel.html", content)


def state_of(item: Item, today: date) -> str:
    """Return how a document stands, as a code that `web.words` knows."""
    if item.open <= 0:
        return "credit" if item.open < 0 else "paid"
    if item.days_late(today):
        return "overdue"
    return "part_paid" if item.open < item.total else "unpaid"


def write_off_boxes(document: Document) -> list[Box]:
    """Return the boxes in which a write-off is asked for."""
    return [
        Box("amount", gettext("Amount in {currency}").format(currency=document.currency), longest=30),
        Box("reason", gettext("Why nobody will collect it"), longest=300),
    ]


def _in(currency: str) -> Callable[[int], Money]:
    return lambda minor: Money(minor, currency)


def _part(each: Matching, document: Document) -> Part:
    payment = each.payment
    other = each.credit_note if each.invoice_id == document.pk else each.invoice
    reversal = getattr(payment, "reversal", None) if payment else None
    return Part(
        on=each.on,
        payment=payment.pk if payment else None,
        reference=payment.reference if payment else "",
        document="" if payment or other is None else other.number,
        amount=Money(each.amount, document.currency),
        reversed_on=reversal.on if reversal else None,
    )


def _reminders(document: Document) -> list[tuple[date, object]]:
    rows = list(document.reminders.order_by("number"))
    if not rows:
        return []
    programme = programme_on_file(document.programme)
    labels = {level.id: level.label for each in rows for level in levels_of(programme, each.on)}
    return [(each.on, labels.get(each.level, Names(each.level, each.level, each.level))) for each in rows]


def settlement_panel(viewer: Actor, paper: Settlement) -> Panel:
    """Return whether a claim or a remittance was settled, and the form for it."""
    found = Settled.objects.filter(paper=paper).first()
    content = {
        "paper": paper,
        "settled": found,
        "may_settle": found is None and viewer.holds(Role.FINANCE, programme=paper.programme),
        "boxes": settle_boxes(),
    }
    return Panel("receivables/settlement_panel.html", content)


def settle_boxes() -> list[Box]:
    """Return the boxes in which finance records that a paper was paid."""
    return [
        Box("on", gettext("Day of the payment"), kind="date"),
        Box("reference", gettext("Reference of the bank"), longest=100),
    ]
