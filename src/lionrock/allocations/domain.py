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


def quota_unit(item: str) -> str:
    """Return the unit in which the ledger counts quota of an item."""
    return f"seconds:{item}"


def quota_seconds(count: int, valid: Interval, device_hours: int | None) -> int:
    """Return the device-seconds that an award gives.

    With a number of device-hours it is those; otherwise all devices for the whole time that the
    award is valid, as the clocks of the programme's zone ran it (so a day may have 23 hours).
    """
    if device_hours is not None:
        return device_hours * SECONDS_PER_HOUR
    return count * valid.seconds
