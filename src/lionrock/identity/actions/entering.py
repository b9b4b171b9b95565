"""Signing in and out as the trail has it; how many sign-ins count at once; what is forgotten of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from lionrock.audit.actions import record
from lionrock.identity.domain import Method
from lionrock.identity.models import Entry, Session
from lionrock.people.models import Person

MOST_SESSIONS: Final = 20
"""Sign-ins of one person that count at once; another one ends the one that was left alone for longest."""


@transaction.atomic
def note_entry(*, person: Person, method: Method, browser: str, source: str, now: datetime) -> Entry:
    """Note that somebody has signed in; what is personal of it stands in a row of its own, which is forgotten.

    Of more than `MOST_SESSIONS` sign-ins, this one among them, the others end.
    """
    made = Entry.objects.create(person=person, at=now, method=method.value, browser=browser, source=source)
    kept = Session.objects.filter(person=person).order_by("-seen_at", "session_key")[: MOST_SESSIONS - 1]
    ended = Session.objects.filter(person=person).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()[0]
    details = {"entry": made.pk, "by": method.value} | ({"ended": ended} if ended else {})
    record("identity.sign_in", person.email, actor=person.email, now=now, details=details)
    return made


def note_leaving(*, person: Person, now: datetime) -> None:
    """Note that somebody has signed out."""
    record("identity.sign_out", person.email, actor=person.email, now=now)


def forget_entries(now: datetime) -> int:
    """Forget from where and with what somebody signed in, after the days that are set; return how many times."""
    kept_for = timedelta(days=settings.LIONROCK_SIGN_IN_DAYS)
    forgotten: int = Entry.objects.filter(at__lte=now - kept_for).delete()[0]
    return forgotten
