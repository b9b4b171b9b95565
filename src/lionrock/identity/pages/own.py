"""One's own passkeys, authenticator app and recovery codes."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.identity.actions import (
    add_authenticator,
    add_passkey,
    make_recovery_codes,
    remove_authenticator,
    remove_passkey,
)
from lionrock.identity.actions.factors import NAME_LENGTH
from lionrock.identity.challenges import ask, asked, take
from lionrock.identity.domain import Method, provisioning, readable
from lionrock.identity.pages.proofs import PASSKEY
from lionrock.identity.passkeys import ask_to_make, usable
from lionrock.identity.queries import passkeys_of, secret_of, sessions_of, ways_of
from lionrock.identity.signing import prove
from lionrock.identity.supports import open_consent_of
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotFound, Refused
from lionrock.people.models import Person
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import person_of
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.panels import Panel
from lionrock.web.proving import needs_proof, needs_proof_to_open

_MAKE, _APP = "make", "app"
_ISSUER = "Lionrock"
_SEED_BYTES = 32


def panel(person: Person) -> Panel:
    """Return the part of the account's page that says how one signs in."""
    content = {
        "ways": ways_of(person),
        "passkeys": list(passkeys_of(person)),
        "usable": usable(),
        "sessions": len(sessions_of(person, timezone.now())),
        "standing": open_consent_of(person, timezone.now()),
        "zone": house_zone(),
    }
    return Panel("identity/parts/account.html", content)


@needs_proof_to_open
@require_http_methods(["GET", "HEAD", "POST"])
def new_passkey(request: HttpRequest) -> HttpResponse:
    """Have this device make a passkey, under a name by which its owner knows it again."""
    person, now, boxes = person_of(request), timezone.now(), _name_boxes()
    if request.method != "POST":
        return _making(request, person, boxes, now)
    typed = typed_in(boxes, request.POST)
    try:
        state = take(request, _MAKE, now)
        answer = request.POST.get(PASSKEY, "")
        codes = add_passkey(person=person, name=typed["name"], answer=answer, state=state, now=now)
    except Invalid as wrong:
        told = in_words(wrong, boxes)
        return _making(request, person, filled(boxes, typed, told.faults), now, told)
    except (Refused, Conflict) as wrong:
        return _making(request, person, filled(boxes, typed), now, wrong)
    prove(request, Method.PASSKEY, now)
    messages.success(request, gettext("The passkey “{name}” is kept.").format(name=typed["name"]))
    return _codes(request, codes) if codes else redirect("people:account")


def _name_boxes() -> list[Box]:
    asked_for = gettext("By which you know it again: the telephone, the key on the ring.")
    return [Box("name", gettext("Name"), help=asked_for, longest=NAME_LENGTH, autocomplete="off")]


def _making(
    request: HttpRequest, person: Person, boxes: list[Box], now: datetime, wrong: LionrockError | None = None
) -> HttpResponse:
    context: dict[str, object] = {"boxes": boxes, "wrong": wrong, "usable": usable()}
    if usable():
        options, state = ask_to_make(person)
        ask(request, _MAKE, state, now)
        context["passkey_options"] = json.dumps(options)
    return render(request, "identity/new_passkey.html", context, status=wrong.status if wrong else 200)


@needs_proof
@require_POST
def drop_passkey(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a passkey; removed twice, it is gone."""
    try:
        name = remove_passkey(person=person_of(request), number=number, now=timezone.now())
    except NotFound:
        messages.info(request, gettext("This passkey is not there any more."))
    else:
        messages.success(request, gettext("The passkey “{name}” does not count any more.").format(name=name))
    return redirect("people:account")


@needs_proof_to_open
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """Show the secret that an authenticator app reads, and take its first code."""
    person, now = person_of(request), timezone.now()
    if request.method != "POST":
        return _setting_up(request, person, now)
    try:
        seed = asked(request, _APP, now)["seed"]
        codes = add_authenticator(person=person, seed=seed, typed=request.POST.get("code", ""), now=now)
    except (Invalid, Conflict) as wrong:
        return _setting_up(request, person, now, wrong)
    take(request, _APP, now)
    prove(request, Method.CODE, now)
    messages.success(request, gettext("The authenticator app counts from now on."))
    return _codes(request, codes) if codes else redirect("people:account")


@sensitive_variables("seed", "secret")
def _setting_up(
    request: HttpRequest, person: Person, now: datetime, wrong: LionrockError | None = None
) -> HttpResponse:
    """Show the same secret again after a wrong code: the app has read it already."""
    try:
        seed = asked(request, _APP, now)["seed"]
    except Conflict:
        seed = secrets.token_urlsafe(_SEED_BYTES)
        ask(request, _APP, {"seed": seed}, now)
    secret = secret_of(seed)
    box = Box("code", gettext("Code that the app shows"), autocomplete="one-time-code", longest=10)
    context = {
        "picture": _picture(provisioning(secret, person.email, _ISSUER)),
        "secret": readable(secret),
        "boxes": filled([box], {}, wrong.faults if wrong else ()),
        "wrong": wrong,
    }
    return render(request, "identity/authenticator.html", context, status=wrong.status if wrong else 200)


def _picture(text: str) -> str:
    """Return a QR code as SVG to stand in the page; it is made of squares alone, whatever the text says."""
    drawn = segno.make(text, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 - drawn by us: the text is in no attribute and in no element


@needs_proof
@require_POST
def drop_authenticator(request: HttpRequest) -> HttpResponse:
    """Remove the app."""
    remove_authenticator(person=person_of(request), now=timezone.now())
    messages.success(request, gettext("The authenticator app does not count any more."))
    return redirect("people:account")


@needs_proof
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them, this once."""
    try:
        return _codes(request, make_recovery_codes(person=person_of(request), now=timezone.now()))
    except Conflict as nothing:
        messages.warning(request, str(nothing.message))
        return redirect("people:account")


@sensitive_variables("codes")
def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "identity/codes.html", {"codes": codes})
