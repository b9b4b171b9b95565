"""The keys that sign deliveries, made of the installation's secret and kept nowhere."""

from __future__ import annotations

from datetime import datetime

from django.utils.crypto import salted_hmac

from lionrock.api.models import Webhook


def key_of(webhook: Webhook, number: int | None = None) -> str:
    """Return a webhook's key, as the receiver keeps it: the one of a number, else the newest."""
    named = f"{webhook.uid}:{webhook.key_number if number is None else number}"
    return f"lionrock_w_{salted_hmac('lionrock.api.webhook', named, algorithm='sha256').hexdigest()}"


def keys_of(webhook: Webhook, now: datetime) -> list[str]:
    """Return the keys that sign now, the newest first: two for a day after a change."""
    numbers = [webhook.key_number]
    if webhook.key_until is not None and now < webhook.key_until:
        numbers.append(webhook.key_number - 1)
    return [key_of(webhook, number) for number in numbers]
