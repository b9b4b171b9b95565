"""Suspending, resuming and ending an award."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.awards.actions import end_award, resume_award, suspend_award
from lionrock.awards.models import Award
from lionrock.awards.pages.acting import Doing, do
from lionrock.awards.queries import award_by_code
from lionrock.kernel.messages import gettext_noop
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box
from lionrock.web.proving import needs_proof_to_open


@needs_proof_to_open
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: HttpRequest, code: str) -> HttpResponse:
    """Stop new use of an award for the time being."""
    viewer, found = _staff(request, code)
    doing = Doing(
        heading=gettext("Suspend the award"),
        lede=gettext(
            "No new work can start. What runs already runs on and is charged, and a lease is billed as before: "
            "the programme states nothing else."
        ),
        boxes=[_why()],
        button=gettext("Suspend it"),
        done=gettext_noop("{award} is suspended."),
    )
    return do(request, found, doing, lambda typed: suspend_award(actor=viewer, award=code, now=timezone.now(), **typed))


@needs_proof_to_open
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Let a suspended award be used again."""
    viewer, found = _staff(request, code)
    doing = Doing(
        heading=gettext("Let the award be used again"),
        lede=gettext("New work can start at once. The end of the award stays as it is."),
        boxes=[_why()],
        button=gettext("Resume it"),
        done=gettext_noop("{award} can be used again."),
    )
    return do(request, found, doing, lambda typed: resume_award(actor=viewer, award=code, now=timezone.now(), **typed))


@needs_proof_to_open
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End an award that has run out, or withdraw it before."""
    viewer, found = _staff(request, code)
    why = Box(
        "reason", gettext("Why"), kind="area", longest=2000, required=False, help=gettext("Needed before its last day.")
    )
    doing = Doing(
        heading=gettext("End the award"),
        lede=gettext(
            "Its allocation is closed and its lease ends now. What it did not use goes back to the fund as soon as "
            "the last month of its use is charged; an offer gives all of it back at once."
        ),
        boxes=[why],
        button=gettext("End it"),
        done=gettext_noop("{award} has ended."),
    )
    return do(request, found, doing, lambda typed: end_award(actor=viewer, award=code, now=timezone.now(), **typed))


def _why() -> Box:
    return Box("reason", gettext("Why"), kind="area", longest=2000)


def _staff(request: HttpRequest, code: str) -> tuple[Actor, Award]:
    viewer = viewer_of(request)
    found = award_by_code(viewer, code)
    require(viewer, Role.OFFICE, Role.COMMITTEE, Role.CHAIR, programme=found.programme)
    return viewer, found
