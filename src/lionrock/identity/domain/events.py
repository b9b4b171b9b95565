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
    ENDED_BY_OTHERS = "ended_by_others"
    """All sign-ins were ended by somebody else; `name` is then the reason."""


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


@dataclass(frozen=True, slots=True)
class SecretExchanged:
    """What is kept under an earlier secret of the installation is put under the one of now."""

    by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class SupportOffered:
    """Somebody lets a programme's office (`supporter`: one of it alone) look at their pages until an instant."""

    person: str
    programme: str
    supporter: str
    reason: str
    ends: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class SupportBegun:
    """Somebody of an office looks at the pages of somebody who has consented."""

    person: str
    supporter: str
    programme: str
    reason: str
    now: datetime
