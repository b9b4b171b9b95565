"""Payments: the list, one of them, recording, a bank statement, what is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.kernel.errors import Fault, Invalid, LionrockError, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.notices.domain import told
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Organisation
from lionrock.people.policies import require
from lionrock.people.viewer import viewer_of
from lionrock.receivables.actions import drop_held_row, import_bank_file, record_payment, reverse_payment
from lionrock.receivables.domain import Wish
from lionrock.receivables.domain.bank_file import LARGEST_FILE
from lionrock.receivables.models import HeldRow, Payment
from lionrock.receivables.queries import (
    SEE_MONEY,
    held_rows,
    payment_by_number,
    require_money,
)
from lionrock.receivables.queries import payments as payments_of
from lionrock.rules.programme import Programme
from lionrock.statements.models import Document
from lionrock.web.filling import Box, tried
from lionrock.web.listing import page_of
from lionrock.web.proving import needs_proof
from lionrock.web.sentences import translate


class Row:
    """A payment in a list."""

    def __init__(self, payment: Payment) -> None:
        self.payment = payment
        self.amount = Money(payment.amount, payment.currency)
        self.reversed = hasattr(payment, "reversal")


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def payments(request: HttpRequest, programme: str) -> HttpResponse:
    """List the payments of a programme; finance records one here, or sends a bank statement."""
    viewer, rules = viewer_of(request), require_money(viewer_of(request), programme)
    boxes = _boxes(rules)
    if request.method != "POST":
        return _shown(request, viewer, rules, boxes)
    require(viewer, Role.FINANCE, programme=programme)
    found = tried(boxes, request.POST, lambda typed: _record(viewer, rules, typed, timezone.now()))
    if found.result is None:
        return _shown(request, viewer, rules, found.boxes, found.wrong)
    made, is_new = found.result
    said = gettext("The payment is recorded.") if is_new else gettext("It was recorded before. Nothing was done twice.")
    messages.success(request, said)
    return redirect("receivables:payment", made.pk)


def _shown(
    request: HttpRequest, viewer: Actor, rules: Programme, boxes: Sequence[Box], wrong: LionrockError | None = None
) -> HttpResponse:
    page = page_of(request, payments_of(viewer).filter(programme=rules.id))
    context = {
        "programme": rules,
        "page": page,
        "rows": [Row(each) for each in page.object_list],
        "held": [_held(row) for row in held_rows(viewer, rules.id)[:100]],
        "finance": viewer.holds(Role.FINANCE, programme=rules.id),
        "boxes": boxes,
        "wrong": wrong,
    }
    return render(request, "receivables/payments.html", context, status=wrong.status if wrong else 200)


def _held(row: HeldRow) -> dict[str, object]:
    return {"row": row, "faults": [told(fault) for fault in row.faults]}


def _boxes(rules: Programme) -> list[Box]:
    billed = Organisation.objects.filter(documents__programme=rules.id).distinct().order_by("name")
    payers = [(each.code, each.name) for each in billed]
    return [
        Box("payer", gettext("Who paid"), kind="select", choices=[("", gettext("Choose one")), *payers]),
        Box("amount", gettext("Amount in {currency}").format(currency=rules.currency), longest=30),
        Box("date", gettext("Day on which it arrived"), kind="date"),
        Box(
            "reference",
            gettext("Reference of the bank"),
            help=gettext("Under the same reference a payment is recorded once."),
            longest=100,
        ),
        Box(
            "documents",
            gettext("Numbers of the invoices that it pays"),
            help=gettext("Left empty, the oldest is paid first. What is over stays on account."),
            required=False,
        ),
    ]


def _record(viewer: Actor, rules: Programme, typed: Mapping[str, str], now: datetime) -> tuple[Payment, bool]:
    faults: list[Fault] = []
    amount, day = Money(0, rules.currency), date.min
    with collecting(faults):
        amount = Money.parse(typed["amount"], rules.currency)
    with collecting(faults):
        day = _day(typed["date"])
    if faults:
        raise Invalid("receivables.payment.invalid", faults[0].message, faults=faults)
    return record_payment(
        actor=viewer,
        programme=rules.id,
        organisation=typed["payer"],
        amount=amount,
        paid_on=day,
        reference=typed["reference"],
        wishes=[Wish(number) for number in typed["documents"].replace(",", " ").replace(";", " ").split()],
        now=now,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        said = message(gettext_noop("“{value}” is not a date. Choose the day on which the money arrived."), value=text)
        fault = Fault("receivables.payment.date", said, field="date", value=text)
        raise Invalid("receivables.payment.date", said, faults=[fault]) from wrong


@needs_proof
@require_POST
def bank_file(request: HttpRequest, programme: str) -> HttpResponse:
    """Take in a bank statement."""
    viewer = viewer_of(request)
    rules = require_money(viewer, programme)
    require(viewer, Role.FINANCE, programme=programme)
    sent = request.FILES.get("file")
    if sent is None:
        messages.warning(request, gettext("No file was sent. Choose one first."))
        return redirect("receivables:payments", programme)
    try:
        content = sent.read(LARGEST_FILE + 1)
        taken = import_bank_file(
            actor=viewer, programme=rules.id, content=content, name=sent.name or "bank.csv", now=timezone.now()
        )
    except Invalid as wrong:
        return _shown(request, viewer, rules, _boxes(rules), wrong)
    new, held = taken.tally["new"], taken.tally["held"]
    said = ngettext("{count} payment is recorded.", "{count} payments are recorded.", new).format(count=new)
    if held:
        said += " " + ngettext("{count} row is held.", "{count} rows are held.", held).format(count=held)
    messages.add_message(request, messages.WARNING if held else messages.SUCCESS, said)
    return redirect("receivables:payments", programme)


@needs_proof
@require_POST
def drop(request: HttpRequest, row: int) -> HttpResponse:
    """Take a held row off the list."""
    try:
        dropped = drop_held_row(
            actor=viewer_of(request), row=row, reason=request.POST.get("reason", ""), now=timezone.now()
        )
    except Invalid:
        messages.warning(request, gettext("Say why the row is taken off the list."))
        programme = HeldRow.objects.values_list("file__programme", flat=True).get(pk=row)
        return redirect("receivables:payments", programme)
    messages.success(request, gettext("The row is off the list."))
    return redirect("receivables:payments", dropped.file.programme)


@require_safe
def payment(request: HttpRequest, number: int) -> HttpResponse:
    """Show one payment and what it paid."""
    viewer = viewer_of(request)
    return render(request, "receivables/payment.html", _one(viewer, payment_by_number(viewer, number)))


def _one(viewer: Actor, found: Payment) -> dict[str, object]:
    row = Row(found)
    parts = list(found.matchings.select_related("invoice").order_by("on", "pk"))
    left = found.amount - sum(each.amount for each in parts)
    paid: list[tuple[Document, Money, date]] = [
        (each.invoice, Money(each.amount, found.currency), each.on) for each in parts
    ]
    return {
        "row": row,
        "payment": found,
        "paid": paid,
        "left": Money(left, found.currency),
        "of_all": viewer.holds(*SEE_MONEY, programme=found.programme),
        "may_reverse": viewer.holds(Role.FINANCE, programme=found.programme) and not row.reversed,
        "boxes": [Box("reason", gettext("Why it does not stand"), longest=300)],
    }


@needs_proof
@require_POST
def reverse(request: HttpRequest, number: int) -> HttpResponse:
    """Record that a payment did not stand."""
    viewer = viewer_of(request)
    found = payment_by_number(viewer, number)
    boxes = [Box("reason", gettext("Why it does not stand"), longest=300)]
    sent = tried(
        boxes,
        request.POST,
        lambda typed: reverse_payment(actor=viewer, payment=number, reason=typed["reason"], now=timezone.now()),
    )
    if isinstance(sent.wrong, Invalid):
        context = _one(viewer, found) | {"wrong": sent.wrong, "boxes": sent.boxes}
        return render(request, "receivables/payment.html", context, status=sent.wrong.status)
    if sent.wrong is not None:
        messages.warning(request, translate(sent.wrong.message))
        return redirect("receivables:payment", number)
    messages.success(request, gettext("The payment is reversed. What it paid is open again."))
    return redirect("receivables:payment", number)
