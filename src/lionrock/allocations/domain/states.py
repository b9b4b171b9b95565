"""What can be done with an allocation."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class AllocationState(StrEnum):
    """An allocation may be used, was replaced by a later one of its award, or is closed for good."""

    ACTIVE = "active"
    REPLACED = "replaced"
    CLOSED = "closed"


TRANSITIONS: Final[Mapping[tuple[AllocationState, str], AllocationState]] = MappingProxyType(
    {
        (AllocationState.ACTIVE, "close"): AllocationState.CLOSED,
        (AllocationState.ACTIVE, "replace"): AllocationState.REPLACED,
    }
)
