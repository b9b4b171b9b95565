"""What a programme keeps no longer: what is due, what is held, what was erased, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lionrock.kernel.errors import Invalid, LionrockError, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.oversight.actions import carry_out_erasure, place_hold, propose_erasure, release_hold
from lionrock.oversight.actions.erasing import ERASERS
from lionrock.oversight.domain import HeldKind
from lionrock.oversight.retention import SEE_RETENTION, due_for_erasure, erasures_of, holds_of, period_of
from lionrock.people.choosing import choose_programme
from lionrock.people.domain import Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import read_day
from lionrock.web.proving import needs_proof

SHOWN: Final = 100
KINDS: Final[Mapping[str, str]] = {
    HeldKind.PERSON: gettext_noop("Person (an address)"),
    HeldKind.ORGANISATION: gettext_noop("Organisation"),
    HeldKind.APPLICATION: gettext_noop("Application"),
    HeldKind.PROGRAMME: gettext_noop("Programme"),
}


@require_safe
def retention_index(request: HttpRequest) -> HttpResponse:
    """Choose the programme."""
    nothing = gettext("What is kept is looked after by the office and by compliance.")
    seen = viewer_of(request).programmes(*SEE_RETENTION)
    return choose_programme(request, seen, page="retention:show", heading=gettext("Retention"), nothing=nothing)


@require_safe
def retention(request: HttpRequest, programme: str) -> HttpResponse:
    """Show what a programme keeps no longer, what is held, and what was erased."""
    return _page(request, programme, None)


def _page(request: HttpRequest, programme: str, wrong: LionrockError | None) -> HttpResponse:
    viewer, on_file = viewer_of(request), programme_on_file(programme)
    due = due_for_erasure(viewer, programme, local_date(timezone.now(), on_file.zone))
    erasures = list(erasures_of(viewer, programme)[:SHOWN])
    context = {
        "names": on_file.names,
        "code": programme,
        "zone": on_file.zone,
        "period": period_of(programme),
        "due": due[:SHOWN],
        "more": max(0, len(due) - SHOWN),
        "proposed": [each for each in erasures if each.erased_at is None],
        "erased": [each for each in erasures if each.erased_at is not None],
        "holds": [(each, gettext(KINDS[each.kind])) for each in holds_of(viewer, programme)[:SHOWN]],
        "kinds": [(kind, gettext(said)) for kind, said in KINDS.items()],
        "may_erase": viewer.holds(*ERASERS, programme=programme),
        "may_hold": viewer.holds(Role.COMPLIANCE, programme=programme),
        "me": viewer.email,
        "typed": request.POST,
        "wrong": wrong,
    }
    return render(request, "oversight/retention.html", context, status=wrong.status if wrong else 200)


@require_safe
def certificate(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Show what was erased, under which rule, by whom."""
    found = erasures_of(viewer_of(request), programme).filter(pk=number, erased_at__isnull=False).first()
    if found is None:
        said = message(gettext_noop("{programme} has no certificate {number}."), programme=programme, number=number)
        raise NotFound("oversight.certificate.unknown", said)
    on_file = programme_on_file(programme)
    context = {"names": on_file.names, "code": programme, "zone": on_file.zone, "found": found}
    return render(request, "oversight/certificate.html", context)


@needs_proof
@require_POST
def propose(request: HttpRequest, programme: str) -> HttpResponse:
    """Propose to erase something."""
    subject = request.POST.get("subject", "")
    propose_erasure(actor=viewer_of(request), programme=programme, subject=subject, now=timezone.now())
    return _done(request, programme, gettext("It is proposed. Another person erases it."))


@needs_proof
@require_POST
def carry_out(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Erase what somebody else has proposed."""
    carry_out_erasure(actor=viewer_of(request), programme=programme, number=number, now=timezone.now())
    return _done(request, programme, gettext("It is erased; the certificate says what."))


@needs_proof
@require_POST
def hold(request: HttpRequest, programme: str) -> HttpResponse:
    """Hold something back from erasure."""
    given = {name: request.POST.get(name, "").strip() for name in ("kind", "code", "reason", "until")}
    try:
        until = read_day(given["until"], field="until") if given["until"] else None
        place_hold(
            actor=viewer_of(request), programme=programme, kind=given["kind"], code=given["code"],
            reason=given["reason"], until=until, now=timezone.now(),
        )  # fmt: skip
    except Invalid as wrong:
        return _page(request, programme, wrong)
    return _done(request, programme, gettext("It is held."))


@needs_proof
@require_POST
def release(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Let go what was held."""
    reason = request.POST.get("reason", "")
    try:
        release_hold(actor=viewer_of(request), programme=programme, number=number, reason=reason, now=timezone.now())
    except Invalid as wrong:
        return _page(request, programme, wrong)
    return _done(request, programme, gettext("It is held no more."))


def _done(request: HttpRequest, programme: str, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("retention:show", programme)
