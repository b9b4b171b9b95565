"""One application: where it stands, who has it, what was handed in, what was found and decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.applications.domain import TRANSITIONS, ApplicationState
from lionrock.applications.models import Application, Letter, Submission
from lionrock.applications.pages import findings
from lionrock.applications.pages.costs import cost_of
from lionrock.applications.pages.papers import paper_of, rounds_of
from lionrock.applications.pages.sheets import sheet_of
from lionrock.applications.pages.steps import next_step
from lionrock.applications.progress import pledge_of
from lionrock.applications.queries import may_write
from lionrock.kernel.messages import gettext_noop
from lionrock.people.domain import Actor
from lionrock.people.viewer import viewer_of
from lionrock.web import kept
from lionrock.web.panels import Panel

_ENDED = {
    ApplicationState.APPROVED: gettext_noop("It was approved"),
    ApplicationState.DECLINED: gettext_noop("It was declined"),
    ApplicationState.WITHDRAWN: gettext_noop("The applicant withdrew it"),
    ApplicationState.ASSESSED: gettext_noop("The assessors were done with it"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an application, and when; `text` is what was said with it."""

    at: datetime
    said: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What the office decided about an application, as its applicants may read it.

    `findings` are those of its last decision in this round, as JSON; none: it has not decided.
    """

    events: Sequence[Event] = ()
    findings: Sequence[Mapping[str, Any]] = ()


MakePanel = Callable[[Actor, Application], Panel]
Decide = Callable[[Application], Decided]


@require_safe
def show(request: HttpRequest, code: str, decided: Decide, panels: Sequence[MakePanel] = ()) -> HttpResponse:
    """Show one application to anybody who may see it; `decided` and `panels` are of the rooms above."""
    viewer, now = viewer_of(request), timezone.now()
    sheet = sheet_of(viewer, code, now)
    application = sheet.application
    submissions = list(application.submissions.all())
    writes = may_write(viewer, application)
    office = decided(application)
    submission = rounds_of(submissions, request.GET.get("round", ""))
    context = {
        "sheet": sheet,
        "application": application,
        "writes": writes,
        "may_withdraw": (ApplicationState(application.state), "withdraw") in TRANSITIONS,
        "paper": paper_of(sheet, submission) if submission or writes else None,
        "submission": submission,
        "submissions": submissions,
        "events": _events(application, submissions, office.events),
        "next": next_step(application.state),
        "pledge": pledge_of(application),
        "question": _question(application) if application.state == ApplicationState.RETURNED else None,
        "cost": cost_of(application, now),
        "item": sheet.asked.terms.programme.items.get(application.item),
        **findings.shown(kept.finding(each) for each in office.findings or application.findings),
        "panels": [make(viewer, application) for make in panels],
    }
    return render(request, "applications/show.html", context)


def _events(application: Application, submissions: Sequence[Submission], office: Sequence[Event]) -> list[Event]:
    """Return what happened to an application, in order."""
    events = [Event(application.created_at, gettext("It was begun"))]
    events += [
        Event(each.submitted_at, gettext("It was handed in (round {number})").format(number=each.round))
        for each in submissions
    ]
    events += office
    state = ApplicationState(application.state)
    if state in _ENDED:
        events.append(Event(application.state_since, gettext(_ENDED[state])))
    return sorted(events, key=lambda event: event.at)


def _question(application: Application) -> Letter | None:
    return application.letters.filter(kind=Letter.Kind.QUESTION).last()
