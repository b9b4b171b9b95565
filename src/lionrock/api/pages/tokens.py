"""One's tokens: which there are, making one, revoking one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.api.actions import issue_token, revoke_token
from lionrock.api.domain.tokens import LONGEST_DAYS, SCOPE_WORDS, USUAL_DAYS, Scope, usable_scopes
from lionrock.api.queries import tokens
from lionrock.kernel.errors import Invalid, Refused
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import person_of, viewer_of
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.proving import needs_proof

_NO_PLACE = ""


@needs_proof
@sensitive_variables("issued")
@require_http_methods(["GET", "HEAD", "POST"])
def own_tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens that one may see; make one, which is shown here and never again."""
    viewer = viewer_of(request)
    boxes = _boxes(viewer)
    if request.method != "POST":
        return _shown(request, boxes)
    typed, chosen = typed_in(boxes, request.POST), _scopes(request.POST)
    kind, _, code = typed["place"].partition(":")
    try:
        issued = issue_token(
            person=person_of(request),
            name=typed["name"],
            scopes=chosen,
            days=int(typed["days"]) if typed["days"].isdecimal() and len(typed["days"]) < 6 else 0,
            now=timezone.now(),
            programme=code if kind == "programme" else "",
            organisation=code if kind == "organisation" else "",
        )
    except (Invalid, Refused) as error:
        wrong = in_words(error, boxes) if isinstance(error, Invalid) else error
        return _shown(request, filled(boxes, typed, wrong.faults), wrong=wrong, chosen=chosen, status=wrong.status)
    return _shown(request, _boxes(viewer), secret=issued.secret, name=issued.token.name)


@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End a token at once."""
    token = revoke_token(actor=viewer_of(request), number=number, now=timezone.now())
    messages.success(request, gettext("“{name}” opens nothing any more.").format(name=token.name))
    return redirect("tokens:list")


def _scopes(posted: QueryDict) -> list[Scope]:
    return [scope for scope in Scope if scope.value in posted.getlist("scopes")]


def _shown(
    request: HttpRequest,
    boxes: list[Box],
    *,
    wrong: Invalid | Refused | None = None,
    chosen: list[Scope] | None = None,
    secret: str = "",
    name: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    context = {
        "tokens": list(tokens(viewer)[:200]),
        "boxes": boxes,
        "scopes": [(scope.value, gettext(SCOPE_WORDS[scope])) for scope in usable_scopes(viewer)],
        "chosen": [scope.value for scope in chosen or [Scope.READ]],
        "scope_faults": [fault for fault in (wrong.faults if wrong else ()) if fault.field == "scopes"],
        "wrong": wrong,
        "secret": secret,
        "name": name,
        "now": now,
        "zone": house_zone(),
    }
    return render(request, "api/tokens.html", context, status=status)


def _boxes(viewer: Actor) -> list[Box]:
    programmes = [(f"programme:{code}", code) for code in sorted(viewer.programmes())]
    organisations = [(f"organisation:{code}", code) for code in sorted(viewer.organisations())]
    places = [(_NO_PLACE, gettext("My own scripts, wherever I hold a role")), *programmes, *organisations]
    return [
        Box("name", gettext("What it is for"), longest=100, autocomplete="off"),
        Box(
            "place",
            gettext("Whose work it does"),
            kind="select",
            choices=places,
            help=gettext("A service's token opens one place alone, and those who look after that place see it."),
        ),
        Box(
            "days",
            gettext("Days that it counts"),
            kind="number",
            longest=3,
            value=str(USUAL_DAYS),
            help=gettext("At most {most}.").format(most=LONGEST_DAYS),
        ),
    ]
