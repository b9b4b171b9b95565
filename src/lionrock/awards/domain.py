"""What can be done with an award, and the terms that a decision may give it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class AwardState(StrEnum):
    """An award is in force, has come to its end, or was taken back before its end."""

    ACTIVE = "active"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Mode(StrEnum):
    """How use is billed: a lease by the month whether used or not, or by metered device-time."""

    LEASE = "lease"
    METERED = "metered"


TRANSITIONS: Final[Mapping[tuple[AwardState, str], AwardState]] = MappingProxyType(
    {
        (AwardState.ACTIVE, "end"): AwardState.ENDED,
        (AwardState.ACTIVE, "withdraw"): AwardState.WITHDRAWN,
    }
)
