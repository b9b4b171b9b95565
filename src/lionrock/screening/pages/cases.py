"""Who may be on a list: the queue, and one case with its hits, its steps and what can be decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import viewer_of
from lionrock.screening import actions
from lionrock.screening.domain.cases import TRANSITIONS, CaseState
from lionrock.screening.memory import today
from lionrock.screening.models import Case, SubjectKind
from lionrock.screening.pages.showing import shown
from lionrock.screening.policies import answers_for_it
from lionrock.screening.queries.cases import case_by_number, cases, to_do
from lionrock.screening.queries.holding import ownership_of
from lionrock.web import kept
from lionrock.web.filling import Box, filled, typed_in
from lionrock.web.listing import page_of
from lionrock.web.proving import needs_proof
from lionrock.web.sentences import translate

_STEPS: Final[Mapping[str, str]] = {
    "clear": gettext_noop("It is somebody else: ask a second person to agree"),
    "agree": gettext_noop("I agree: it is somebody else. What is held goes on at once"),
    "disagree": gettext_noop("I do not agree: escalate it"),
    "escalate": gettext_noop("Escalate it"),
    "confirm": gettext_noop("It is the party on the list: it stays held"),
}
_ACTS: Final = {
    "clear": actions.clear_case,
    "agree": actions.agree_to_clear,
    "disagree": actions.disagree_to_clear,
    "escalate": actions.escalate_case,
    "confirm": actions.confirm_case,
}
_TOLD: Final[Mapping[str, str]] = {
    "open": gettext_noop("Found"),
    "find": gettext_noop("Found on another entry"),
    "reopen": gettext_noop("Found again, and opened again"),
    "clear": gettext_noop("Said to be somebody else"),
    "agree": gettext_noop("Agreed: somebody else"),
    "disagree": gettext_noop("Not agreed"),
    "escalate": gettext_noop("Escalated"),
    "confirm": gettext_noop("Confirmed: the party on the list"),
}
_KINDS: Final[Mapping[str, str]] = {
    SubjectKind.ORGANISATION: gettext_noop("Organisation"),
    SubjectKind.PERSON: gettext_noop("Person"),
    SubjectKind.OWNER: gettext_noop("Owner of an organisation"),
    SubjectKind.SIGNATORY: gettext_noop("Who signed for an award"),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the cases that wait, those that block first; or all of them."""
    viewer, everything = viewer_of(request), request.GET.get("all") == "1"
    page = page_of(request, cases(viewer).order_by("-state_since", "-pk") if everything else to_do(viewer))
    rows = [(case, gettext(_KINDS[case.kind]), f"case_{case.state}", f"says_{case.strength}") for case in page]
    context = {"page": page, "rows": rows, "everything": everything, "zone": house_zone()}
    return render(request, "screening/cases.html", context)


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, number: int) -> HttpResponse:
    """Show one case, and take what is decided of it."""
    viewer, now = viewer_of(request), timezone.now()
    found = case_by_number(viewer, number)
    boxes = _boxes(viewer, found)
    if request.method != "POST":
        return _page(request, viewer, found, boxes, None)
    typed = typed_in(boxes, request.POST)
    try:
        _decide(viewer, number, typed, now)
    except (Invalid, Refused) as wrong:
        return _page(request, viewer, found, filled(boxes, typed, wrong.faults), wrong)
    except Conflict as late:
        messages.warning(request, translate(late.message))
        return redirect("screening:case", number)
    messages.success(request, gettext("It is kept, with your reason."))
    return redirect("screening:case", number)


def _decide(viewer: Actor, number: int, typed: Mapping[str, str], now: datetime) -> None:
    act = _ACTS.get(typed.get("step", ""))
    if act is None:
        said = message(gettext_noop("Nothing is chosen in {field}. Choose one."), field="step")
        raise Invalid("screening.case.step", said, faults=[Fault("screening.case.step", said, field="step", value="")])
    act(actor=viewer, case=number, reason=typed["reason"], now=now)


def _boxes(viewer: Actor, found: Case) -> list[Box]:
    """Return the boxes of what the viewer can decide now; none for who only looks."""
    if not answers_for_it(viewer):
        return [Box("step", ""), Box("reason", "")]
    own = found.asked_by.casefold() == viewer.email.casefold()
    verbs = [verb for verb in _STEPS if (CaseState(found.state), verb) in TRANSITIONS and not (verb == "agree" and own)]
    choices = [(verb, gettext(_STEPS[verb])) for verb in verbs]
    reason = gettext("Why; it is kept with the case")
    return [
        Box("step", gettext("What you decide"), kind="choice", choices=choices),
        Box("reason", reason, kind="area", longest=2000),
    ]


def _page(
    request: HttpRequest, viewer: Actor, found: Case, boxes: list[Box], wrong: LionrockError | None
) -> HttpResponse:
    hits = list(found.hits.select_related("entry__list", "entry__since", "entry__until"))
    steps = [(step, gettext(_TOLD[step.verb])) for step in found.steps.all()]
    organisation = found.kind == SubjectKind.ORGANISATION
    owned = ownership_of(found.code, today(timezone.now())) if organisation else None
    context = {
        "case": found,
        "kind": gettext(_KINDS[found.kind]),
        "state": f"case_{found.state}",
        "hits": [(hit, shown(hit.match, hit.entry.content, hit.strength)) for hit in hits],
        "reads": [kept.read(each) for each in hits[0].reads] if hits else [],
        "steps": steps,
        "owned": owned[0] if owned else None,
        "rule": owned[1].read() if owned else None,
        "may": answers_for_it(viewer) and bool(boxes[0].choices),
        "boxes": boxes,
        "wrong": wrong,
        "zone": house_zone(),
    }
    return render(request, "screening/case.html", context, status=wrong.status if wrong else 200)
