"""The people of a programme, for its office: who there is, who waits for an account, who has which role."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, NotFound, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.actions import grant_role, revoke_role, show_joining_link
from lionrock.people.domain import NAME_STAFF, PROGRAMME_ROLES, Actor, Role
from lionrock.people.pages.boxes import email_box
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file, programmes_on_file
from lionrock.people.queries import deputies_of, holders, joinings_waiting, persons
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box, filled, typed_in
from lionrock.web.listing import page_of
from lionrock.web.proving import needs_proof
from lionrock.web.words import word

ROLES = tuple(role for role in Role if role in PROGRAMME_ROLES)


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """List the programmes that the viewer runs; the people of the only one are shown at once."""
    run = viewer_of(request).programmes(*NAME_STAFF)
    known = [programme for name, programme in programmes_on_file().items() if name in run]
    if len(known) == 1:
        return redirect("staff:people", known[0].id)
    return render(request, "people/programmes.html", {"programmes": known})


@require_safe
def people(request: HttpRequest, programme: str) -> HttpResponse:
    """Show the programme's people to who names its staff; `?q=` looks for a name or an address among all on file."""
    viewer = _names_staff(request, programme)
    return _shown(request, viewer, programme)


@needs_proof
@require_POST
def give_role(request: HttpRequest, programme: str) -> HttpResponse:
    """Give somebody on file a role for the programme."""
    viewer, boxes = _names_staff(request, programme), _role_boxes()
    typed = typed_in(boxes, request.POST)
    try:
        email, role = typed["email"], _role(typed["role"])
        grant_role(actor=viewer, email=email, role=role, programme=programme, now=timezone.now())
    except (Invalid, NotFound, Refused) as wrong:
        faults = wrong.faults or [Fault(wrong.code, wrong.message, field="email", value=typed["email"])]
        told = Invalid(wrong.code, wrong.message, faults=faults)
        return _shown(request, viewer, programme, told, filled(boxes, typed, faults))
    except Conflict:
        messages.info(request, gettext("{email} has this role already.").format(email=email))
        return redirect("staff:people", programme)
    messages.success(request, gettext("{email} is {role} now.").format(email=email, role=word(role.value)))
    return redirect("staff:people", programme)


@needs_proof
@require_POST
def take_role(request: HttpRequest, programme: str) -> HttpResponse:
    """Take a role for the programme away from somebody."""
    viewer, email = _names_staff(request, programme), request.POST.get("email", "").replace("\0", "")
    role = _role(request.POST.get("role", ""))
    try:
        revoke_role(actor=viewer, email=email, role=role, programme=programme, now=timezone.now())
    except NotFound as gone:
        if gone.code != "people.role.not_held":
            raise
    messages.success(request, gettext("{email} is not {role} any more.").format(email=email, role=word(role.value)))
    return redirect("staff:people", programme)


@needs_proof
@require_POST
def hand_over_link(request: HttpRequest, programme: str) -> HttpResponse:
    """Show the link of somebody whom no mail reaches, for the office to hand over."""
    viewer, number = _office(request, programme), request.POST.get("joining", "")
    token = show_joining_link(actor=viewer, joining=int(number) if number.isdecimal() else 0, now=timezone.now())
    address = f"{settings.LIONROCK_PORTAL_URL}{reverse('people:joining', args=[token])}"
    return render(request, "people/link.html", {"programme": programme_on_file(programme), "address": address})


def _office(request: HttpRequest, programme: str) -> Actor:
    return _names_staff(request, programme, Role.OFFICE)


def _names_staff(request: HttpRequest, programme: str, *roles: Role) -> Actor:
    viewer = viewer_of(request)
    programme_on_file(programme)
    require(viewer, *(roles or NAME_STAFF), programme=programme)
    return viewer


def _role(text: str) -> Role:
    if text not in ROLES:
        said = message(gettext_noop("“{value}” is no role for a programme. Choose one of those shown."), value=text)
        fault = Fault("people.role.unknown", said, field="role", value=text)
        raise Invalid("people.role.unknown", said, faults=[fault])
    return Role(text)


def _role_boxes() -> list[Box]:
    roles = [(role.value, word(role.value)) for role in ROLES]
    return [
        email_box(gettext("E-mail address"), autocomplete="off"),
        Box("role", gettext("Role"), kind="select", choices=roles),
    ]


def _shown(
    request: HttpRequest,
    viewer: Actor,
    programme: str,
    wrong: LionrockError | None = None,
    boxes: list[Box] | None = None,
) -> HttpResponse:
    now, registers = timezone.now(), viewer.holds(Role.OFFICE, programme=programme)
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())
    context = {
        "programme": programme_on_file(programme),
        "holders": holders(programme),
        "asked": asked,
        "found": page_of(request, persons(viewer, asked)) if asked else None,
        "joinings": list(joinings_waiting(now)[:50]) if registers else [],
        "registers": registers,
        "deputies": list(deputies_of(programme, now)),
        "boxes": boxes or _role_boxes(),
        "wrong": wrong,
    }
    return render(request, "people/people.html", context, status=wrong.status if wrong else 200)
