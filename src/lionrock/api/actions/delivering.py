"""Handing deliveries to their receivers: each until it is taken, none by two processes at once."""

from __future__ import annotations

import json
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from lionrock.api.actions.telling import may_hear
from lionrock.api.domain.addresses import read_networks, read_target
from lionrock.api.domain.webhooks import SIGNATURE_HEADER, next_try, sign
from lionrock.api.keys import keys_of
from lionrock.api.models import Delivery
from lionrock.api.posting import NotTaken, post
from lionrock.kernel.errors import Invalid
from lionrock.kernel.tracing import current
from lionrock.people.queries import actor_of

_log = structlog.get_logger(__name__)
_MOST_AT_ONCE = 1000
_ERROR_LENGTH = 300


def deliver_webhooks(now: datetime) -> int:
    """Hand out what waits, the longest waiting first; a row of config/due.py. Return how many were taken.

    Each is a transaction of its own, marked once the receiver has answered. A receiver that does not
    answer is asked once a round: everything else for it waits, and nothing for others does.
    """
    taken, away = 0, set[int]()
    for _ in range(_MOST_AT_ONCE):
        done = _deliver_next(now, away)
        if done is None:
            break
        taken += done
    return taken


@transaction.atomic
def _deliver_next(now: datetime, away: set[int]) -> bool | None:
    """Hand out the delivery that has waited longest; return whether it was taken, None when none is left."""
    waiting = Delivery.objects.filter(taken_at__isnull=True, given_up_at__isnull=True, next_try__lte=now)
    waiting = waiting.exclude(webhook__in=away).select_related("webhook__person")
    delivery = waiting.select_for_update(of=("self",), skip_locked=True).order_by("next_try", "pk").first()
    if delivery is None:
        return None
    if not _is_wanted(delivery):
        delivery.given_up_at = now
        delivery.last_error = "The webhook has ended, or its person may not see this any more."
        delivery.save(update_fields=["given_up_at", "last_error"])
        return False
    return _deliver(delivery, now, away)


def _is_wanted(delivery: Delivery) -> bool:
    webhook = delivery.webhook
    return (
        webhook.ended_at is None and webhook.person.is_active and may_hear(actor_of(webhook.person), delivery.content)
    )


def _deliver(delivery: Delivery, now: datetime, away: set[int]) -> bool:
    body = body_of(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Lionrock/1",
        "Lionrock-Delivery": str(delivery.uid),
        SIGNATURE_HEADER: sign(keys_of(delivery.webhook, now), body, now),
    }
    if trace := current.get():
        headers["traceparent"] = trace.header
    networks = read_networks(settings.LIONROCK_WEBHOOK_NETWORKS)
    delivery.tries += 1
    try:
        target = read_target(delivery.webhook.url, plain_http=bool(networks))
        delivery.last_status = post(target, networks, body, headers)
    except (NotTaken, Invalid) as failed:
        _note_failure(delivery, failed, now)
        away.add(delivery.webhook.pk)
        return False
    delivery.taken_at, delivery.last_error = now, ""
    delivery.save(update_fields=["taken_at", "last_error", "last_status", "tries"])
    return True


def body_of(delivery: Delivery) -> bytes:
    """Return what a receiver gets: the same bytes at each try."""
    content = {
        "id": str(delivery.uid),
        "topic": delivery.topic,
        "created_at": delivery.created_at.isoformat(),
        "data": delivery.content,
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False).encode()


def _note_failure(delivery: Delivery, failed: Exception, now: datetime) -> None:
    delivery.last_error = str(failed)[:_ERROR_LENGTH]
    delivery.last_status = failed.status if isinstance(failed, NotTaken) else None
    again = next_try(delivery.tries, now)
    if again is None:
        delivery.given_up_at = now
    else:
        delivery.next_try = again
    delivery.save(update_fields=["tries", "next_try", "given_up_at", "last_error", "last_status"])
    _log.warning("api.webhook.not_taken", delivery=str(delivery.uid), tries=delivery.tries, given_up=again is None)
