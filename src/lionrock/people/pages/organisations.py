"""The people of an organisation: who belongs to it, who asks to, and inviting a colleague."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lionrock.kernel.errors import Invalid
from lionrock.people.actions import answer_membership, invite_colleague
from lionrock.people.domain import Actor
from lionrock.people.models import Organisation, Person
from lionrock.people.pages.boxes import email_box, language_box
from lionrock.people.queries import invited, organisation_for
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.listing import in_language, page_of


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Show who belongs to an organisation, to its members and to offices."""
    viewer = viewer_of(request)
    return _shown(request, viewer, organisation_for(viewer, code))


@require_POST
def invite(request: HttpRequest, code: str) -> HttpResponse:
    """Send a colleague the link by which they become a member."""
    viewer, boxes = viewer_of(request), _invitation()
    place, typed = organisation_for(viewer, code), typed_in(boxes, request.POST)
    try:
        invite_colleague(actor=viewer, organisation=code, now=timezone.now(), **typed)
    except Invalid as wrong:
        told = in_words(wrong, boxes)
        return _shown(request, viewer, place, told, filled(boxes, typed, told.faults))
    messages.success(request, gettext("{email} is invited by e-mail.").format(email=typed["email"]))
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
    return [email_box(gettext("Your colleague's e-mail address"), autocomplete="off"), language_box()]


def _shown(
    request: HttpRequest,
    viewer: Actor,
    place: Organisation,
    wrong: Invalid | None = None,
    boxes: list[Box] | None = None,
) -> HttpResponse:
    members = Person.objects.filter(role_grants__organisation=place).order_by("name", "email")
    now = timezone.now()
    context = {
        "organisation": place,
        "members": page_of(request, members),
        "requests": list(place.membership_requests.filter(answered_at__isnull=True).select_related("person")),
        "invited": list(invited(place, now)),
        "may_invite": viewer.belongs_to(place.code),
        "boxes": boxes or _invitation(),
        "wrong": wrong,
    }
    return render(request, "people/organisation.html", context, status=wrong.status if wrong else 200)
