"""Reminding those who keep a pledge: shortly before it falls due, when it is broken, and each week after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction

from lionrock.applications.domain.pledges import SOON, Pledge, Pledges
from lionrock.applications.domain.requests import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.parties import applicants_of
from lionrock.applications.progress import pledge_of
from lionrock.audit.actions import record
from lionrock.audit.models import AuditRecord
from lionrock.intake.queries import handlers_of
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import holders_of

BY: Final = "lionrock@due"
"""Who is recorded as having reminded: nobody but the clock."""
_WEEK: Final = 5
"""Working days between reminders of what is late."""


def remind_office(now: datetime) -> int:
    """Remind the office of what it is to check; returns how many applications it was reminded of.

    Who took one in hand is reminded alone; of what nobody took, all of the office. Each reminder goes
    out once, however often this is called: two working days before the pledge falls due, when it is
    broken, and every five working days from then on.
    """
    return _remind(
        "intake.remind_office",
        ApplicationState.SUBMITTED,
        gettext_noop("{application} waits for the office's check, which is pledged by {due}."),
        gettext_noop("{application} waits for the office's check, which was pledged by {due}."),
        _office,
        now,
    )


def remind_applicants(now: datetime) -> int:
    """Remind applicants of questions that they have not answered; returns how many applications it was about.

    As `remind_office`. Nothing else happens when the time is up: what becomes of it, the office decides.
    """
    return _remind(
        "intake.remind_applicants",
        ApplicationState.RETURNED,
        gettext_noop("The office waits for your answer about {application}, until {due}. Hand it in again by then."),
        gettext_noop("Your answer about {application} was due by {due}. Hand it in again, or write to the office."),
        applicants_of,
        now,
    )


@transaction.atomic
def _remind(
    action: str,
    state: ApplicationState,
    before: str,
    after: str,
    whom: Callable[[Application], Collection[str]],
    now: datetime,
) -> int:
    due = list(_due(state, now))
    told = _reminded(action, [application.code for application, _, _ in due])
    count = 0
    for application, pledge, stage in due:
        key = (application.code, pledge.since.isoformat(), stage)
        if key in told:
            continue
        late = stage > 0
        said = message(after if late else before, application=application.code, due=pledge.due)
        about = Subject("application", application.code)
        notify(to=whom(application), said=said, about=about, now=now, urgent=late)
        _note(action, application, pledge, stage, now)
        count += 1
    return count


def _due(state: ApplicationState, now: datetime) -> Iterable[tuple[Application, Pledge, int]]:
    """Yield what is due soon or late in a state, with the stage of its reminder; locked, so that two take turns."""
    rows = Application.objects.filter(state=state.value).select_related("call", "organisation")
    known: dict[str, Pledges] = {}
    for application in rows.select_for_update(of=("self",)).order_by("pk"):
        programme = application.call.programme
        pledges = known.setdefault(programme, Pledges(programme_on_file(programme)))
        pledge = pledge_of(application, pledges)
        stage = _stage(pledge, local_date(now, pledges.programme.zone)) if pledge else None
        if pledge and stage is not None:
            yield application, pledge, stage


def _stage(pledge: Pledge, today: date) -> int | None:
    """Return which reminder is due: 0 before the day, 1 in the first week after, and so on; None: none yet."""
    if today > pledge.due:
        return 1 + max(-pledge.left(today) - 1, 0) // _WEEK
    return 0 if pledge.left(today) <= SOON else None


def _reminded(action: str, codes: Collection[str]) -> set[tuple[str, str, int]]:
    labels = (action, action.replace("intake.", "applications.", 1))  # records made before the room had its name
    records = AuditRecord.objects.filter(action__in=labels, subject__in=codes).values_list("subject", "details")
    return {(subject, details["since"], details["stage"]) for subject, details in records}


def _note(action: str, application: Application, pledge: Pledge, stage: int, now: datetime) -> None:
    record(
        action,
        application.code,
        actor=BY,
        now=now,
        programme=application.call.programme,
        organisation=application.organisation.code,
        details={"since": pledge.since.isoformat(), "due": pledge.due.isoformat(), "stage": stage},
    )


def _office(application: Application) -> list[str]:
    handler = handlers_of([application]).get(application.pk)
    return [handler] if handler else holders_of(Role.OFFICE, programme=application.call.programme)
