"""What can be done with a meeting and with an item of its agenda."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class MeetingState(StrEnum):
    """A meeting is planned, sits, and is closed with its minutes; or does not take place."""

    PLANNED = "planned"
    IN_SESSION = "in_session"
    CLOSED = "closed"
    CANCELLED = "cancelled"


MEETINGS: Final[Mapping[tuple[MeetingState, str], MeetingState]] = MappingProxyType(
    {
        (MeetingState.PLANNED, "prepare"): MeetingState.PLANNED,
        (MeetingState.IN_SESSION, "prepare"): MeetingState.IN_SESSION,
        (MeetingState.PLANNED, "open"): MeetingState.IN_SESSION,
        (MeetingState.PLANNED, "cancel"): MeetingState.CANCELLED,
        (MeetingState.IN_SESSION, "sit"): MeetingState.IN_SESSION,
        (MeetingState.IN_SESSION, "close"): MeetingState.CLOSED,
    }
)
"""“prepare” is whatever the agenda needs, “sit” what takes members in a room: attendance, votes, decisions."""

UNDER_WAY: Final = (MeetingState.PLANNED, MeetingState.IN_SESSION)
"""States in which the agenda can be worked on."""


class ItemState(StrEnum):
    """An item is open, or the committee is done with it at this meeting."""

    OPEN = "open"
    RESOLVED = "resolved"
    POSTPONED = "postponed"


ITEMS: Final[Mapping[tuple[ItemState, str], ItemState]] = MappingProxyType(
    {
        (ItemState.OPEN, "propose"): ItemState.OPEN,
        (ItemState.OPEN, "vote"): ItemState.OPEN,
        (ItemState.OPEN, "recuse"): ItemState.OPEN,
        (ItemState.OPEN, "move"): ItemState.OPEN,
        (ItemState.OPEN, "resolve"): ItemState.RESOLVED,
        (ItemState.OPEN, "postpone"): ItemState.POSTPONED,
    }
)
"""A postponed application can be put on the agenda of another meeting."""
