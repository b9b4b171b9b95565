"""Reminding those who file and those who delete, before something is due and once it is late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lionrock.awards.projects import people_of
from lionrock.custody.models import CustodyReminder, DataSet, Filing
from lionrock.custody.rulebook import duty_names, rules_now
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import holders_of


@dataclass(frozen=True, slots=True)
class _Owed:
    """One thing that is due: a row of a kind, its day, its data set, and what is said."""

    kind: str
    thing: int
    due: date
    data_set: DataSet
    said: Message


def remind_custody(now: datetime) -> int:
    """Remind whoever has to file or to delete; return how many reminders went out. Each goes out once."""
    return sum(_remind(owed, now) for owed in (*_filings(), *_deletions()))


def _filings() -> Iterator[_Owed]:
    rows = Filing.objects.filter(done_on__isnull=True).select_related("transfer__data_set__award__organisation")
    for row in rows:
        data = row.transfer.data_set
        duty = duty_names(row.transfer.instrument, row.duty)
        said = message(gettext_noop("Due on {due} for {data}: {duty}"), due=row.due, data=data.code, duty=duty)
        yield _Owed("filing", row.pk, row.due, data, said)


def _deletions() -> Iterator[_Owed]:
    rows = DataSet.objects.filter(deleted_at__isnull=True, events__isnull=False).distinct()
    for row in rows.select_related("award__organisation"):
        template = gettext_noop("Every copy of {data} has to be deleted by {due}, and its deletion witnessed.")
        said = message(template, data=row.code, due=row.keep_until)
        yield _Owed("deletion", row.pk, row.keep_until, row, said)


def _who_does(owed: _Owed) -> list[str]:
    """Return who files, or who deletes and the team whose data they are."""
    award = owed.data_set.award
    if owed.kind == "filing":
        return holders_of(Role.COMPLIANCE, programme=award.programme)
    return [*holders_of(Role.CLUSTER_ADMIN, programme=award.programme), *people_of(award)]


@transaction.atomic
def _remind(owed: _Owed, now: datetime) -> int:
    today = local_date(now, programme_on_file(owed.data_set.award.programme).zone)
    number = rules_now().reminding.count(owed.due, today)
    if not number:
        return 0
    known = {"kind": owed.kind, "thing": owed.thing, "number": number}
    _, is_new = CustodyReminder.objects.get_or_create(**known, defaults={"at": now})
    if is_new:
        about = Subject("data_set", owed.data_set.code)
        notify(to=_who_does(owed), said=owed.said, about=about, now=now, urgent=today > owed.due)
    return int(is_new)
