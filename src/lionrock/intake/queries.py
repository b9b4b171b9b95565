"""What the office reads at its desk: one application's findings, what was judged and done, and whom to tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from lionrock.applications.domain.pledges import Pledges
from lionrock.applications.domain.requests import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.progress import findings_of_round
from lionrock.intake.domain.judging import Judgement, as_read, judged
from lionrock.intake.models import Check
from lionrock.kernel.findings import Finding
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file


def judgements_of(application: Application) -> tuple[Judgement, ...]:
    """Return what the office holds in this round: of several judgements of one finding, the last."""
    rows = checks_of(application).filter(round=application.round).values_list("judgements", flat=True)
    held = {judgement.key: judgement for row in rows for judgement in map(as_read, row)}
    return tuple(held.values())


def judged_findings(application: Application, now: datetime) -> tuple[Finding, ...]:
    """Return the findings with all that the office holds by now."""
    return judged(findings_of_round(application, now), judgements_of(application))


def checks_of(application: Application) -> QuerySet[Check]:
    """Return what the office did with an application, in order; who sees the application sees them."""
    return Check.objects.filter(application=application)


def handlers_of(applications: Collection[Application]) -> dict[int, str]:
    """Return the address of who took each application in hand last, by its id (one query)."""
    rows = Check.objects.filter(application__in=applications, kind=Check.Kind.TAKEN).order_by("id")
    return dict(rows.values_list("application_id", "by"))


def taken_by(viewer: Actor) -> QuerySet[Check]:
    """Return the rows that say what this viewer holds in hand: taken, and by nobody else since."""
    later = Check.objects.filter(application=OuterRef("application"), kind=Check.Kind.TAKEN, pk__gt=OuterRef("pk"))
    return Check.objects.filter(by=viewer.email, kind=Check.Kind.TAKEN).exclude(Exists(later))


def deadline_to_answer(application: Application, asked: datetime) -> date | None:
    """Return until when a question of that instant is to be answered; None: the programme sets no time."""
    pledges = Pledges(programme_on_file(application.call.programme))
    pledge = pledges.of(ApplicationState.RETURNED, local_date(asked, pledges.programme.zone))
    return pledge.due if pledge else None


def last_check(application: Application, *kinds: Check.Kind) -> Check | None:
    """Return the last thing of these kinds that the office did with an application."""
    return checks_of(application).filter(kind__in=kinds).last()


def checks_said(application: Application) -> Sequence[Check]:
    """Return what the office decided about an application, the latest first: what its applicants may read."""
    told = (Check.Kind.RETURNED, Check.Kind.ACCEPTED, Check.Kind.REJECTED)
    return list(checks_of(application).filter(kind__in=told).order_by("-id"))
