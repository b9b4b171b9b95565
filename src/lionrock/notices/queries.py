"""What somebody has been told, and what mail waits."""

from __future__ import annotations

from django.db.models import Case, QuerySet, Value, When

from lionrock.notices.models import Mail, Notice
from lionrock.people.models import Person


def notices_of(reader: Person) -> QuerySet[Notice]:
    """Return what a person was told: what is unread first, the latest first."""
    unread = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1))
    return Notice.objects.filter(person=reader).order_by(unread, "-at", "-pk")


def unread_count(reader: Person) -> int:
    """Return how many notices a person has not read."""
    return Notice.objects.filter(person=reader, read_at__isnull=True).count()


def mails(state: str = "") -> QuerySet[Mail]:
    """Return mails, the latest first: all, or those in one state (`waiting`, `sent`, `given_up`)."""
    rows = Mail.objects.order_by("-made_at", "-pk")
    states = {
        "waiting": rows.filter(sent_at__isnull=True, given_up_at__isnull=True),
        "sent": rows.filter(sent_at__isnull=False),
        "given_up": rows.filter(given_up_at__isnull=False),
    }
    return states[state] if state else rows
