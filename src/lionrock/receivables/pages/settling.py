"""Recording on the page of a claim or a remittance that it was paid."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Role
from lionrock.people.policies import require
from lionrock.people.viewer import viewer_of
from lionrock.receivables.actions import settle_paper
from lionrock.receivables.pages.panels import settle_boxes
from lionrock.statements.queries import settlement_by_number
from lionrock.web.filling import tried
from lionrock.web.proving import needs_proof
from lionrock.web.sentences import translate


@needs_proof
@require_POST
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Record that it was paid."""
    viewer = viewer_of(request)
    paper = settlement_by_number(viewer, number)
    require(viewer, Role.FINANCE, programme=paper.programme)
    boxes = settle_boxes()
    sent = tried(
        boxes,
        request.POST,
        lambda typed: settle_paper(
            actor=viewer, number=number, on=_day(typed["on"]), reference=typed["reference"], now=timezone.now()
        ),
    )
    if isinstance(sent.wrong, Invalid):
        context = {"paper": paper, "boxes": sent.boxes, "wrong": sent.wrong}
        return render(request, "receivables/settle.html", context, status=sent.wrong.status)
    if sent.wrong is not None:
        messages.warning(request, translate(sent.wrong.message))
        return redirect("settlements:show", number)
    messages.success(request, gettext("It is settled."))
    return redirect("settlements:show", number)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        said = message(gettext_noop("“{value}” is not a date. Choose the day of the payment."), value=text)
        fault = Fault("receivables.settle.day", said, field="on", value=text)
        raise Invalid("receivables.settle.day", said, faults=[fault]) from wrong
