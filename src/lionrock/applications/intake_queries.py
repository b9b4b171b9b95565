"""What the office reads at its desk: one application's findings, what was judged and done, and whom to tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from lionrock.applications.domain.intake import Judgement, as_read, at_the_desk, judged
from lionrock.applications.domain.pledges import DUTIES, Clock, Pledge, Pledges
from lionrock.applications.domain.requests import ApplicationState
from lionrock.applications.models import Admission, Application, Check, Standing
from lionrock.applications.queries import findings_now
from lionrock.kernel.findings import Finding
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import members_of
from lionrock.web import kept


def desk_findings(application: Application, now: datetime) -> tuple[Finding, ...]:
    """Return the findings of an application as the rules see it now, with the window as it was at its submission."""
    handed_in = [kept.finding(each) for each in application.findings]
    return at_the_desk(findings_now(application, now), handed_in)


def judgements_of(application: Application) -> tuple[Judgement, ...]:
    """Return what the office holds in this round: of several judgements of one finding, the last."""
    rows = checks_of(application).filter(round=application.round).values_list("judgements", flat=True)
    held = {judgement.key: judgement for row in rows for judgement in map(as_read, row)}
    return tuple(held.values())


def judged_findings(application: Application, now: datetime) -> tuple[Finding, ...]:
    """Return the findings with all that the office holds by now."""
    return judged(desk_findings(application, now), judgements_of(application))


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


def may_check(viewer: Actor, application: Application) -> bool:
    """Tell whether the viewer may decide at the office's desk: of the office, and no party to the application."""
    return viewer.holds(Role.OFFICE, programme=application.call.programme) and not is_party(viewer, application)


def is_party(viewer: Actor, application: Application) -> bool:
    """Tell whether somebody is of the applying organisation, or writes in the application.

    The operator at the machine itself is of no organisation.
    """
    if viewer.operator:
        return False
    if viewer.belongs_to(application.organisation.code):
        return True
    return Admission.objects.filter(application=application, person=viewer.email, standing=Standing.AUTHOR).exists()


def applicants_of(application: Application) -> list[str]:
    """Return the addresses of the applicants' side: who began it, the organisation's members, invited authors."""
    held = Admission.objects.filter(application=application).values_list("person", "standing")
    authors = {person for person, standing in held if standing == Standing.AUTHOR}
    out = {person for person, standing in held if standing == Standing.SHUT_OUT}
    return sorted({application.applicant, *members_of(application.organisation.code), *authors} - out)


def clock_of(application: Application) -> datetime:
    """Return the instant from which the pledge of the application's state counts."""
    duty = DUTIES.get(ApplicationState(application.state))
    if duty is not None and duty.clock is Clock.SUBMITTED and application.submitted_at is not None:
        return application.submitted_at
    return application.state_since


def pledge_of(application: Application, pledges: Pledges | None = None) -> Pledge | None:
    """Return the pledge that runs for an application; None where its programme makes none.

    Whoever asks for many hands over the programme's `pledges`.
    """
    known = pledges or Pledges(programme_on_file(application.call.programme))
    since = local_date(clock_of(application), known.programme.zone)
    return known.of(ApplicationState(application.state), since)


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
