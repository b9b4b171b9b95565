"""What somebody does with their own notices: reading them, and saying how they want mail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.domain import Pace
from lionrock.notices.models import Notice, Wishes
from lionrock.people.models import Person

HOURS = range(24)


def mark_read(*, reader: Person, kind: str, code: str, now: datetime) -> int:
    """Mark all that the reader was told about one thing as read; return how many notices.

    Looks first: a page is mostly opened with nothing unread about it, and then nothing is written.
    """
    unread = Notice.objects.filter(person=reader, kind=kind, code=code, read_at__isnull=True)
    return unread.update(read_at=now) if unread.exists() else 0


def mark_one(*, reader: Person, notice: int, now: datetime) -> int:
    """Mark one notice of the reader's as read; return whether there was one."""
    return Notice.objects.filter(person=reader, pk=notice, read_at__isnull=True).update(read_at=now)


def mark_all_read(*, reader: Person, now: datetime) -> int:
    """Mark everything that the reader was told up to now as read; return how many notices."""
    return Notice.objects.filter(person=reader, read_at__isnull=True, at__lte=now).update(read_at=now)


@transaction.atomic
def choose_wishes(*, reader: Person, pace: str, hour: str, now: datetime) -> Wishes:
    """Keep how the reader wants mail: `pace` a value of `Pace`, `hour` 0 to 23 of the installation's zone.

    Raises `Invalid` with a fault for each that is neither.
    """
    faults = [*_outside("pace", pace, list(Pace)), *_outside("hour", hour, [str(each) for each in HOURS])]
    if faults:
        raise Invalid("notices.wishes.invalid", faults[0].message, faults=faults)
    kept, _made = Wishes.objects.update_or_create(person=reader, defaults={"pace": pace, "hour": int(hour)})
    details = {"pace": pace, "hour": int(hour)}
    record("notices.choose_wishes", reader.email, actor=reader.email, now=now, details=details)
    return kept


def _outside(field: str, value: str, known: list[str]) -> list[Fault]:
    if value in known:
        return []
    said = message(
        gettext_noop("“{value}” is none of the choices for {field}. Choose one of those shown."),
        value=value,
        field=field,
    )
    return [Fault("notices.wishes.choice", said, field=field, value=value)]
