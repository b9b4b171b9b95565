"""Letting an office look at one's pages, and looking at those of somebody who has consented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.identity import supporting
from lionrock.identity.actions import begin_support, end_support, give_consent, withdraw_consent
from lionrock.identity.domain.support import HOURS, Part, first_page
from lionrock.identity.policies import LONGEST_REASON
from lionrock.identity.supports import consents_for, has_duties, looks_at, open_consent_of
from lionrock.kernel.errors import Invalid, LionrockError, NotFound, Refused
from lionrock.kernel.messages import gettext_noop
from lionrock.people.programmes import house_zone, programmes_on_file
from lionrock.people.viewer import person_of, viewer_of
from lionrock.web.asking import Asked, ask
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.proving import needs_proof
from lionrock.web.sentences import translate

PARTS: Final[Mapping[Part, str]] = MappingProxyType(
    {
        Part.APPLICATIONS: gettext_noop("Applications and reviews of responsible AI"),
        Part.AWARDS: gettext_noop("Awards, reports, data and use"),
        Part.JOBS: gettext_noop("Jobs"),
        Part.MONEY: gettext_noop("Statements"),
        Part.ORGANISATION: gettext_noop("Members of my organisations"),
        Part.FILES: gettext_noop("Files and logs of what is chosen above"),
    }
)


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Let an office look at one's pages for some hours; show who may now, and what was looked at."""
    boxes = _boxes()
    if request.method != "POST":
        return _shown(request, boxes, [part for part in Part if part is not Part.FILES])
    typed, parts = typed_in(boxes, request.POST), _parts(request.POST)
    try:
        give_consent(
            person=person_of(request),
            programme=typed["programme"],
            supporter=typed["supporter"],
            parts=parts,
            hours=int(typed["hours"]) if typed["hours"].isdecimal() and len(typed["hours"]) < len("1000") else 0,
            reason=typed["reason"],
            now=timezone.now(),
        )
    except (Invalid, Refused) as error:
        wrong = in_words(error, boxes) if isinstance(error, Invalid) else error
        return _shown(request, filled(boxes, typed, wrong.faults), parts, wrong)
    messages.success(request, gettext("The office may look at your pages now. It ends by itself, or when you say so."))
    return redirect("identity:consent")


def _parts(posted: QueryDict) -> list[Part]:
    return [part for part in Part if part.value in posted.getlist("parts")]


def _boxes() -> list[Box]:
    spoken = get_language() or settings.LANGUAGE_CODE
    programmes = [(name, each.names.in_language(spoken)) for name, each in programmes_on_file().items()]
    hours = [(str(each), ngettext("{count} hour", "{count} hours", each).format(count=each)) for each in HOURS]
    alone = gettext("The address of the only one who may. Left empty, anybody of the office may.")
    why = gettext("They read it, and so does whoever looks at the audit trail.")
    return [
        Box("programme", gettext("Whose office"), kind="select", choices=programmes),
        Box("supporter", gettext("One person alone"), kind="email", help=alone, required=False, autocomplete="off"),
        Box("hours", gettext("For how long"), kind="select", choices=hours),
        Box("reason", gettext("What they are to look at, and why"), help=why, longest=LONGEST_REASON),
    ]


def _shown(
    request: HttpRequest, boxes: Sequence[Box], chosen: Sequence[Part], wrong: LionrockError | None = None
) -> HttpResponse:
    person = person_of(request)
    context = {
        "boxes": boxes,
        "parts": [(part.value, gettext(label)) for part, label in PARTS.items()],
        "chosen": [part.value for part in chosen],
        "part_faults": [fault for fault in (wrong.faults if wrong else ()) if fault.field == "parts"],
        "standing": open_consent_of(person, timezone.now()),
        "looks": list(looks_at(person)),
        "duties": has_duties(person),
        "zone": house_zone(),
        "wrong": wrong,
    }
    return render(request, "identity/consent.html", context, status=wrong.status if wrong else 200)


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """End one's consent; whoever looks on sees nothing more."""
    withdraw_consent(person=person_of(request), now=timezone.now())
    messages.success(request, gettext("Nobody looks at your pages any more."))
    return redirect("identity:consent")


@require_safe
def supports(request: HttpRequest) -> HttpResponse:
    """List who lets the viewer's office look at their pages."""
    consents = list(consents_for(viewer_of(request), timezone.now()))
    context = {"consents": consents, "zone": house_zone()}
    return render(request, "identity/supports.html", context)


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, number: int) -> HttpResponse:
    """Begin to look at somebody's pages, for a reason."""
    viewer, now = viewer_of(request), timezone.now()
    found = get_object_or_404(consents_for(viewer, now), pk=number)

    def act(typed: Mapping[str, str]) -> str:
        made = begin_support(actor=viewer, consent=number, reason=typed["reason"], now=now)
        supporting.begin(request, made)
        return reverse(first_page([Part(each) for each in found.parts]))

    asked = Asked(
        heading=gettext("Look at the pages of {name}").format(name=found.person.name),
        lede=gettext(
            "You see what {name} has opened to you, and change nothing. They are told now, and see page by page what "
            "you looked at; so does the audit."
        ).format(name=found.person.name),
        button=gettext("Begin"),
        done=gettext("You look at the pages of {name} now.").format(name=found.person.name),
        back=reverse("identity:supports"),
        back_label=gettext("Support"),
        boxes=[Box("reason", gettext("Why"), longest=LONGEST_REASON, help=found.reason)],
        act=act,
    )
    try:
        return ask(request, asked)
    except NotFound as over:
        messages.warning(request, translate(over.message))
        return redirect("identity:supports")


@require_POST
def end_looking(request: HttpRequest) -> HttpResponse:
    """End looking at somebody's pages; ended twice, it has ended."""
    number = supporting.begun(request)
    if number is not None:
        supporting.leave(request)
        end_support(number=number, supporter=person_of(request).email, now=timezone.now())
    messages.success(request, gettext("These are your own pages again."))
    return redirect("identity:supports")
