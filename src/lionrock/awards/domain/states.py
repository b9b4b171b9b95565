"""What can be done with an award, from the offer to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor


class AwardState(StrEnum):
    """Where an award stands; its money is committed from the offer on."""

    OFFERED = "offered"
    """With the applicant, who accepts or declines until a day; nothing can be used yet."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Nothing new can be used for the time being; a lease is billed all the same."""
    DECLINED = "declined"
    """Ended: the applicant did not want it."""
    LAPSED = "lapsed"
    """Ended: nobody accepted it in time."""
    ENDED = "ended"
    """It came to its last day."""
    WITHDRAWN = "withdrawn"
    """It was taken back before its last day, with a reason."""


TRANSITIONS: Final[Mapping[tuple[AwardState, str], AwardState]] = MappingProxyType(
    {
        (AwardState.OFFERED, "accept"): AwardState.ACTIVE,
        (AwardState.OFFERED, "refuse"): AwardState.DECLINED,
        (AwardState.OFFERED, "lapse"): AwardState.LAPSED,
        (AwardState.OFFERED, "withdraw"): AwardState.WITHDRAWN,
        (AwardState.ACTIVE, "vary"): AwardState.ACTIVE,
        (AwardState.ACTIVE, "suspend"): AwardState.SUSPENDED,
        (AwardState.ACTIVE, "end"): AwardState.ENDED,
        (AwardState.ACTIVE, "withdraw"): AwardState.WITHDRAWN,
        (AwardState.SUSPENDED, "resume"): AwardState.ACTIVE,
        (AwardState.SUSPENDED, "end"): AwardState.ENDED,
        (AwardState.SUSPENDED, "withdraw"): AwardState.WITHDRAWN,
        (AwardState.ENDED, "release"): AwardState.ENDED,
        (AwardState.WITHDRAWN, "release"): AwardState.WITHDRAWN,
    }
)

IN_FORCE: Final = (AwardState.ACTIVE, AwardState.SUSPENDED)
"""Accepted, and neither run out nor taken back."""
NOT_OVER: Final = (AwardState.OFFERED, *IN_FORCE)
NEVER_ACCEPTED: Final = (AwardState.OFFERED, AwardState.DECLINED, AwardState.LAPSED)
"""Nothing is charged to these; the last two have given all their money back."""


@dataclass(frozen=True, slots=True)
class AwardMade:
    """An offer was accepted: an award is in force, and its money was committed before."""

    actor: Actor
    award: str
    now: datetime


@dataclass(frozen=True, slots=True)
class AwardVaried:
    """The terms of an award in force will be others from a day on; its money has been moved already."""

    actor: Actor
    award: str
    now: datetime


@dataclass(frozen=True, slots=True)
class AwardEnded:
    """An award in force has come to its end or was withdrawn; its money stays until its use is charged."""

    actor: Actor
    award: str
    now: datetime


def ending_verb(award: str, now: datetime, valid_to: datetime, reason: str) -> str:
    """Return how an award ends at `now`: "end" from its last instant on, else "withdraw".

    Raises `Conflict` when it would end early without a reason.
    """
    if now >= valid_to:
        return "end"
    if reason.strip():
        return "withdraw"
    raise Conflict(
        "awards.end.too_early",
        message(
            gettext_noop("{award} runs until {valid_to}. Wait, or give a reason to withdraw it before."),
            award=award,
            valid_to=valid_to,
        ),
    )
