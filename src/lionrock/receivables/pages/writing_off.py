"""Write-offs: asked on the page of a document, answered on a list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lionrock.kernel.errors import Conflict, Invalid, LionrockError, Refused
from lionrock.kernel.money import Money
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.viewer import viewer_of
from lionrock.receivables.actions import agree_to_write_off, refuse_write_off, write_off
from lionrock.receivables.actions.forgiving import AGREE
from lionrock.receivables.domain import Authority
from lionrock.receivables.models import WriteOff
from lionrock.receivables.pages.panels import write_off_boxes
from lionrock.receivables.queries import asked_to_write_off, require_money
from lionrock.receivables.queries import write_offs as write_offs_of
from lionrock.statements.queries import document_by_number
from lionrock.web.filling import tried
from lionrock.web.listing import page_of
from lionrock.web.proving import needs_proof
from lionrock.web.sentences import translate


class Row:
    """A write-off in the list, and what the viewer may do with it."""

    def __init__(self, asked: WriteOff, viewer: Actor) -> None:
        programme = asked.invoice.programme
        answered = hasattr(asked, "answer")
        self.asked = asked
        self.amount = Money(asked.amount, asked.invoice.currency)
        self.state = ("booked" if asked.answer.agreed else "turned_down") if answered else "waiting"
        self.authority = asked.authority
        agrees = viewer.holds(*AGREE[Authority(asked.authority)], programme=programme)
        self.may_agree = not answered and agrees and viewer.email != asked.asked_by
        self.may_refuse = not answered and viewer.holds(Role.FINANCE, Role.CHAIR, programme=programme)


@require_safe
def write_offs(request: HttpRequest, programme: str) -> HttpResponse:
    """List what was asked to be written off, and what became of it."""
    viewer = viewer_of(request)
    rules = require_money(viewer, programme)
    page = page_of(request, write_offs_of(viewer, programme))
    context = {"programme": rules, "page": page, "rows": [Row(each, viewer) for each in page.object_list]}
    return render(request, "receivables/write_offs.html", context)


@needs_proof
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask to write off an amount of an invoice."""
    viewer = viewer_of(request)
    document = document_by_number(viewer, number)
    require(viewer, Role.FINANCE, programme=document.programme)
    boxes = write_off_boxes(document)
    sent = tried(
        boxes,
        request.POST,
        lambda typed: write_off(
            actor=viewer,
            document=number,
            amount=Money.parse(typed["amount"], document.currency),
            reason=typed["reason"],
            now=timezone.now(),
        ),
    )
    if isinstance(sent.wrong, Invalid):
        context = {"document": document, "boxes": sent.boxes, "wrong": sent.wrong}
        return render(request, "receivables/ask.html", context, status=sent.wrong.status)
    if sent.wrong is not None:
        messages.warning(request, translate(sent.wrong.message))
        return redirect("statements:show", number)
    booked = hasattr(sent.result, "answer")
    said = (
        gettext("The amount is written off.")
        if booked
        else gettext("The write-off is asked for. It waits for another person.")
    )
    messages.success(request, said)
    return redirect("statements:show", number)


@needs_proof
@require_POST
def agree(request: HttpRequest, number: int) -> HttpResponse:
    """Agree to a write-off."""
    viewer = viewer_of(request)
    try:
        found = agree_to_write_off(actor=viewer, number=number, now=timezone.now())
    except (Conflict, Refused) as no:
        return _back(request, viewer, number, no)
    messages.success(request, gettext("The write-off is booked."))
    return redirect("receivables:write_offs", found.invoice.programme)


@needs_proof
@require_POST
def refuse(request: HttpRequest, number: int) -> HttpResponse:
    """Refuse a write-off, with a reason."""
    viewer = viewer_of(request)
    try:
        found = refuse_write_off(
            actor=viewer, number=number, reason=request.POST.get("reason", "").strip(), now=timezone.now()
        )
    except (Invalid, Conflict, Refused) as no:
        return _back(request, viewer, number, no)
    messages.success(request, gettext("The write-off is refused."))
    return redirect("receivables:write_offs", found.invoice.programme)


def _back(request: HttpRequest, viewer: Actor, number: int, why: LionrockError) -> HttpResponse:
    messages.warning(request, translate(why.message))
    found = asked_to_write_off(viewer).get(pk=number)
    return redirect("receivables:write_offs", found.invoice.programme)
