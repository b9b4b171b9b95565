"""Billing, paying and looking in a line each: Harbour bears 30 per cent of 16.00 an hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.calls.world import OPERATOR, holder
from tests.statements.books import DELTA, HARBOUR, PROGRAMME, Books

from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.queries import balances
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.receivables.actions import record_payment
from lionrock.receivables.domain import Item, Wish
from lionrock.receivables.models import Matching, Payment
from lionrock.receivables.queries import on_account, open_items
from lionrock.statements.models import Document

FINANCE, AUDITOR = holder(Role.FINANCE, PROGRAMME), holder(Role.AUDITOR, PROGRAMME)
SECOND = Actor("second@finance.example", FINANCE.grants)
CHAIR, OFFICE = holder(Role.CHAIR, PROGRAMME), holder(Role.OFFICE, PROGRAMME)
LATER = datetime(2026, 12, 1, 2, tzinfo=UTC)
"""After all that these tests tell of."""
APRIL, MAY, JUNE = Month(2026, 4), Month(2026, 5), Month(2026, 6)

__all__ = ["DELTA", "HARBOUR", "OPERATOR", "PROGRAMME"]


def hkd(text: str) -> Money:
    return Money.parse(text, "HKD")


@dataclass
class Till:
    """What happens in the programme, and how it stands."""

    books: Books

    def bill(self, month: Month, **hours: int) -> list[Document]:
        """Close a month in which organisations used so many hours; return what they were sent, by organisation."""
        codes = {"harbour": HARBOUR, "delta": DELTA}
        for name, used in hours.items():
            self.books.use(codes[name], f"{month}-{name}", used, day=month.first_day + timedelta(days=9))
        close = self.books.close(month)
        return list(Document.objects.filter(close=close).order_by("organisation__code"))

    def pay(
        self, text: str, reference: str, *, by: str = HARBOUR, on: date = date(2026, 6, 10), wishes: Sequence[Wish] = ()
    ) -> Payment:
        """Record a payment."""
        given = {"actor": FINANCE, "programme": PROGRAMME, "organisation": by, "now": LATER}
        made, _ = record_payment(amount=hkd(text), paid_on=on, reference=reference, wishes=wishes, **given)  # type: ignore[arg-type]
        return made

    def open(self, on: date | None = None) -> dict[str, int]:
        """Return what is open of each document at the end of a day, by the end of its number."""
        return {short(item): item.open for item in open_items(programme_on_file(PROGRAMME), on=on)}

    def credit(self, on: date | None = None) -> dict[str, int]:
        """Return what stands on account, by reference."""
        return {each.reference: each.left for each in on_account(programme_on_file(PROGRAMME), on=on)}  # type: ignore[attr-defined]

    def owed(self) -> dict[str, int]:
        """Return what the books say that each organisation owes."""
        found = balances(PROGRAMME, "receivable/user", "HKD")
        return {path.removeprefix("receivable/user/"): amount for path, amount in found.items() if amount}


def short(item: Item) -> str:
    return item.number.removeprefix("HK-AISS-DEMO-").replace("-2026-000", "")


def matched() -> list[tuple[str, str, int]]:
    """Return what pays what, in order: the source, the invoice, the amount."""
    rows = Matching.objects.select_related("payment", "credit_note", "invoice").order_by("pk")
    return [
        (
            each.payment.reference if each.payment else _end(each.credit_note.number if each.credit_note else ""),
            _end(each.invoice.number),
            each.amount,
        )
        for each in rows
    ]


def _end(number: str) -> str:
    return number.removeprefix("HK-AISS-DEMO-").replace("-2026-000", "")
