"""Setting what somebody has to their credit against what they owe.

Whoever changes what an organisation owes posts first. That holds the balance of its account in the
ledger until the transaction ends, so that of two who match for one organisation the second sees
what the first has done; and all take the two in this order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from lionrock.charging.models import MonthClose
from lionrock.kernel.events import publish
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.receivables.domain import Item, Wish, spread
from lionrock.receivables.events import PaymentMatched
from lionrock.receivables.models import Matching, Payment, Reminder, Reversal
from lionrock.receivables.queries import on_account, open_items
from lionrock.rules.programme import Programme
from lionrock.statements.models import Document


def match_account(
    programme: Programme,
    organisation: str,
    now: datetime,
    *,
    payment: Payment | None = None,
    wishes: Sequence[Wish] = (),
) -> None:
    """Pay the open invoices of an organisation from its credit notes, then from its payments, the oldest first.

    A `payment` that names what it is for (`wishes`) comes before all else.
    """
    found = open_items(programme, organisations=[organisation])
    left = {item.number: item.open for item in found if item.open > 0}
    sources: list[Item | Payment] = [item for item in found if item.open < 0]
    sources += on_account(programme, organisation=organisation)
    if wishes:
        sources.sort(key=lambda source: source != payment)
    for source in sources:
        parts = spread(_to_spend(source), left, wishes if source == payment else ())
        if parts:
            _write(source, parts, now, programme)
        left = {invoice: still - parts.get(invoice, 0) for invoice, still in left.items()}


def _to_spend(source: Item | Payment) -> int:
    return -source.open if isinstance(source, Item) else int(source.left)  # type: ignore[attr-defined]


def _write(source: Item | Payment, parts: Mapping[str, int], now: datetime, programme: Programme) -> None:
    """Write what one source pays; it holds from the first day on which there was both it and so much to pay."""
    given: dict[str, Any] = {"payment": source}
    if isinstance(source, Item):
        given = {"credit_note": Document.objects.get(number=source.number)}
    since = source.issued if isinstance(source, Item) else source.paid_on
    for invoice in _invoices(parts):
        on = max(since, _payable_from(invoice, programme))
        Matching.objects.create(invoice=invoice, amount=parts[invoice.number], on=on, recorded_at=now, **given)
    if not isinstance(source, Item):
        publish(PaymentMatched(source.pk, source.programme, source.organisation.code, now))


def _invoices(parts: Mapping[str, int]) -> QuerySet[Any]:
    """Return the invoices, each with the days on which more of it became open: by a reversal, by interest."""
    rows = Document.objects.filter(number__in=parts).order_by("issued_at", "number")
    returned = Reversal.objects.filter(payment__matchings__invoice=OuterRef("pk")).order_by("-on").values("on")[:1]
    charged = Reminder.objects.filter(invoice=OuterRef("pk"), interest__gt=0).order_by("-on").values("on")[:1]
    return rows.annotate(returned_on=Subquery(returned), charged_on=Subquery(charged))


def _payable_from(invoice: Any, programme: Programme) -> date:
    days: list[date] = [day for day in (invoice.returned_on, invoice.charged_on) if day]
    return max([local_date(invoice.issued_at, programme.zone), *days])


def match_after_close(*, close: MonthClose, actor: Actor, now: datetime) -> None:  # noqa: ARG001 - of the event
    """Pay the new invoices of a closed month from what their organisations have to their credit.

    Runs in the transaction of the close, after its documents are issued.
    """
    programme = programme_on_file(close.programme)
    billed = set(Document.objects.filter(close=close).values_list("organisation__code", flat=True))
    credit = {each.organisation.code for each in on_account(programme)}
    credit |= {item.organisation for item in open_items(programme) if item.open < 0}
    for organisation in sorted(billed & credit):
        match_account(programme, organisation, now)
