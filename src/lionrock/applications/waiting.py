"""What waits for applicants: questions to be answered, and drafts to be finished before their call closes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Q
from django.urls import reverse

from lionrock.applications.domain import ApplicationState
from lionrock.applications.domain.pledges import Pledges
from lionrock.applications.models import Admission, Application, Standing
from lionrock.applications.progress import pledge_of
from lionrock.applications.queries import KEPT_LONG, applications
from lionrock.calls.domain import CallState, takes_applications
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.web.worklist import Waiting

MOST: Final = 20
"""Lines for one viewer; whoever has more finds them in the list of applications."""


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:
    """Return what waits for an author (one query): returned applications, then drafts whose call is still open."""
    invited = Admission.objects.filter(person=viewer.email, standing=Standing.AUTHOR).values("application")
    own = Q(organisation__code__in=viewer.organisations()) | Q(pk__in=invited)
    with_authors = applications(viewer).filter(own, state__in=(ApplicationState.RETURNED, ApplicationState.DRAFT))
    found = list(
        with_authors.select_related("call", "organisation").defer(*KEPT_LONG).order_by("-state", "-state_since")[:MOST]
    )
    pledges = {each: Pledges(programme_on_file(each)) for each in {one.call.programme for one in found}}
    lines = [_line(application, pledges[application.call.programme], now) for application in found]
    return [line for line in lines if line is not None]


def _line(application: Application, pledges: Pledges, now: datetime) -> Waiting | None:
    if application.state == ApplicationState.RETURNED:
        pledge = pledge_of(application, pledges)
        said = _said(application, gettext_noop("Answer the office's question on {title}"))
        return Waiting(said, _address("show", application), application.state_since, pledge.due if pledge else None)
    call = application.call
    if not takes_applications(CallState(call.state), call.opens, call.closes, now):
        return None
    said = _said(application, gettext_noop("Finish and submit {title}"))
    due = local_date(call.closes, pledges.programme.zone) if call.closes else None
    return Waiting(said, _address("begin", application), application.state_since, due)


def _said(application: Application, template: str) -> Message:
    title = f"{application.code} · {application.title}" if application.title else application.code
    return message(template, title=title)


def _address(page: str, application: Application) -> str:
    return reverse(f"applications:{page}", args=[application.code])
