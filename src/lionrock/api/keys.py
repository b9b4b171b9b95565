"""The keys that sign deliveries, made of the installation's secret and kept nowhere.

Where that was exchanged, a mask makes the same keys of the new one (`identity/secret.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lionrock.api.models import Webhook
from lionrock.identity.secret import made_of

SALT: Final = "lionrock.api.webhook"


def key_of(webhook: Webhook, number: int | None = None) -> str:
    """Return a webhook's key, as the receiver keeps it: the one of a number, else the newest."""
    return f"lionrock_w_{bits_of(webhook, webhook.key_number if number is None else number).hex()}"


def bits_of(webhook: Webhook, number: int) -> bytes:
    """Return what the key of a number is made of; raises `Unavailable` when the secret for it is gone."""
    return made_of(SALT, seed_of(webhook, number), webhook.under, webhook.masks.get(str(number), ""))


def seed_of(webhook: Webhook, number: int) -> str:
    """Return what names one key of one webhook."""
    return f"{webhook.uid}:{number}"


def numbers_of(webhook: Webhook, now: datetime) -> list[int]:
    """Return the numbers of the keys that sign now, the newest first: two for a day after a change."""
    before = webhook.key_until is not None and now < webhook.key_until
    return [webhook.key_number, webhook.key_number - 1] if before else [webhook.key_number]


def keys_of(webhook: Webhook, now: datetime) -> list[str]:
    """Return the keys that sign now, the newest first."""
    return [key_of(webhook, number) for number in numbers_of(webhook, now)]
