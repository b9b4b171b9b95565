"""What is open of each document on a day, what stands on account, and who may see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date, local_midnight
from lionrock.ledger.models import Posting
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import visible
from lionrock.receivables.domain import Aged, Item, Stretch, aged
from lionrock.receivables.models import BankFile, HeldRow, Matching, Payment, Reminder, WriteOff, WriteOffAnswer
from lionrock.rules.programme import Programme
from lionrock.statements.models import Document
from lionrock.statements.papers import due_day

SEE_MONEY = (Role.FINANCE, Role.AUDITOR, Role.OFFICE, Role.CHAIR)
"""Who sees what everybody owes; an organisation sees its own documents and payments."""


def payments(viewer: Actor) -> QuerySet[Payment]:
    """Return the payments of the viewer's programmes and organisations, the latest first."""
    rule = visible(viewer, programme="programme", organisation="organisation__code")
    return Payment.objects.filter(rule).select_related("organisation", "reversal")


def payment_by_number(viewer: Actor, number: int) -> Payment:
    """Return one payment; raises `NotFound` when there is none that this viewer may see."""
    found = payments(viewer).filter(pk=number).first()
    if found is None:
        raise NotFound(
            "receivables.payment.unknown",
            message(gettext_noop("There is no payment {number} for you to see."), number=number),
        )
    return found


def require_money(viewer: Actor, programme: str) -> Programme:
    """Return the programme when the viewer may see what everybody owes it; raises `NotFound` or `NotAllowed`."""
    found = programme_on_file(programme)
    require(viewer, *SEE_MONEY, programme=programme)
    return found


def stands(on: date | None, payment: str = "") -> Q:
    """Return the rule that a payment (at the end of the lookup) stands on a day; None: with all that is recorded."""
    at = f"{payment}__" if payment else ""
    never = Q(**{f"{at}reversal__isnull": True})
    return never if on is None else never | Q(**{f"{at}reversal__on__gt": on})


def _sum(rows: QuerySet[Any], by: str, amount: str = "amount") -> Combinable:
    """Return the sum of what belongs to a document, as a part of the query for documents."""
    of_document = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(total=Sum(amount))
    return Coalesce(Subquery(of_document.values("total"), output_field=BigIntegerField()), Value(0))


def _until(day: date | None, field: str = "on") -> Q:
    return Q() if day is None else Q(**{f"{field}__lte": day})


def standing_documents(programme: Programme, on: date | None = None) -> QuerySet[Any]:
    """Return the documents issued by the end of a day, with what was done to each.

    That is `matched`, `used`, `written_off`, `interest`, and what is `left`, in minor units.
    """
    found = Document.objects.filter(programme=programme.id)
    if on is not None:
        found = found.filter(issued_at__lt=local_midnight(on + timedelta(days=1), programme.zone))
    counted = Matching.objects.filter(_until(on)).filter(Q(payment__isnull=True) | stands(on, "payment"))
    agreed = WriteOffAnswer.objects.filter(_until(on), agreed=True)
    return (
        found.select_related("organisation")
        .defer("awards")
        .annotate(
            matched=_sum(counted, "invoice"),
            used=_sum(counted, "credit_note"),
            written_off=_sum(agreed, "write_off__invoice", "write_off__amount"),
            interest=_sum(Reminder.objects.filter(_until(on)), "invoice", "interest"),
            left=F("user") + F("interest") + F("used") - F("matched") - F("written_off"),
        )
    )


def item_of(document: Any, programme: Programme) -> Item:
    """Return one of `standing_documents` as a value."""
    return Item(
        number=document.number,
        organisation=document.organisation.code,
        currency=document.currency,
        total=document.user,
        issued=local_date(document.issued_at, programme.zone),
        due=due_day(programme, document.month, document.issued_at),
        matched=document.matched - document.used,
        written_off=document.written_off,
        interest=document.interest,
    )


def open_items(
    programme: Programme, *, organisations: Collection[str] | None = None, on: date | None = None
) -> list[Item]:
    """Return the documents of which something is open at the end of a day, the oldest first (one query)."""
    found = standing_documents(programme, on).exclude(left=0).order_by("issued_at", "number")
    if organisations is not None:
        found = found.filter(organisation__code__in=organisations)
    return [item_of(document, programme) for document in found]


def on_account(programme: Programme, *, organisation: str | None = None, on: date | None = None) -> list[Any]:
    """Return the payments that stand on a day and are not wholly matched, the oldest first, each with its `left`."""
    found = Payment.objects.filter(stands(on), _until(on, "paid_on"), programme=programme.id)
    if organisation is not None:
        found = found.filter(organisation__code=organisation)
    found = found.annotate(left=F("amount") - _sum(Matching.objects.filter(_until(on)), "payment"))
    return list(found.filter(left__gt=0).select_related("organisation").order_by("paid_on", "pk"))


@dataclass(frozen=True, slots=True)
class Ageing:
    """What every organisation owes at the end of a day, and how that agrees with the books; minor units.

    `items` are the documents of which something is open, the oldest first.
    `booked` is what the ledger's accounts of users hold on that day. It differs from the documents by
    what is booked and has no document: months closed later than the day, balances brought in.
    """

    programme: Programme
    on: date
    items: tuple[Item, ...]
    rows: tuple[Aged, ...]
    booked: int

    @property
    def total(self) -> Aged:
        """The sum of all rows."""
        sums = tuple(sum(row.buckets[number] for row in self.rows) for number in range(5))
        return Aged("", sums, sum(row.credit for row in self.rows))

    @property
    def without_document(self) -> int:
        """What the books hold beyond the documents."""
        return self.booked - self.total.balance

    def money(self, minor: int) -> Money:
        """Return minor units as an amount of the programme's currency."""
        return Money(minor, self.programme.currency)


def ageing(viewer: Actor, programme: str, on: date) -> Ageing:
    """Return what every organisation owes at the end of a day in the programme's zone (three queries)."""
    found = require_money(viewer, programme)
    advances = [(each.organisation.code, each.left) for each in on_account(found, on=on)]
    items = tuple(open_items(found, on=on))
    return Ageing(found, on, items, aged(items, advances, on), _booked(found, on))


def _booked(programme: Programme, on: date) -> int:
    legs = Posting.objects.filter(
        account__programme=programme.id,
        account__unit=programme.currency,
        account__path__startswith="receivable/user/",
        journal__at__lt=local_midnight(on + timedelta(days=1), programme.zone),
    )
    return int(legs.aggregate(total=Sum("amount"))["total"] or 0)


def item_by_number(document: Document) -> Item:
    """Return how a document stands with all that is recorded; the caller has seen to permission."""
    programme = programme_on_file(document.programme)
    return item_of(standing_documents(programme).get(pk=document.pk), programme)


def matchings_of(document: Document) -> Iterable[Matching]:
    """Return what has paid a document, or what a credit note has paid, in order."""
    rows = Matching.objects.filter(Q(invoice=document) | Q(credit_note=document))
    return rows.select_related("payment", "payment__reversal", "credit_note", "invoice").order_by("on", "pk")


def files(viewer: Actor, programme: str) -> QuerySet[BankFile]:
    """Return the bank statements that were taken in, the latest first."""
    require_money(viewer, programme)
    return BankFile.objects.filter(programme=programme)


def held_rows(viewer: Actor, programme: str) -> QuerySet[HeldRow]:
    """Return the rows of bank statements that wait to be mended."""
    return HeldRow.objects.filter(file__in=files(viewer, programme)).select_related("file")


def write_offs(viewer: Actor, programme: str) -> QuerySet[WriteOff]:
    """Return what was asked to be written off, the latest first."""
    require_money(viewer, programme)
    rows = WriteOff.objects.filter(invoice__programme=programme).order_by("-pk")
    return rows.select_related("invoice", "invoice__organisation", "answer")


def today_of(programme: Programme, now: datetime) -> date:
    """Return the day in the programme's zone."""
    return local_date(now, programme.zone)


def asked_to_write_off(viewer: Actor) -> QuerySet[WriteOff]:
    """Return what was asked to be written off in the programmes whose money the viewer looks after."""
    rows = WriteOff.objects.select_related("invoice", "invoice__organisation")
    return rows if viewer.operator else rows.filter(invoice__programme__in=viewer.programmes(*SEE_MONEY))


def owed_by_day(document: Document, since: date, until: date) -> list[Stretch]:
    """Return what was open of a document, without interest, from a day up to, not including, another."""
    changes: list[tuple[date, int]] = []
    for each in _paid(document):
        changes.append((each.on, -each.amount))
        back = _returned_on(each.payment) if each.payment else None
        changes += [(max(back, each.on), each.amount)] if back else []
    agreed = WriteOffAnswer.objects.filter(write_off__invoice=document, agreed=True).select_related("write_off")
    changes += [(each.on, -each.write_off.amount) for each in agreed]
    edges = sorted({since, until, *(day for day, _ in changes if since < day < until)})
    return [
        Stretch(first, end, document.user + sum(amount for day, amount in changes if day <= first))
        for first, end in pairwise(edges)
    ]


def _paid(document: Document) -> QuerySet[Matching]:
    return Matching.objects.filter(invoice=document).select_related("payment", "payment__reversal")


def _returned_on(payment: Payment) -> date | None:
    reversal = getattr(payment, "reversal", None)
    return reversal.on if reversal else None
