"""Putting into the outbox what webhooks are to be told, in the transaction in which it becomes true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.db.models import QuerySet

from lionrock.api.domain.hearing import BASE, BY_ACTION
from lionrock.api.domain.webhooks import Topic
from lionrock.api.models import Delivery, Webhook
from lionrock.applications.queries import applications
from lionrock.awards.models import Award
from lionrock.awards.queries import awards
from lionrock.charging.models import MonthClose
from lionrock.jobs.queries import jobs
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor
from lionrock.people.queries import actor_of
from lionrock.receivables.queries import payments
from lionrock.statements.models import Document
from lionrock.statements.queries import documents


def tell_award_made(*, actor: Actor, award: str, now: datetime) -> None:  # noqa: ARG001 - the fields of the event
    """Tell that an award is in force."""
    _tell_of_award(Topic.AWARD_MADE, award, now)


def tell_award_varied(*, actor: Actor, award: str, now: datetime) -> None:  # noqa: ARG001 - the fields of the event
    """Tell that an award has other terms."""
    _tell_of_award(Topic.AWARD_VARIED, award, now)


def tell_award_ended(*, actor: Actor, award: str, now: datetime) -> None:  # noqa: ARG001 - the fields of the event
    """Tell that an award has ended."""
    _tell_of_award(Topic.AWARD_ENDED, award, now)


def tell_month_closed(*, close: MonthClose, actor: Actor, now: datetime) -> None:  # noqa: ARG001 - the fields of the event
    """Tell that a month is closed, and of each statement that was issued for it."""
    month = str(Month.containing(close.month))
    hearers = _hearers()
    if not hearers:
        return
    _tell(hearers, Topic.MONTH_CLOSED, {"month": month, "address": f"{BASE}statements"}, close.programme, "", now)
    for document in Document.objects.filter(close=close).select_related("organisation"):
        address = f"{BASE}statements/{document.number}"
        told = {"statement": document.number, "month": month, "address": address}
        _tell(hearers, Topic.STATEMENT_ISSUED, told, close.programme, document.organisation.code, now)


def tell_payment_matched(*, payment: int, programme: str, organisation: str, now: datetime) -> None:
    """Tell that a payment was set against what its payer owes."""
    told = {"payment": str(payment), "state": "matched", "address": f"{BASE}payments/{payment}"}
    _tell(_hearers(), Topic.PAYMENT_MATCHED, told, programme, organisation, now)


def tell_recorded(
    *, action: str, subject: str, programme: str, organisation: str, details: Mapping[str, object], now: datetime
) -> None:
    """Tell of what was done, where a topic has it."""
    for row in BY_ACTION.get(action, ()):
        state = row.state_told(details)
        if state is not None:
            told = {**row.told(subject, details), "state": state}
            _tell(_hearers(), row.topic, told, programme, organisation, now)


def _tell_of_award(topic: Topic, code: str, now: datetime) -> None:
    hearers = _hearers()
    if hearers:
        award = Award.objects.select_related("organisation").get(code=code)
        told = {"award": code, "address": f"{BASE}awards/{code}"}
        _tell(hearers, topic, told, award.programme, award.organisation.code, now)


def _hearers() -> list[tuple[Webhook, Actor]]:
    """Return the webhooks there are, with what their persons may see now."""
    found = Webhook.objects.filter(ended_at__isnull=True, person__is_active=True).select_related("person")
    return [(webhook, actor_of(webhook.person)) for webhook in found.order_by("pk")]


def _tell(
    hearers: list[tuple[Webhook, Actor]],
    topic: Topic,
    told: Mapping[str, str],
    programme: str,
    organisation: str,
    now: datetime,
) -> None:
    content = {**told, "programme": programme, "organisation": organisation}
    Delivery.objects.bulk_create(
        Delivery(webhook=webhook, topic=topic.value, content=content, created_at=now, next_try=now)
        for webhook, viewer in hearers
        if topic.value in webhook.topics and may_hear(viewer, content)
    )


_SEEN: Final[Mapping[str, Callable[[Actor, str], QuerySet[Any]]]] = MappingProxyType(
    {
        "application": lambda viewer, code: applications(viewer).filter(code=code),
        "award": lambda viewer, code: awards(viewer).filter(code=code),
        "job": lambda viewer, code: jobs(viewer).filter(code=code),
        "payment": lambda viewer, number: payments(viewer).filter(pk=number),
        "statement": lambda viewer, number: documents(viewer).filter(number=number),
    }
)
"""How each thing is looked for by who would be told of it."""


def may_hear(viewer: Actor, content: Mapping[str, str]) -> bool:
    """Tell whether somebody may see what a delivery is about, by the rule of the pages."""
    if not content:
        return True
    for name, seen in _SEEN.items():
        if name in content:
            return seen(viewer, content[name]).exists()
    own = content["organisation"]
    return viewer.sees_programme(content["programme"]) or bool(own and viewer.belongs_to(own))
