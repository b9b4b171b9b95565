"""Putting into the outbox what webhooks are to be told, in the transaction in which it becomes true."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lionrock.api.domain.webhooks import Topic
from lionrock.api.models import Delivery, Webhook
from lionrock.awards.models import Award
from lionrock.charging.models import MonthClose
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor
from lionrock.people.queries import actor_of
from lionrock.statements.models import Document


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
    _tell(hearers, Topic.MONTH_CLOSED, {"month": month}, close.programme, "", now)
    for document in Document.objects.filter(close=close).select_related("organisation"):
        told = {"statement": document.number, "month": month}
        _tell(hearers, Topic.STATEMENT_ISSUED, told, close.programme, document.organisation.code, now)


def _tell_of_award(topic: Topic, code: str, now: datetime) -> None:
    hearers = _hearers()
    if hearers:
        award = Award.objects.select_related("organisation").get(code=code)
        _tell(hearers, topic, {"award": code}, award.programme, award.organisation.code, now)


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


def may_hear(viewer: Actor, content: Mapping[str, str]) -> bool:
    """Tell whether somebody may see what a delivery is about, by the rule of the pages."""
    if not content:
        return True
    own = content["organisation"]
    return viewer.sees_programme(content["programme"]) or bool(own and viewer.belongs_to(own))
