"""Held rows of imported files: by what is wrong with them, with a way to mend and release each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.charging.actions import mend_row, set_row_aside, try_rows_again
from lionrock.charging.actions.mending import MENDERS, REFUSED
from lionrock.charging.models import HeldRow
from lionrock.charging.queries import held_rows
from lionrock.charging.usage_files.normal_csv import COLUMNS
from lionrock.finance.pages.choosing import choose
from lionrock.finance.queries.held import wrongs
from lionrock.kernel.errors import Invalid, NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.ledger.queries import programme_seen
from lionrock.people.models import Organisation
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.listing import page_of
from lionrock.web.proving import needs_proof
from lionrock.web.sentences import translate

HEADER: Final = ",".join(COLUMNS)


@dataclass(frozen=True, slots=True)
class Row:
    """A held row with its reason in the reader's language."""

    row: HeldRow
    reason: str


@require_safe
def held_index(request: HttpRequest) -> HttpResponse:
    """Choose the programme."""
    return choose(request, "finance_held:show", gettext("Held rows"))


@require_safe
def held(request: HttpRequest, programme: str) -> HttpResponse:
    """List what is held of a programme's imported files: what is wrong, how often, and the rows."""
    return _page(request, programme, None)


def _page(request: HttpRequest, programme: str, wrong: Invalid | None) -> HttpResponse:
    viewer = viewer_of(request)
    programme_seen(viewer, programme)
    rows = held_rows(viewer).filter(usage_import__programme=programme).order_by("usage_import", "line", "code")
    page = page_of(request, rows)
    context = {
        "programme": programme_on_file(programme).names,
        "code": programme,
        "page": page,
        "rows": [Row(row, _reason(row)) for row in page.object_list],
        "wrongs": wrongs(viewer, programme),
        "known": Organisation.objects.order_by("code").values_list("code", flat=True),
        "may": viewer.holds(*MENDERS, programme=programme),
        "wrong": wrong,
    }
    return render(request, "finance/held.html", context, status=200 if wrong is None else wrong.status)


def _reason(row: HeldRow) -> str:
    return translate(Message(row.template, row.fields))


@needs_proof
@require_POST
def again(request: HttpRequest, programme: str) -> HttpResponse:
    """Try held rows again: all of them, or those of one account as another's."""
    viewer = viewer_of(request)
    programme_seen(viewer, programme)
    account, instead = request.POST.get("account", "").strip(), request.POST.get("instead", "").strip()
    done = try_rows_again(actor=viewer, programme=programme, now=timezone.now(), account=account, instead=instead)
    taken = ngettext("{count} row was taken in.", "{count} rows were taken in.", done.taken).format(count=done.taken)
    left = ngettext("{count} is held still.", "{count} are held still.", done.held).format(count=done.held)
    messages.success(request, f"{taken} {left}")
    return redirect("finance_held:show", programme)


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def held_row(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Show one held row with a form to mend it; a post takes it in as it is written, or says what is still wrong."""
    viewer = viewer_of(request)
    row = held_rows(viewer).filter(usage_import__programme=programme, pk=number).first()
    if row is None:
        said = gettext_noop("Row {number} is held no more, or not for you. See what else is held.")
        raise NotFound("finance.held.unknown", message(said, number=number))
    line, wrong = row.raw if row.code.startswith(REFUSED) else "", None
    if request.method == "POST":
        line = request.POST.get("line", "")
        try:
            _settle(request, row, line)
        except Invalid as found:
            wrong = found
        else:
            messages.success(request, gettext("The row is settled."))
            return redirect("finance_held:show", programme)
    context = {
        "programme": programme_on_file(programme).names,
        "code": programme,
        "row": row,
        "reason": _reason(row),
        "header": HEADER,
        "line": line,
        "given": request.POST.get("reason", ""),
        "wrong": wrong,
        "may": viewer.holds(*MENDERS, programme=programme),
    }
    return render(request, "finance/held_row.html", context, status=200 if wrong is None else wrong.status)


def _settle(request: HttpRequest, row: HeldRow, line: str) -> None:
    actor, now = viewer_of(request), timezone.now()
    if request.POST.get("verb") == "set_aside":
        set_row_aside(actor=actor, row=row, reason=request.POST.get("reason", ""), now=now)
    else:
        mend_row(actor=actor, row=row, line=line, now=now)
