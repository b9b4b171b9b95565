"""The last step: what is missing, what the rules say, what is declared; submit, withdraw, and who else writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.applications.actions import (
    Change,
    invite_author,
    remove_author,
    save_answers,
    submit_application,
    withdraw_application,
)
from lionrock.applications.domain.asked import declaration_key
from lionrock.applications.domain.core import signed
from lionrock.applications.pages import findings
from lionrock.applications.pages.boxes import token
from lionrock.applications.pages.costs import cost_of
from lionrock.applications.pages.filling import change, frame, is_touched
from lionrock.applications.pages.sheets import Sheet, sheet_for_authors
from lionrock.applications.progress import findings_of_round
from lionrock.applications.queries import authors_of
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, Refused
from lionrock.kernel.findings import Finding
from lionrock.people.viewer import viewer_of
from lionrock.rules.terms import Declaration
from lionrock.web.sentences import translate


@dataclass(frozen=True, slots=True)
class Signature:
    """A declaration with its box: whether it is signed, and from which version that was read."""

    declaration: Declaration
    key: str
    signed: bool
    read: str


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether it can be submitted and why not; a post saves the declarations, and submits when asked to."""
    sheet = sheet_for_authors(viewer_of(request), code, timezone.now())
    if request.method != "POST":
        return _page(request, sheet) if sheet.is_open else redirect("applications:show", code)
    try:
        _sign(request, sheet)
        if "submit" not in request.POST:
            messages.success(request, gettext("Saved."))
            return redirect("applications:submit", code)
        submit_application(actor=sheet.viewer, application=code, now=sheet.now)
    except Conflict as late:
        messages.info(request, translate(late.message))
        return redirect("applications:show", code)
    except (Invalid, Refused) as refused:
        return _page(request, sheet.reread(), refused)
    messages.success(request, gettext("It is submitted. The programme's office has it now, and was told."))
    return redirect("applications:show", code)


def _sign(request: HttpRequest, sheet: Sheet) -> None:
    """Save which declarations are ticked, those of them that were on the page and were touched."""
    changes: list[Change] = []
    for each in sheet.asked.terms.declarations():
        key = declaration_key(each.id)
        read = request.POST.get(f"read:{key}")
        value = request.POST.get(key, "")
        if read is not None and is_touched(value, read):
            changes.append(change(sheet.answers, key, value, read))
    if changes:
        save_answers(actor=sheet.viewer, application=sheet.application.code, changes=changes, now=sheet.now)


def _page(
    request: HttpRequest, sheet: Sheet, refused: LionrockError | None = None, more: Mapping[str, object] | None = None
) -> HttpResponse:
    code = sheet.application.code
    address = reverse("applications:submit", args=[code])
    context = {
        **frame(sheet, address),
        "refused": refused,
        "writes": True,
        "holes": len(sheet.completeness.gaps),
        **findings.shown(_findings(sheet)),
        "signatures": _signatures(sheet),
        "authors": authors_of(sheet.application),
        "member": sheet.viewer.belongs_to(sheet.application.organisation.code),
        "cost": cost_of(sheet.application, sheet.now),
        **(more or {}),
    }
    return render(request, "applications/submit.html", context, status=refused.status if refused else 200)


def _findings(sheet: Sheet) -> Sequence[Finding]:
    """Return what the rules say as of today, declarations left out; nothing while nothing is asked."""
    try:
        found = findings_of_round(sheet.application, sheet.now)
    except Invalid:
        return ()
    return [each for each in found if each.rule != "applications.declaration"]


def _signatures(sheet: Sheet) -> list[Signature]:
    """Return the declarations that the programme asks for, and whether each is signed."""
    declared = signed(sheet.asked, sheet.values)
    return [
        Signature(each, key := declaration_key(each.id), each.id in declared, token(sheet.answers.get(key)))
        for each in sheet.asked.terms.declarations()
        if each.asked is not False
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whether it is really to be taken back, and take it back."""
    sheet = sheet_for_authors(viewer_of(request), code, timezone.now())
    if request.method == "POST":
        return _withdrawn(request, sheet)
    context = {
        "application": sheet.application,
        "heading": gettext("Withdraw this application?"),
        "warning": gettext("It ends here and cannot be taken up again. What is written in it can still be read."),
        "verb": gettext("Withdraw it"),
        "back": reverse("applications:show", args=[code]),
    }
    return render(request, "applications/confirm.html", context)


def _withdrawn(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    code = sheet.application.code
    try:
        withdraw_application(actor=sheet.viewer, application=code, now=sheet.now)
        messages.success(request, gettext("It is withdrawn."))
    except Conflict as late:
        messages.info(request, translate(late.message))
    return redirect("applications:show", code)


@require_POST
def authors(request: HttpRequest, code: str) -> HttpResponse:
    """Invite somebody of another organisation to write in it, or take an invitation back."""
    sheet = sheet_for_authors(viewer_of(request), code, timezone.now())
    email = request.POST.get("email", "").strip()
    act = remove_author if "remove" in request.POST else invite_author
    try:
        act(actor=sheet.viewer, application=code, email=email, now=sheet.now)
    except (Invalid, Conflict) as wrong:
        return _page(request, sheet, wrong, {"author_fault": wrong.message, "author_email": email})
    messages.success(request, gettext("Saved."))
    return redirect(f"{reverse('applications:submit', args=[code])}#authors")
