"""Requests that are answered later: taking them in, and letting them be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lionrock.api.domain.later import MOST_WAITING
from lionrock.api.models import Token, Work
from lionrock.api.queries import work_by_id
from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.models import Person


@dataclass(frozen=True, slots=True)
class Put:
    """What is to be done later: the operation with all that was sent, read and checked, as plain values."""

    operation: str
    path: str
    parameters: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Mapping[str, Any] | None


@transaction.atomic
def put_off(asked: Put, *, person: Person, token: Token | None, now: datetime) -> Work:
    """Take in a request that is answered later; raises `Refused` while too many of the same person wait."""
    Person.objects.select_for_update().get(pk=person.pk)
    if Work.objects.filter(person=person, ended_at__isnull=True).count() >= MOST_WAITING:
        said = message(
            gettext_noop("{most} requests of yours wait for their answers. Wait for one, or cancel one."),
            most=MOST_WAITING,
        )
        raise Refused("api.work.too_many", said)
    return Work.objects.create(
        person=person,
        token=token,
        operation=asked.operation,
        path=asked.path,
        parameters=dict(asked.parameters),
        query=dict(asked.query),
        body=None if asked.body is None else dict(asked.body),
        asked_at=now,
    )


@transaction.atomic
def cancel_work(*, actor: Actor, id: str, now: datetime) -> Work:  # noqa: A002 - what it is called where it is shown
    """Let a request that waits be; raises `NotFound`, and `Conflict` once it has begun."""
    found = work_by_id(actor, id, lock=True)
    if found.began_at is not None or found.ended_at is not None:
        said = message(gettext_noop("This has begun, or is over: nothing is left to cancel. Read how it ended."))
        raise Conflict("api.work.begun", said)
    found.ended_at = found.cancelled_at = now
    found.save(update_fields=["ended_at", "cancelled_at"])
    record("api.cancel_work", str(found.uid), actor=actor.email, now=now, details={"operation": found.operation})
    return found
