"""Naming somebody who does a duty for a while, and ending that early."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.kernel.periods import local_date
from lionrock.people.actions import end_deputyship, name_deputy
from lionrock.people.domain import DEPUTISED, NAME_STAFF, Actor, Role
from lionrock.people.pages.boxes import email_box
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import Asked, ask, read_day
from lionrock.web.filling import Box
from lionrock.web.proving import needs_proof
from lionrock.web.words import word


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest, programme: str) -> HttpResponse:
    """Name a deputy: for one's own role, or, who names the staff, for anybody's."""
    viewer, now = viewer_of(request), timezone.now()
    zone = programme_on_file(programme).zone
    require(viewer, *NAME_STAFF, *DEPUTISED, programme=programme)
    names_staff = viewer.holds(*NAME_STAFF, programme=programme)
    back = reverse("staff:people", args=[programme]) if names_staff else reverse("people:account")

    def act(typed: Mapping[str, str]) -> str:
        name_deputy(
            actor=viewer,
            holder=typed.get("holder", viewer.email),
            deputy=typed["deputy"],
            role=Role(typed["role"]) if typed["role"] in DEPUTISED else Role.MEMBER,
            programme=programme,
            first=read_day(typed["first"], field="first"),
            last=read_day(typed["last"], field="last"),
            now=now,
        )
        return back

    today = local_date(now, zone)
    asked = Asked(
        heading=gettext("Name a deputy"),
        lede=gettext("The deputy does the duty on these days and no longer. What they do is recorded with both names."),
        button=gettext("Name the deputy"),
        done=gettext("The deputy is named, and is told."),
        back=back,
        back_label=gettext("People") if names_staff else gettext("My account"),
        boxes=_boxes(viewer, programme, today.isoformat(), (today + timedelta(days=13)).isoformat()),
        act=act,
    )
    return ask(request, asked)


def _boxes(viewer: Actor, programme: str, first: str, last: str) -> list[Box]:
    names_staff = viewer.holds(*NAME_STAFF, programme=programme)
    own = [role for role in Role if role in DEPUTISED and (names_staff or viewer.holds(role, programme=programme))]
    whose = email_box(gettext("Address of who is away"), autocomplete="off")
    deputy = email_box(gettext("Address of the deputy"), autocomplete="off")
    return [
        *([_named(whose, "holder")] if names_staff else []),
        Box("role", gettext("Role"), kind="select", choices=[(role.value, word(role.value)) for role in own]),
        _named(deputy, "deputy"),
        Box("first", gettext("First day"), kind="date", value=first),
        Box("last", gettext("Last day"), kind="date", value=last),
    ]


def _named(box: Box, name: str) -> Box:
    return Box(name, box.label, kind=box.kind, autocomplete=box.autocomplete, longest=box.longest)


@require_POST
def end_deputy(request: HttpRequest, number: int) -> HttpResponse:
    """End a deputyship before its last day."""
    viewer = viewer_of(request)
    ended = end_deputyship(actor=viewer, number=number, now=timezone.now())
    messages.success(request, gettext("{name} does not stand in any more.").format(name=ended.deputy.name))
    if viewer.holds(*NAME_STAFF, programme=ended.programme):
        return redirect("staff:people", ended.programme)
    return redirect("people:account")
