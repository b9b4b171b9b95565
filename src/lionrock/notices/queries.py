"""What somebody has been told, and what mail waits."""

from __future__ import annotations

from types import MappingProxyType

from django.db.models import Case, Q, QuerySet, Value, When

from lionrock.notices.models import Mail, Notice
from lionrock.people.models import Person

STATES = MappingProxyType(
    {
        "waiting": Q(sent_at__isnull=True, given_up_at__isnull=True),
        "sent": Q(sent_at__isnull=False),
        "given_up": Q(given_up_at__isnull=False),
    }
)
"""What has become of a mail."""


def notices_of(reader: Person) -> QuerySet[Notice]:
    """Return what a person was told: what is unread first, the latest first."""
    unread = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1))
    return Notice.objects.filter(person=reader).order_by(unread, "-at", "-pk")


def unread_count(reader: Person) -> int:
    """Return how many notices a person has not read."""
    return Notice.objects.filter(person=reader, read_at__isnull=True).count()


def mails(state: str = "") -> QuerySet[Mail]:
    """Return mails, the latest first: all, or those in one of `STATES`."""
    rows = Mail.objects.order_by("-made_at", "-pk")
    return rows.filter(STATES[state]) if state else rows
