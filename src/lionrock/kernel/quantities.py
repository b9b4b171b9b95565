"""What is metered and leased: device-time, and the units that prices are stated in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

SECONDS_PER_HOUR = 3600


def device_hours(device_seconds: int) -> Decimal:
    """Return device-seconds as device-hours to two decimals, cut and not rounded up; for reading only."""
    return Decimal(device_seconds * 100 // SECONDS_PER_HOUR).scaleb(-2)


class PriceUnit(StrEnum):
    """What one price buys: one device for one hour, or for one whole calendar month."""

    HOUR = "hour"
    CALENDAR_MONTH = "calendar_month"


@dataclass(frozen=True, slots=True)
class DeviceTime:
    """Time of devices of one kind: seconds × count.

    A fraction of a device-second occurs only where a suspended run is spread over its span.
    """

    seconds: Fraction
    kind: str

    def __add__(self, other: DeviceTime) -> DeviceTime:
        if self.kind != other.kind:
            raise TypeError(f"{self.kind} and {other.kind} time cannot be added")
        return DeviceTime(self.seconds + other.seconds, self.kind)

    @property
    def hours(self) -> Fraction:
        """Exact device-hours."""
        return self.seconds / SECONDS_PER_HOUR
