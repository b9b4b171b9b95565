"""Where the form's script sends what is typed: JSON in, JSON out, the same action as the form's buttons."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from lionrock.applications.actions import Change, SavedAnswer, save_answers
from lionrock.applications.pages.boxes import Clash, token
from lionrock.applications.pages.costs import cost_of
from lionrock.applications.pages.filling import change, clashes_of
from lionrock.applications.pages.sheets import Sheet, sheet_for_authors, steps_of
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.viewer import viewer_of
from lionrock.web.asking import sent_by_script
from lionrock.web.sentences import translate

MOST_CHANGES = 500


@require_POST
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """Save the fields that were changed; tell for each its new version, what is wrong, and what clashed."""
    sheet = sheet_for_authors(viewer_of(request), code, timezone.now())
    told = read_changes(sent_by_script(request))
    changes = [_change(sheet, each) for each in told["changes"]]
    saved = save_answers(actor=sheet.viewer, application=code, changes=changes, now=sheet.now)
    again = sheet.reread()
    clashes = clashes_of(again, saved)
    fragments = _fragments(request, again, str(told.get("here", "")))
    answered = {each.key: _told(again, each, clashes.get(each.key)) for each in saved.answers}
    return JsonResponse({"answers": answered, "fragments": fragments})


def read_changes(body: str) -> dict[str, Any]:
    """Return what the script sent; raises `Invalid` for anything that it would not send."""
    try:
        told: dict[str, Any] = json.loads(body)
    except ValueError:
        told = {}
    changes = told.get("changes") if isinstance(told, dict) else None
    if not isinstance(changes, list) or len(changes) > MOST_CHANGES or not all(map(_is_change, changes)):
        said = message(gettext_noop("This is no list of changes to a form. Load the page again and save there."))
        raise Invalid("applications.answers.unreadable", said, faults=[Fault("applications.answers.unreadable", said)])
    return told


def _is_change(each: object) -> bool:
    if not isinstance(each, dict) or not isinstance(each.get("key"), str) or not isinstance(each.get("read"), str):
        return False
    return _is_value(each.get("value")) and (each.get("sent") is None or _is_value(each["sent"]))


def _is_value(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _change(sheet: Sheet, told: dict[str, Any]) -> Change:
    return change(sheet.answers, told["key"], told["value"], told["read"], told.get("sent"))


def _told(sheet: Sheet, saved: SavedAnswer, clash: Clash | None) -> dict[str, object]:
    fault = translate(saved.fault.message) if saved.fault else ""
    read = token(sheet.answers.get(saved.key))
    return {"read": read, "fault": fault, "conflict": _both(clash) if clash else None}


def _both(clash: Clash) -> dict[str, object]:
    return {"said": translate(clash.said), "value": clash.value, "shown": clash.shown, "read": clash.read}


def _fragments(request: HttpRequest, sheet: Sheet, here: str) -> dict[str, str]:
    """Return the parts of the page that follow from what is written: what it costs, what is missing where."""
    context = {"application": sheet.application, "steps": steps_of(sheet), "here": here}
    cost = {"cost": cost_of(sheet.application, sheet.now)}
    return {
        "steps": render_to_string("applications/parts/steps.html", context, request),
        "cost": render_to_string("applications/parts/cost.html", cost, request),
    }
