"""What waits for the office, in a line for each programme and kind of step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from lionrock.applications.domain.requests import ApplicationState
from lionrock.intake.board import Day, Desk, Wanted, matching
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_midnight
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programmes_on_file
from lionrock.web.worklist import Waiting

_STATES = (ApplicationState.SUBMITTED.value, ApplicationState.RETURNED.value)


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:
    """Return what waits for the office: what is to be checked, and questions not answered in time.

    One query for each programme that the viewer works for in the office, however many applications.
    """
    offices = viewer.programmes(Role.OFFICE)
    desks = [Desk(viewer, rules, now) for name, rules in programmes_on_file().items() if name in offices]
    return [line for desk in desks for line in _lines(desk)]


def _lines(desk: Desk) -> Iterator[Waiting]:
    days = desk.days(matching(desk.viewer, Wanted(desk.programme.id)).filter(state__in=_STATES))
    to_check = [day for day in days if day.state is ApplicationState.SUBMITTED]
    if to_check:
        said = gettext_noop("Applications to {programme} that the office is to check: {count}")
        yield _line(desk, said, to_check, "state=submitted")
    unanswered = [day for day in days if day.state is ApplicationState.RETURNED and day.late]
    if unanswered:
        said = gettext_noop("Questions of the office of {programme} not answered in time: {count}")
        yield _line(desk, said, unanswered, "state=returned&late=1")


def _line(desk: Desk, said: str, days: list[Day], asked: str) -> Waiting:
    count = sum(day.count for day in days)
    dues = [day.pledge.due for day in days if day.pledge]
    return Waiting(
        said=message(said, programme=desk.programme.names, count=count),
        address=f"{reverse('intake:board', args=[desk.programme.id])}?{asked}",
        since=local_midnight(min(day.clock for day in days), desk.programme.zone),
        due=min(dues, default=None),
        count=count,
    )
