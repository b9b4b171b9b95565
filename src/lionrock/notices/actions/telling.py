"""Telling people what concerns them; called inside the transaction that makes it so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models.functions import Lower

from lionrock.kernel.messages import Message
from lionrock.notices.domain import Subject, kept
from lionrock.notices.models import Notice
from lionrock.people.models import Person


def notify(*, to: Iterable[str], said: Message, about: Subject, now: datetime, urgent: bool = False) -> None:
    """Tell each of these addresses once; who is not on file, or no longer active, is passed over.

    The notice stands on their page as soon as the caller's transaction does; `lionrock due` sends it
    by e-mail as each of them wants it, an `urgent` one at once. Mail that cannot be sent fails nobody here.
    Two statements, whatever the number of addresses.
    """
    addresses = {address.lower() for address in to}
    active = Person.objects.filter(is_active=True).annotate(lower=Lower("email")).filter(lower__in=addresses)
    sentence = kept(said)
    Notice.objects.bulk_create(
        Notice(person=person, said=sentence, kind=about.kind, code=about.code, at=now, urgent=urgent)
        for person in active.order_by("pk")
    )
