"""Accepting or refusing an offer, and its papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.awards.actions import accept_offer, decline_offer
from lionrock.awards.models import Award
from lionrock.awards.pages.acting import Doing, do
from lionrock.awards.papers import letter_of, pdf_of
from lionrock.awards.projects import require_answers_for
from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Accept an offer, in the name of the authorised signatory."""
    viewer = viewer_of(request)
    found = award_by_code(viewer, code)
    require_answers_for(viewer, found)
    boxes = [
        Box("signatory", gettext("Name of the authorised signatory"), autocomplete="name"),
        Box("title", gettext("Title of the signatory"), help=gettext("Such as Vice-President (Research).")),
    ]
    doing = Doing(
        heading=gettext("Accept the offer"),
        lede=gettext("Your organisation accepts the terms below. They are in force at once, as an agreement."),
        boxes=boxes,
        button=gettext("Accept for the organisation"),
        done=gettext_noop("{award} is accepted. The agreement stands below."),
        more=_letter(found),
        template="awards/accept.html",
    )

    def act(typed: Mapping[str, str]) -> str | None:
        accepted = accept_offer(actor=viewer, award=code, now=timezone.now(), **typed)
        return None if accepted.accepted_at else _BEING_CHECKED

    return do(request, found, doing, act)


_BEING_CHECKED: Final = gettext_noop(
    "Your acceptance of {award} is kept. It is being checked; there is nothing you need to do."
)


def _letter(award: Award) -> dict[str, object]:
    offer = award.papers.filter(kind="offer").first()
    return {"letter": letter_of(offer) if offer else None}


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, code: str) -> HttpResponse:
    """Refuse an offer, and say why."""
    viewer = viewer_of(request)
    found = award_by_code(viewer, code)
    require_answers_for(viewer, found)
    doing = Doing(
        heading=gettext("Refuse the offer"),
        lede=gettext("What was committed to you is free for others at once. This cannot be taken back."),
        boxes=[Box("reason", gettext("Why you do not take it up"), kind="area", longest=2000)],
        button=gettext("Refuse the offer"),
        done=gettext_noop("The offer of {award} is refused."),
    )
    return do(request, found, doing, lambda typed: decline_offer(actor=viewer, award=code, now=timezone.now(), **typed))


@require_safe
def paper(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Hand out the letter or the agreement as a PDF in the language of the page."""
    found = award_by_code(viewer_of(request), code).papers.filter(kind=kind).first()
    if found is None:
        raise NotFound(
            "awards.paper.unknown",
            message(gettext_noop("There is no such paper of {award}: {kind}."), award=code, kind=kind),
        )
    headers = {"Content-Disposition": f'attachment; filename="{code}-{kind}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf_of(found, get_language() or "en"), content_type="application/pdf", headers=headers)
