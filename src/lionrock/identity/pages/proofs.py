"""What a page asks as a proof, and taking what was sent: the same for signing in and for confirming."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext

from lionrock.identity.actions import take_code, take_passkey, take_password
from lionrock.identity.challenges import ask, take
from lionrock.identity.domain import Method
from lionrock.identity.passkeys import ask_to_show, usable
from lionrock.identity.queries import Ways
from lionrock.kernel.errors import LionrockError
from lionrock.people.models import Person
from lionrock.people.sources import source_of
from lionrock.web.filling import Box, filled

PASSKEY: Final = "lionrock-proof-passkey"
CODE: Final = "lionrock-proof-code"
PASSWORD: Final = "lionrock-proof-password"  # noqa: S105 - the name of a field
SENT: Final = "lionrock-proof"
"""The field that says that a proof was sent, and how all of its fields begin: no other form has such names."""
_SHOW: Final = "show"


def questions(
    request: HttpRequest, person: Person | None, ways: Ways, now: datetime, wrong: LionrockError | None = None
) -> dict[str, object]:
    """Return what the template of a proof shows: a new question for a passkey, and a box for a code or a password."""
    faults = [replace(fault, field=f"{SENT}-{fault.field}") for fault in wrong.faults] if wrong else []
    context: dict[str, object] = {"ways": ways, "proof_boxes": filled(_boxes(ways), {}, faults), "wrong": wrong}
    if ways.passkeys and usable():
        options, state = ask_to_show(person)
        ask(request, _SHOW, state, now)
        context["passkey_options"] = json.dumps(options)
    return context


def _boxes(ways: Ways) -> list[Box]:
    if not ways.second:
        return [Box(PASSWORD, gettext("Password"), "password", autocomplete="current-password", longest=1000)]
    if not ways.app and not ways.codes:
        return []
    both = gettext("Six digits of your authenticator app, or one of your recovery codes.")
    codes = gettext("One of your recovery codes, if the passkey is not at hand.")
    label = gettext("Code")
    return [Box(CODE, label, help=both if ways.app else codes, autocomplete="one-time-code", longest=40)]


def shown_proof(request: HttpRequest, person: Person, ways: Ways, now: datetime) -> Method:
    """Take the proof that was posted; raises `Invalid`, `Refused` or `Conflict` as the actions do.

    Somebody who has a second factor cannot do with a password.
    """
    posted: Mapping[str, str] = request.POST
    source = source_of(request)
    if posted.get(PASSKEY):
        shown_passkey(request, person, now)
        return Method.PASSKEY
    if ways.second:
        return take_code(person=person, typed=posted.get(CODE, "").replace("\0", ""), source=source, now=now)
    return take_password(person=person, password=posted.get(PASSWORD, ""), source=source, now=now)


def shown_passkey(request: HttpRequest, person: Person | None, now: datetime) -> Person:
    """Take the passkey that was posted, of somebody or of whoever it is; the question counts no second time."""
    state = take(request, _SHOW, now)
    answer = request.POST.get(PASSKEY, "")
    return take_passkey(person=person, answer=answer, state=state, source=source_of(request), now=now)
