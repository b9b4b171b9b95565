"""Doing one thing to a dossier: what `doings` lists, declaring interests, proof of a condition, beginning."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.assurance import actions
from lionrock.assurance.actions.conditions import condition_by_number
from lionrock.assurance.models import Condition, Dossier
from lionrock.assurance.pages.doings import THINGS, chosen, doings
from lionrock.assurance.pages.showing import conditions_shown
from lionrock.assurance.queries.dossiers import concludes, dossier_by_code, reviewer_by_number, reviews, writes
from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web import acting
from lionrock.web.acting import Doing
from lionrock.web.filling import Box
from lionrock.web.proving import needs_proof
from lionrock.web.words import word

_PAGE = "assurance/acting.html"


@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the self-assessment of an application, and lead to its questions."""
    actions.begin_dossier(actor=viewer_of(request), application=code, now=timezone.now())
    return redirect("assurance:questions", code)


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, do: str) -> HttpResponse:
    """Show the boxes of one thing that the viewer can do with a dossier, or do it."""
    viewer, now = viewer_of(request), timezone.now()
    dossier = dossier_by_code(viewer, code)
    thing = next((each for each in doings(viewer, dossier) if each.name == do), None)
    if thing is None:
        raise _not_now(viewer, dossier, do)
    doing = Doing(thing.label, thing.lede, thing.boxes(viewer, dossier), thing.button, gettext_noop("It is kept."))
    return _do(request, dossier, doing, lambda typed: (thing.act(viewer, dossier, typed, now), None)[1])


def _not_now(viewer: Actor, dossier: Dossier, do: str) -> NotAllowed | NotFound:
    if do not in {thing.name for thing in THINGS}:
        return NotFound("assurance.act.unknown", message(gettext_noop("There is no such page.")))
    said = message(
        gettext_noop("{email} cannot do this with {application} as it stands now. Its page shows what can be done."),
        email=viewer.email,
        application=dossier.application.code,
    )
    return NotAllowed("assurance.act.not_now", said)


def _do(request: HttpRequest, dossier: Dossier, doing: Doing, act: acting.Act) -> HttpResponse:
    code = dossier.application.code
    back = reverse("assurance:show", args=[code])
    about = {"dossier": dossier, "application": dossier.application, "state": f"dossier_{dossier.state}"}
    return acting.do(request, doing, act, back=back, template=_PAGE, about=about, named={"application": code})


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def condition(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show a condition; its owner hands in proof, a reviewer accepts it or sends it back."""
    viewer, now = viewer_of(request), timezone.now()
    dossier = dossier_by_code(viewer, code)
    found = condition_by_number(dossier, number)
    zone = programme_on_file(dossier.programme).zone
    shown = next(row for row in conditions_shown(dossier, local_date(now, zone)) if row[0].number == number)
    more = {"condition": found, "binds": shown[1], "due": shown[2], "zone": zone}
    boxes, button = _proof_boxes(viewer, dossier, found)
    heading = gettext("Condition {number}").format(number=number)
    doing = Doing(heading, "", boxes, button, gettext_noop("It is kept."), more, "assurance/condition.html")
    to = {"actor": viewer, "application": code, "number": number, "now": now}

    def take(typed: Mapping[str, str]) -> None:
        if "answer" in typed:
            accept = chosen(typed, "answer", ["accept", "return"]) == "accept"
            actions.answer_proof(**to, accept=accept, reason=typed["reason"])  # type: ignore[arg-type]
        else:
            actions.hand_in_proof(**to, text=typed.get("text", ""))  # type: ignore[arg-type]

    return _do(request, dossier, doing, take)


def _proof_boxes(viewer: Actor, dossier: Dossier, found: Condition) -> tuple[list[Box], str]:
    """Return the boxes of what the viewer can do with a condition, and the button; none for who only looks."""
    is_owner = found.owner.casefold() == viewer.email.casefold()
    if found.met_on is not None:
        return [], ""
    if found.handed_in_at is not None and not is_owner and (concludes(viewer, dossier) or reviews(viewer, dossier)):
        choices = [("accept", gettext("It is met")), ("return", gettext("It is not enough: send it back"))]
        reason = Box("reason", gettext("Why; it is kept in the history"), kind="area", longest=4000)
        return [Box("answer", gettext("What you find"), kind="choice", choices=choices), reason], gettext("Keep this")
    if is_owner or writes(viewer, dossier):
        help_text = gettext("Say in words what meets it; files go on the page of the item.")
        return [Box("text", gettext("The proof"), kind="area", longest=4000, help=help_text)], gettext("Hand it in")
    return [], ""


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody who was asked to review declare interests, before anything but the code is shown."""
    viewer, now = viewer_of(request), timezone.now()
    row = reviewer_by_number(viewer, number)
    choices = [("clear", gettext("I have no interest in it")), ("conflict", gettext("I have, and do not review it"))]
    boxes = [
        Box("conflict", gettext("Your interests"), kind="choice", choices=choices),
        Box(
            "text",
            gettext("Which interest; only who runs the review reads it"),
            kind="area",
            required=False,
            longest=4000,
        ),
    ]
    doing = Doing(
        gettext("Declare your interests"),
        gettext("You were asked to review {application}, for the items on: {expertise}.").format(
            application=row.dossier.application.code, expertise=word(f"expertise_{row.expertise}")
        ),
        boxes,
        gettext("Declare"),
        gettext_noop("Your declaration is kept."),
        {"row": row},
    )

    def take(typed: Mapping[str, str]) -> None:
        conflict = chosen(typed, "conflict", ["clear", "conflict"]) == "conflict"
        actions.declare_interest(actor=viewer, reviewer=number, conflict=conflict, text=typed["text"], now=now)

    back = reverse("assurance:list")
    return acting.do(request, doing, take, back=back, template="assurance/declare.html", about={}, named={})
