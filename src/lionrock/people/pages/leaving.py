"""Letting somebody go: out of an organisation, or out of the house."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.people.actions import close_account, leave_organisation
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.people.policies import require, require_caretaker
from lionrock.people.queries import administrators_of, colleagues, organisation_for
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import Asked, ask
from lionrock.web.filling import Box
from lionrock.web.listing import in_language
from lionrock.web.proving import needs_proof


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Let a member of an organisation belong to it no longer."""
    viewer = viewer_of(request)
    place = organisation_for(viewer, code)
    members = colleagues(place)
    person = get_object_or_404(members, pk=number)
    if person.email != viewer.email:
        require_caretaker(viewer, code)
    others = [(one.email, one.name) for one in members.filter(is_active=True).exclude(pk=number)]
    succeeded = administrators_of(code) in ([], [person.email])
    back = reverse("people:organisation", args=[code])

    def act(typed: Mapping[str, str]) -> str:
        leave_organisation(actor=viewer, organisation=code, email=person.email, now=timezone.now(), **typed)
        return back if viewer.email != person.email else reverse("people:account")

    label = in_language(place, "name")
    asked = Asked(
        heading=gettext("{name} leaves {organisation}").format(name=person.name, organisation=label),
        lede=gettext(
            "Applications, awards and jobs stay with the organisation. What {name} did stays recorded; sign-ins and "
            "tokens end at once."
        ).format(name=person.name),
        button=gettext("End the membership"),
        done=gettext("{name} does not belong to it any more.").format(name=person.name),
        back=back,
        back_label=label,
        boxes=[_colleague(others, succeeded=succeeded)]
        if others
        else [_reason(gettext("What becomes of applications, awards and jobs"))],
        act=act,
    )
    return ask(request, asked)


def _colleague(others: list[tuple[str, str]], *, succeeded: bool) -> Box:
    told = gettext("They are told, and see to what is open.")
    after = gettext("They are told, see to what is open, and become the administrator: there is no other one.")
    help_text = after if succeeded else told
    return Box("colleague", gettext("Who looks after it now"), kind="select", choices=others, help=help_text)


def _reason(label: str) -> Box:
    return Box("reason", label, kind="area", longest=2000)


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Close the account of somebody who has left, for an office."""
    viewer = viewer_of(request)
    require(viewer, Role.OFFICE, programme=programme)
    person = get_object_or_404(Person, pk=number)
    back = reverse("staff:people", args=[programme])

    def act(typed: Mapping[str, str]) -> str:
        close_account(actor=viewer, email=person.email, now=timezone.now(), **typed)
        return back

    asked = Asked(
        heading=gettext("Close the account of {name}").format(name=person.name),
        lede=gettext("Roles, sign-ins and tokens end at once. What they did stays recorded."),
        button=gettext("Close the account"),
        done=gettext("The account is closed."),
        back=back,
        back_label=gettext("People"),
        boxes=[_reason(gettext("Reason"))],
        act=act,
    )
    return ask(request, asked)
