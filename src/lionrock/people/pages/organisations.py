"""The people of an organisation: who belongs to it and looks after it, who asks to, and who is invited."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lionrock.kernel.errors import Conflict, Invalid, LionrockError
from lionrock.people.actions import (
    answer_membership,
    end_administrator,
    invite_colleague,
    name_administrator,
    resend_invitation,
    take_back_invitation,
)
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Organisation
from lionrock.people.pages.boxes import email_box, language_box
from lionrock.people.policies import looks_after
from lionrock.people.programmes import house_zone
from lionrock.people.queries import colleagues, open_invitations, organisation_for
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.listing import in_language, page_of
from lionrock.web.proving import needs_proof
from lionrock.web.words import word


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Show who belongs to an organisation, to its members and to offices."""
    viewer = viewer_of(request)
    return _shown(request, viewer, organisation_for(viewer, code))


@require_POST
def invite(request: HttpRequest, code: str) -> HttpResponse:
    """Send somebody the link by which they become a member."""
    viewer, boxes = viewer_of(request), _invitation()
    place, typed = organisation_for(viewer, code), typed_in(boxes, request.POST)
    try:
        invite_colleague(
            actor=viewer,
            organisation=code,
            email=typed["email"],
            language=typed["language"],
            administrator=typed["role"] == Role.ORGANISATION_ADMIN.value,
            now=timezone.now(),
        )
    except Invalid as wrong:
        told = in_words(wrong, boxes)
        return _shown(request, viewer, place, told, filled(boxes, typed, told.faults))
    messages.success(request, gettext("{email} is invited by e-mail.").format(email=typed["email"]))
    return redirect("people:organisation", code)


@require_POST
def resend(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    viewer = viewer_of(request)
    place = organisation_for(viewer, code)
    try:
        sent = resend_invitation(actor=viewer, number=number, now=timezone.now())
    except Conflict as wrong:
        return _shown(request, viewer, place, wrong)
    said = gettext("{email} gets a new link; the one before counts no more.")
    messages.success(request, said.format(email=sent.email))
    return redirect("people:organisation", code)


@require_POST
def take_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take an invitation back."""
    viewer = viewer_of(request)
    organisation_for(viewer, code)
    gone = take_back_invitation(actor=viewer, number=number, now=timezone.now())
    said = gettext("The invitation of {email} is taken back; its link leads nowhere.")
    messages.success(request, said.format(email=gone.email))
    return redirect("people:organisation", code)


@needs_proof
@require_POST
def change_administrator(request: HttpRequest, code: str) -> HttpResponse:
    """Let a member look after who belongs, or no longer."""
    viewer, email = viewer_of(request), request.POST.get("email", "").replace("\0", "")
    place, named = organisation_for(viewer, code), request.POST.get("named") == "yes"
    change = name_administrator if named else end_administrator
    try:
        change(actor=viewer, organisation=code, email=email, now=timezone.now())
    except Conflict as wrong:
        return _shown(request, viewer, place, wrong)
    yes, no = (
        gettext("{email} is an administrator now."),
        gettext("{email} is a member, and no administrator any more."),
    )
    messages.success(request, (yes if named else no).format(email=email))
    return redirect("people:organisation", code)


@require_POST
def answer(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Let somebody in who asks to belong, or not."""
    viewer = viewer_of(request)
    organisation_for(viewer, code)
    granted = request.POST.get("answer") == "yes"
    answered = answer_membership(actor=viewer, request=number, granted=granted, now=timezone.now())
    yes, no = gettext("{name} belongs to {organisation} now."), gettext("{name} was not let into {organisation}.")
    names = {"name": answered.person.name, "organisation": in_language(answered.organisation, "name")}
    messages.success(request, (yes if granted else no).format(**names))
    return redirect("people:organisation", code)


def _invitation() -> list[Box]:
    roles = [(role.value, word(role.value)) for role in (Role.MEMBER, Role.ORGANISATION_ADMIN)]
    return [
        email_box(gettext("E-mail address"), autocomplete="off"),
        Box("role", gettext("As"), kind="select", choices=roles),
        language_box(),
    ]


def _shown(
    request: HttpRequest,
    viewer: Actor,
    place: Organisation,
    wrong: LionrockError | None = None,
    boxes: list[Box] | None = None,
) -> HttpResponse:
    cares, now = looks_after(viewer, place.code), timezone.now()
    asking = place.membership_requests.filter(answered_at__isnull=True).select_related("person")
    context = {
        "organisation": place,
        "members": page_of(request, colleagues(place)),
        "cares": cares,
        "requests": list(asking) if cares else [],
        "invited": [(each, each.expires_at <= now) for each in open_invitations(place)] if cares else [],
        "boxes": boxes or _invitation(),
        "zone": house_zone(),
        "wrong": wrong,
    }
    return render(request, "people/organisation.html", context, status=wrong.status if wrong else 200)
