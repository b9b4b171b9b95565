"""A concern's way: received, in hand, closed with measures or set aside; opened again when that was too soon."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class ConcernState(StrEnum):
    """Where a concern stands."""

    RECEIVED = "received"
    """It came in, and nobody answers for it yet."""
    IN_HAND = "in_hand"
    """Somebody answers for it."""
    CLOSED = "closed"
    """What was done about it is written down."""
    SET_ASIDE = "set_aside"
    """There was nothing in it, for a reason that is written down."""


TRANSITIONS: Final[Mapping[tuple[ConcernState, str], ConcernState]] = MappingProxyType(
    {
        (ConcernState.RECEIVED, "take_up"): ConcernState.IN_HAND,
        (ConcernState.RECEIVED, "set_aside"): ConcernState.SET_ASIDE,
        (ConcernState.IN_HAND, "take_up"): ConcernState.IN_HAND,
        (ConcernState.IN_HAND, "tell"): ConcernState.IN_HAND,
        (ConcernState.IN_HAND, "close"): ConcernState.CLOSED,
        (ConcernState.IN_HAND, "set_aside"): ConcernState.SET_ASIDE,
        (ConcernState.CLOSED, "reopen"): ConcernState.IN_HAND,
        (ConcernState.SET_ASIDE, "reopen"): ConcernState.IN_HAND,
    }
)
OPEN: Final = (ConcernState.RECEIVED, ConcernState.IN_HAND)
