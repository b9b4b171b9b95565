"""What happened to the way in which somebody signs in; who is told stands in config/reactions.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What has changed."""

    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    RESET_BY_OPERATOR = "reset_by_operator"
    PASSKEY_COPIED = "passkey_copied"


@dataclass(frozen=True, slots=True)
class SigningInChanged:
    """A way to sign in was added, removed or used up, or looks as if somebody had copied it."""

    person: str
    what: What
    name: str
    now: datetime


@dataclass(frozen=True, slots=True)
class ResetAsked:
    """Somebody asks for a link to choose another password for an address."""

    reset: int
    address: str
    language: str
    now: datetime
