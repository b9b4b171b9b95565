"""What can be done with an allocation, and how much quota an award gives."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.periods import Interval
from lionrock.kernel.quantities import SECONDS_PER_HOUR


class AllocationState(StrEnum):
    """An allocation may be used, or is closed for good."""

    ACTIVE = "active"
    CLOSED = "closed"


TRANSITIONS: Final[Mapping[tuple[AllocationState, str], AllocationState]] = MappingProxyType(
    {(AllocationState.ACTIVE, "close"): AllocationState.CLOSED}
)


def quota_seconds(count: int, valid: Interval, hours: int | None) -> int:
    """Return the device-seconds that an award gives for `count` devices.

    With a number of hours each device has those; otherwise the whole time that the award is valid,
    as the clocks of the programme's zone ran it (so a day may have 23 hours).
    """
    each = valid.seconds if hours is None else hours * SECONDS_PER_HOUR
    return count * each
