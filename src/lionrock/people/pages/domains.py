"""The mail domains of an organisation: claimed, proven by a record in DNS, given up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.kernel.errors import Conflict, Invalid, LionrockError, Refused
from lionrock.people import actions
from lionrock.people.domain import Actor
from lionrock.people.mail_domains import record_of, shown
from lionrock.people.models import Organisation
from lionrock.people.policies import require_caretaker
from lionrock.people.programmes import house_zone
from lionrock.people.queries import mail_domains, organisation_for
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.proving import needs_proof


@require_http_methods(["GET", "HEAD", "POST"])
def domains(request: HttpRequest, code: str) -> HttpResponse:
    """Show the mail domains of an organisation to who looks after it; claim another."""
    viewer, place = _asked(request, code)
    if request.method != "POST":
        return _shown(request, viewer, place)
    boxes = _boxes()
    typed = typed_in(boxes, request.POST)
    try:
        made = actions.claim_domain(actor=viewer, organisation=code, now=timezone.now(), **typed)
    except Invalid as wrong:
        told = in_words(wrong, boxes)
        return _shown(request, viewer, place, told, filled(boxes, typed, told.faults))
    except Refused as wrong:
        return _shown(request, viewer, place, wrong)
    said = gettext("Put the record of {domain} into its DNS, then let us look for it.")
    messages.success(request, said.format(domain=shown(made.name)))
    return redirect("people:domains", code)


@require_POST
def verify_domain(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Look for the record of a domain now."""
    viewer, place = _asked(request, code)
    try:
        found = actions.verify_domain(actor=viewer, number=number, now=timezone.now())
    except Conflict as wrong:
        return _shown(request, viewer, place, wrong)
    messages.success(request, gettext("{domain} is proven.").format(domain=shown(found.name)))
    return redirect("people:domains", code)


@needs_proof
@require_POST
def change_domain(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Say whether an address of the domain is enough to belong."""
    viewer, _place = _asked(request, code)
    lets_in = request.POST.get("lets_in") == "yes"
    changed = actions.change_domain(actor=viewer, number=number, lets_in=lets_in, now=timezone.now())
    yes = gettext("Whoever has an address at {domain} belongs without being asked for.")
    no = gettext("Whoever has an address at {domain} asks to belong.")
    messages.success(request, (yes if lets_in else no).format(domain=shown(changed.name)))
    return redirect("people:domains", code)


@require_POST
def end_domain(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give a domain up."""
    viewer, _place = _asked(request, code)
    ended = actions.end_domain(actor=viewer, number=number, now=timezone.now())
    messages.success(request, gettext("{domain} is given up.").format(domain=shown(ended.name)))
    return redirect("people:domains", code)


def _asked(request: HttpRequest, code: str) -> tuple[Actor, Organisation]:
    viewer = viewer_of(request)
    place = organisation_for(viewer, code)
    require_caretaker(viewer, code)
    return viewer, place


def _boxes() -> list[Box]:
    told = gettext("What stands behind the @ of your addresses. One domain proves nothing about others below it.")
    return [Box("domain", gettext("Mail domain"), autocomplete="off", help=told, longest=253)]


def _shown(
    request: HttpRequest,
    viewer: Actor,
    place: Organisation,
    wrong: LionrockError | None = None,
    boxes: list[Box] | None = None,
) -> HttpResponse:
    claims = mail_domains(viewer).filter(organisation=place)
    context = {
        "organisation": place,
        "claims": [(each, shown(each.name), *record_of(each.name, each.proof)) for each in claims],
        "boxes": boxes or _boxes(),
        "zone": house_zone(),
        "wrong": wrong,
    }
    return render(request, "people/domains.html", context, status=wrong.status if wrong else 200)
