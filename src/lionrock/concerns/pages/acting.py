"""One page for each thing that can be done with a concern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.concerns import actions
from lionrock.concerns.models import Concern
from lionrock.concerns.pages.naming import in_words
from lionrock.concerns.queries import concern_by_code, works_on
from lionrock.concerns.rulebook import rules_now
from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import Asked, ask
from lionrock.web.filling import Box
from lionrock.web.words import word

_ACTS: dict[str, Callable[..., object]] = {
    "take_up": actions.take_up_concern,
    "tell": actions.tell_of_concern,
    "close": actions.close_concern,
    "set_aside": actions.set_aside_concern,
    "reopen": actions.reopen_concern,
    "assign": actions.assign_concern,
    "concerned": actions.name_concerned,
    "note": actions.note_concern,
}


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Show the form of one thing to do with a concern, and do it."""
    viewer, now = viewer_of(request), timezone.now()
    found = concern_by_code(viewer, code)
    name = verb.replace("-", "_")
    if name not in _ACTS:
        raise NotFound("concerns.act", message(gettext_noop("Nothing of that kind is done with a concern.")))
    if name != "note":
        require(viewer, Role.COMPLIANCE, programme=found.programme)
    elif not works_on(viewer, found):
        said = message(gettext_noop("Only compliance and those whom {code} is assigned to write on it."), code=code)
        raise NotAllowed("concerns.note.not_yours", said)
    asked = Asked(
        heading=word(f"act_{name}"),
        lede=found.title,
        button=gettext("Keep this"),
        done=gettext("It is kept."),
        back=reverse("concerns:show", args=[code]),
        back_label=code,
        boxes=_boxes(name, found, viewer),
        act=lambda typed: _do(name, found, viewer, typed, now),
    )
    return ask(request, asked)


def _do(name: str, found: Concern, viewer: Actor, typed: Mapping[str, str], now: datetime) -> str:
    fields: dict[str, Any] = dict(typed)
    if name == "note":
        fields["shown"] = typed["shown"] == "yes"
    _ACTS[name](actor=viewer, concern=found.code, now=now, **fields)
    return reverse("concerns:show", args=[found.code])


def _boxes(name: str, found: Concern, viewer: Actor) -> list[Box]:
    why = Box("reason", gettext("Why"), kind="area", longest=8000)
    if name == "take_up":
        severities = [(each.id, in_words(each.names)) for each in rules_now().severities.values()]
        return [
            Box("severity", gettext("How grave it is"), kind="choice", choices=severities, value=found.severity),
            Box("owner", gettext("Who answers for it"), kind="email", value=found.owner or viewer.email, longest=254),
            why,
        ]
    if name in ("assign", "concerned"):
        help_text = gettext("They see it and write on it.") if name == "assign" else gettext("They never see it.")
        return [Box("person", gettext("E-mail address of somebody on file"), kind="email", help=help_text, longest=254)]
    if name == "note":
        shown = [("no", gettext("No")), ("yes", gettext("Yes"))]
        return [
            Box("said", gettext("What is to be said"), kind="area", longest=8000),
            Box("shown", gettext("Does the sender read it?"), kind="choice", choices=shown, value="no"),
        ]
    if name == "close":
        return [Box("measures", gettext("Which measures were taken; the sender reads it"), kind="area", longest=8000)]
    if name == "tell":
        return [Box("reason", gettext("Who was told, when and how"), kind="area", longest=8000)]
    return [why]
