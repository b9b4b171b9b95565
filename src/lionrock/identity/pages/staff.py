"""Ending the sign-ins of somebody of a programme's staff, by who names it."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.identity.actions import end_all_sessions
from lionrock.identity.policies import LONGEST_REASON
from lionrock.people.domain import NAME_STAFF
from lionrock.people.models import Person
from lionrock.people.policies import require
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import Asked, ask
from lionrock.web.filling import Box
from lionrock.web.proving import needs_proof


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def end_staff(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """End all sign-ins of somebody who holds a role of the programme."""
    viewer = viewer_of(request)
    require(viewer, *NAME_STAFF, programme=programme)
    staff = Person.objects.filter(role_grants__programme=programme).distinct()
    person = get_object_or_404(staff, pk=number)
    back = reverse("staff:people", args=[programme])

    def act(typed: Mapping[str, str]) -> str:
        end_all_sessions(actor=viewer, email=person.email, reason=typed["reason"], now=timezone.now())
        return back

    asked = Asked(
        heading=gettext("End the sign-ins of {name}").format(name=person.name),
        lede=gettext("All browsers in which {name} is signed in are signed out at once. Roles and tokens stay.").format(
            name=person.name
        ),
        button=gettext("End the sign-ins"),
        done=gettext("The sign-ins have ended."),
        back=back,
        back_label=gettext("People"),
        boxes=[Box("reason", gettext("Reason"), kind="area", longest=LONGEST_REASON)],
        act=act,
    )
    return ask(request, asked)
