"""How far an application has come: what the rules say in its round, and what is pledged for its state."""

from __future__ import annotations

from datetime import datetime

from lionrock.applications.domain.eligibility import with_its_window
from lionrock.applications.domain.pledges import DUTIES, Clock, Pledge, Pledges
from lionrock.applications.domain.requests import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import findings_now
from lionrock.kernel.findings import Finding
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import programme_on_file
from lionrock.web import kept


def findings_of_round(application: Application, now: datetime) -> tuple[Finding, ...]:
    """Return the findings of an application as the rules see it now, with the window as it was at its submission."""
    handed_in = [kept.finding(each) for each in application.findings]
    return with_its_window(findings_now(application, now), handed_in)


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
