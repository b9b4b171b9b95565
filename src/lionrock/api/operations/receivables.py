"""What is owed and paid: payments, bank statements, what is held of them, write-offs, claims settled."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from io import StringIO
from typing import Any, Literal

from lionrock.api.calls import Call, Given, Nothing
from lionrock.api.declared.answers import printed, shape
from lionrock.api.declared.things import Thing, figures, handed_out, listed, make, sent_file
from lionrock.api.domain.tokens import Scope
from lionrock.api.shapes import MonthText
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.receivables import actions
from lionrock.receivables.models import BankFile, HeldRow, Payment, Settled, WriteOff
from lionrock.receivables.queries import (
    ageing,
    asked_to_write_off,
    files,
    held_rows,
    open_items,
    payment_by_number,
    payments,
    require_money,
    today_of,
    write_offs,
)
from lionrock.statements.focus.reading import write_focus
from lionrock.statements.queries import document_by_number, documents

_PAYMENT = Thing(
    path="payments/{number}",
    scope=Scope.MONEY,
    shape=shape(
        "PaymentShown",
        Payment,
        "number=pk programme reference organisation=organisation.code amount currency paid_on note source recorded_at "
        "reversed_on=reversal.on reversal_reason=reversal.reason",
    ),
    find=lambda viewer, number, **_lock: payment_by_number(viewer, number),
    names={"number": "payment"},
    reader="read_payment",
)
_PAYMENT.listed(
    "list_payments",
    "List the payments that one may see, the newest first.",
    payments,
    by={"programme": "programme", "organisation": "organisation__code"},
    pages=("receivables:payments",),
    commands=("payments list",),
)
_PAYMENT.read("read_payment", "Show one payment.", pages=("receivables:payment",))
_PAYMENT.make(
    actions.record_payment, of=lambda made: made[0], pages=("receivables:payments",), commands=("payments record",)
)
_PAYMENT.do(actions.reverse_payment, "reverse", pages=("receivables:reverse",), commands=("payments reverse",))

_FILE = shape("BankFileShown", BankFile, "number=pk programme name digest tally taken_at taken_by")
listed(
    "programmes/{programme}/bank-files",
    "list_bank_files",
    "List the bank statements that were taken in, the newest first.",
    files,
    _FILE,
    pages=("receivables:payments",),
    commands=("payments files",),
)
sent_file(
    actions.import_bank_file,
    "programmes/{programme}/bank-files",
    Scope.MONEY,
    _FILE,
    content="content",
    takes=("text/csv",),
    pages=("receivables:bank_file",),
    commands=("payments import",),
)
_HELD = shape("HeldPayment", HeldRow, "number=pk programme=file.programme file=file.name line raw faults")
listed(
    "programmes/{programme}/held-payments",
    "list_held_payments",
    "List the rows of bank statements that could not be taken, with every fault.",
    held_rows,
    _HELD,
    pages=("receivables:payments",),
    commands=("payments held",),
)
make(
    actions.drop_held_row,
    "held-payments/{number}/drop",
    Scope.MONEY,
    shape("HeldPaymentDropped", HeldRow, "programme=file.programme file=file.name line raw"),
    given={"number": "row"},
    status=HTTPStatus.OK,
    pages=("receivables:drop",),
    commands=("payments drop",),
)

_WRITE_OFF = shape(
    "WriteOffShown",
    WriteOff,
    "number=pk programme=invoice.programme document=invoice.number currency=invoice.currency amount reason authority "
    "asked_at asked_by agreed=answer.agreed answered_by=answer.answered_by answered_at=answer.answered_at",
)
_ASKED = Thing(
    path="write-offs/{number}",
    scope=Scope.MONEY,
    shape=_WRITE_OFF,
    find=lambda viewer, number, **_lock: asked_to_write_off(viewer).get(pk=number),
    names={"number": "number"},
)
listed(
    "programmes/{programme}/write-offs",
    "list_write_offs",
    "List what was asked to be written off, the newest first.",
    write_offs,
    _WRITE_OFF,
    pages=("receivables:write_offs",),
    commands=("receivables write-offs",),
)
_ASKED.do(actions.agree_to_write_off, "agree", pages=("receivables:agree",), commands=("receivables agree",))
_ASKED.do(actions.refuse_write_off, "refuse", pages=("receivables:refuse",), commands=("receivables refuse",))
make(
    actions.write_off,
    "statements/{number}/write-off",
    Scope.MONEY,
    _WRITE_OFF,
    given={"number": "document"},
    kinds={"number": str},
    within=document_by_number,
    pages=("receivables:ask",),
    commands=("receivables write-off",),
)
make(
    actions.settle_paper,
    "settlements/{number}/settle",
    Scope.MONEY,
    shape("SettledShown", Settled, "number=paper.number on reference recorded_at recorded_by"),
    kinds={"number": str},
    pages=("receivables:settle",),
    commands=("receivables settle",),
)


def _ageing(viewer: Actor, programme: str, now: datetime, on: date | None = None) -> dict[str, Any]:
    day = on or today_of(require_money(viewer, programme), now)
    found = ageing(viewer, programme, day)
    return {
        "on": day,
        "currency": found.programme.currency,
        "rows": [
            {"organisation": row.organisation, "buckets": row.buckets, "credit": row.credit, "balance": row.balance}
            for row in found.rows
        ],
        "total": found.total.buckets,
        "credit": found.total.credit,
        "booked": found.booked,
        "without_document": found.without_document,
    }


def _open(
    viewer: Actor, programme: str, now: datetime, organisation: str = "", on: date | None = None
) -> list[dict[str, Any]]:
    rules = require_money(viewer, programme)
    day = on or today_of(rules, now)
    names = ("number", "organisation", "issued", "due", "currency", "total", "open")
    found = open_items(rules, organisations=[organisation] if organisation else None, on=day)
    return [{name: getattr(item, name) for name in names} | {"days_late": item.days_late(day)} for item in found]


figures(
    _ageing,
    "programmes/{programme}/ageing",
    name="read_ageing",
    said="Show what every organisation owes on a day, by how late it is, and that the books agree.",
    pages=("receivables:owed", "receivables:list"),
    commands=("receivables ageing",),
)
figures(
    _open,
    "programmes/{programme}/open-documents",
    name="list_open_documents",
    said="Tell of which documents something is open, the oldest first.",
    tell=printed,
    rows=True,
    pages=("receivables:owed",),
    commands=("receivables open",),
)


class FocusAsked(Given):
    """Which dataset of FOCUS, of which months."""

    dataset: Literal["cost-and-usage", "invoice-detail", "contract-commitment", "billing-period"] = "cost-and-usage"
    first: MonthText = ""
    last: MonthText = ""


def _focus(call: Call[FocusAsked, Nothing], programme: str) -> bytes:
    found, asked, file = documents(call.actor).filter(programme=programme_on_file(programme).id), call.query, StringIO()
    for lookup, month in (("month__gte", asked.first), ("month__lte", asked.last)):
        found = found.filter(**{lookup: Month.parse(month).first_day}) if month else found
    write_focus(asked.dataset, found, file, call.now)
    return file.getvalue().encode()


handed_out(
    "read_focus",
    "Hand out statements as one of the datasets of FOCUS 1.4 (CSV), for tools that read it.",
    "programmes/{programme}/focus",
    _focus,
    "text/csv",
    query=FocusAsked,
    commands=("statement focus",),
)
