"""Reminding teams of reports, before and after they are due."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.awards.projects import people_of
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.outcomes.domain import reminders_due
from lionrock.outcomes.models import Reminder
from lionrock.outcomes.queries import Standing, reporting_awards, standings
from lionrock.people.domain import terminal_operator
from lionrock.people.programmes import programme_on_file

_SAID = {
    True: gettext_noop("A report on {award} was due on {due}. Hand it in; the office waits for it."),
    False: gettext_noop("A report on {award} is due on {due}."),
}


def remind_reports(now: datetime) -> int:
    """Remind every team whose report is due soon, or late; return how many reminders went out.

    Each goes out once, whenever this is called: two weeks before, on the day after, and every two
    weeks from then on.
    """
    sent = 0
    for award in reporting_awards(terminal_operator("due")).order_by("code").iterator(chunk_size=500):
        today = local_date(now, programme_on_file(award.programme).zone)
        for standing in standings(award):
            number = reminders_due(standing.owed, today) if standing.with_the_team else 0
            sent += _remind(standing, number, now, late=standing.is_late(today)) if number else 0
    return sent


@transaction.atomic
def _remind(standing: Standing, number: int, now: datetime, *, late: bool) -> int:
    award, owed = standing.award, standing.owed
    _, is_new = Reminder.objects.get_or_create(award=award, which=owed.which, number=number, defaults={"at": now})
    if is_new:
        said = message(_SAID[late], award=award.code, due=owed.due)
        about = Subject("report", f"{award.code}/{owed.which}")
        notify(to=people_of(award), said=said, about=about, now=now)
    return int(is_new)
