"""Webhooks: what is told, how it is signed, how often it is tried."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.messages import gettext_noop


class Topic(StrEnum):
    """What a webhook can be told of."""

    AWARD_MADE = "award.made"
    AWARD_VARIED = "award.varied"
    AWARD_ENDED = "award.ended"
    MONTH_CLOSED = "month.closed"
    STATEMENT_ISSUED = "statement.issued"
    APPLICATION_SUBMITTED = "application.submitted"
    APPLICATION_RETURNED = "application.returned"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    APPLICATION_DECIDED = "application.decided"
    AWARD_SUSPENDED = "award.suspended"
    AWARD_RESUMED = "award.resumed"
    ALLOCATION_GRANTED = "allocation.granted"
    ALLOCATION_REPLACED = "allocation.replaced"
    ALLOCATION_CLOSED = "allocation.closed"
    JOB_QUEUED = "job.queued"
    JOB_RUNNING = "job.running"
    JOB_ENDED = "job.ended"
    JOB_CANCELLED = "job.cancelled"
    USAGE_HELD = "usage.held"
    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_MATCHED = "payment.matched"
    PAYMENT_REVERSED = "payment.reversed"
    PING = "ping"


TOPIC_WORDS: Final[Mapping[Topic, str]] = MappingProxyType(
    {
        Topic.AWARD_MADE: gettext_noop("An award is in force"),
        Topic.AWARD_VARIED: gettext_noop("An award has other terms"),
        Topic.AWARD_ENDED: gettext_noop("An award has ended"),
        Topic.MONTH_CLOSED: gettext_noop("A month is closed"),
        Topic.STATEMENT_ISSUED: gettext_noop("A statement is issued"),
        Topic.APPLICATION_SUBMITTED: gettext_noop("An application is handed in"),
        Topic.APPLICATION_RETURNED: gettext_noop("An application is back with its applicant"),
        Topic.APPLICATION_WITHDRAWN: gettext_noop("An application is withdrawn"),
        Topic.APPLICATION_DECIDED: gettext_noop("An application is decided on"),
        Topic.AWARD_SUSPENDED: gettext_noop("An award is suspended"),
        Topic.AWARD_RESUMED: gettext_noop("An award is in force again"),
        Topic.ALLOCATION_GRANTED: gettext_noop("Quota is granted"),
        Topic.ALLOCATION_REPLACED: gettext_noop("Quota is replaced by another"),
        Topic.ALLOCATION_CLOSED: gettext_noop("Quota is closed"),
        Topic.JOB_QUEUED: gettext_noop("A job waits to run"),
        Topic.JOB_RUNNING: gettext_noop("A job runs"),
        Topic.JOB_ENDED: gettext_noop("A job has ended"),
        Topic.JOB_CANCELLED: gettext_noop("A job was stopped"),
        Topic.USAGE_HELD: gettext_noop("Rows of use are held"),
        Topic.PAYMENT_RECEIVED: gettext_noop("A payment is recorded"),
        Topic.PAYMENT_MATCHED: gettext_noop("A payment is set against what is owed"),
        Topic.PAYMENT_REVERSED: gettext_noop("A payment is taken back"),
        Topic.PING: gettext_noop("A trial, sent by hand"),
    }
)
TOLD: Final = tuple(topic for topic in Topic if topic is not Topic.PING)
"""What can be chosen; a trial always comes."""

SIGNATURE_HEADER: Final = "Lionrock-Signature"
REPLAY_WINDOW: Final = timedelta(minutes=5)
"""A receiver refuses what was signed longer ago."""
KEYS_OVERLAP: Final = timedelta(hours=24)
"""So long after a change of keys everything is signed with the old one too."""
MOST_TRIES: Final = 12
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
ANSWER_WITHIN_SECONDS: Final = 10
MOST_ANSWER_BYTES: Final = 2000


def next_try(tries: int, now: datetime) -> datetime | None:
    """Return when to try again after so many failed tries: each wait doubles; None once it is given up."""
    if tries >= MOST_TRIES:
        return None
    doubled: int = 2 ** (tries - 1)
    return now + min(FIRST_WAIT * doubled, LONGEST_WAIT)


def sign(keys: Sequence[str], body: bytes, now: datetime) -> str:
    """Return the header that proves a delivery: its instant, and one signature for each key, the newest first.

    HMAC-SHA256 of the instant in seconds, a full stop and the body.
    """
    seconds = int(now.timestamp())
    return ",".join([f"t={seconds}", *(f"v1={_mac(key, seconds, body)}" for key in keys)])


def _mac(key: str, seconds: int, body: bytes) -> str:
    return hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def holds(header: str, key: str, body: bytes, now: datetime, window: timedelta = REPLAY_WINDOW) -> bool:
    """Tell whether a delivery was signed with the key, within the window before `now`; what receivers do."""
    parts = [part.partition("=") for part in header.split(",")]
    instants = [value for name, _, value in parts if name == "t" and value.isascii() and value.isdigit()]
    if len(instants) != 1 or len(instants[0]) > 12:
        return False
    seconds = int(instants[0])
    if abs(int(now.timestamp()) - seconds) > window // timedelta(seconds=1):
        return False
    expected = _mac(key, seconds, body)
    return any(hmac.compare_digest(expected, value) for name, _, value in parts if name == "v1" and value.isascii())
