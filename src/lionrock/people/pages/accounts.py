"""One's own account: name, language, password, and where one belongs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.kernel.errors import Invalid
from lionrock.people.actions import ask_membership, belong_by_address, change_account, change_password
from lionrock.people.domain import DEPUTISED, Role
from lionrock.people.models import Organisation, Person, RoleGrant
from lionrock.people.pages.boxes import language_box, name_box, organisation_boxes, password_box
from lionrock.people.queries import of_address, own_deputyships
from lionrock.people.viewer import person_of, viewer_of
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.language import keep_language
from lionrock.web.panels import Panel

MakePanel = Callable[[Person], Panel]
"""Makes a part of the page of somebody's account."""


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, panels: Sequence[MakePanel] = ()) -> HttpResponse:
    """Show one's account; change name and language."""
    person = person_of(request)
    if request.method != "POST":
        return _shown(request, person, panels)
    boxes = _own_boxes(person)
    typed = typed_in(boxes, request.POST)
    try:
        change_account(person=person, now=timezone.now(), **typed)
    except Invalid as wrong:
        told = in_words(wrong, boxes)
        return _shown(request, person, panels, told, own=filled(boxes, typed, told.faults))
    response = redirect("people:account")
    keep_language(response, person.language)
    messages.success(request, gettext("Your account is changed."))
    return response


@sensitive_post_parameters("current", "password")
@sensitive_variables("typed")
@require_POST
def change_own_password(request: HttpRequest, panels: Sequence[MakePanel] = ()) -> HttpResponse:
    """Choose another password; one stays signed in here, and everywhere else no longer is."""
    person, boxes = person_of(request), _password_boxes()
    typed = typed_in(boxes, request.POST)
    try:
        changed = change_password(person=person, now=timezone.now(), **typed)
    except Invalid as wrong:
        told = in_words(wrong, boxes)
        return _shown(request, person, panels, told, secret=filled(boxes, typed, told.faults))
    update_session_auth_hash(request, changed)
    messages.success(request, gettext("Your password is changed. Other browsers have to sign in again."))
    return redirect("people:account")


@require_POST
def enter_an_organisation(request: HttpRequest, panels: Sequence[MakePanel] = ()) -> HttpResponse:
    """Ask an organisation to take one in, or put a new one on file."""
    person, boxes = person_of(request), organisation_boxes()
    typed = typed_in(boxes, request.POST)
    try:
        place = ask_membership(
            person=person,
            organisation_name=typed["organisation_name"],
            name_zh_hant=typed["organisation_name_zh_hant"],
            name_zh_hans=typed["organisation_name_zh_hans"],
            now=timezone.now(),
        )
    except Invalid as wrong:
        told = in_words(wrong, boxes)
        return _shown(request, person, panels, told, entering=filled(boxes, typed, told.faults))
    return _entered(request, person, place)


@require_POST
def belong(request: HttpRequest, code: str) -> HttpResponse:
    """Enter the organisation that has proven the domain of one's own address, or ask it."""
    person = person_of(request)
    return _entered(request, person, belong_by_address(person=person, organisation=code, now=timezone.now()))


def _entered(request: HttpRequest, person: Person, place: Organisation) -> HttpResponse:
    if person.role_grants.filter(organisation=place).exists():
        messages.success(request, gettext("You belong to {organisation} now.").format(organisation=place.name))
    else:
        messages.success(request, gettext("{organisation} has been asked.").format(organisation=place.name))
    return redirect("people:account")


def _told(grants: Sequence[RoleGrant]) -> list[RoleGrant]:
    """Return one role for each place: an administrator of an organisation is a member of it."""
    cared = {grant.organisation_id for grant in grants if grant.role == Role.ORGANISATION_ADMIN}
    return [grant for grant in grants if grant.role != Role.MEMBER or grant.organisation_id not in cared]


def _shown(
    request: HttpRequest,
    person: Person,
    panels: Sequence[MakePanel],
    wrong: Invalid | None = None,
    **boxes: list[Box],
) -> HttpResponse:
    grants = list(person.role_grants.select_related("organisation").order_by("programme", "organisation", "role"))
    requests = list(person.membership_requests.filter(answered_at__isnull=True).select_related("organisation"))
    places = {grant.organisation_id for grant in grants} | {request.organisation_id for request in requests}
    claim = of_address(person)
    context = {
        "person": person,
        "grants": _told(grants),
        "of_address": claim if claim and claim.organisation_id not in places else None,
        "deputies": list(own_deputyships(person, timezone.now())),
        "deputised": sorted(
            {grant.programme for grant in viewer_of(request).grants if grant.role in DEPUTISED and grant.programme}
        ),
        "requests": requests,
        "own": _own_boxes(person),
        "secret": _password_boxes(),
        "entering": organisation_boxes(),
        "panels": [make(person) for make in panels],
        "wrong": wrong,
        **boxes,
    }
    return render(request, "people/account.html", context, status=wrong.status if wrong else 200)


def _own_boxes(person: Person) -> list[Box]:
    return filled([name_box(), language_box()], {"name": person.name, "language": person.language})


def _password_boxes() -> list[Box]:
    now = Box("current", gettext("Present password"), "password", autocomplete="current-password")
    return [now, password_box(gettext("New password"))]
