"""What is left of an award's quota, and how long it lasts at the present pace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from lionrock.charging.domain.runs import Run
from lionrock.kernel.quantities import device_hours

PACE_DAYS: Final = 14
"""The pace is that of the last two weeks."""
_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Quota:
    """Device-seconds granted, left and used in the last `PACE_DAYS`, on a day; `ends` is the award's end.

    `granted` is 0 where nothing is allocated. `left` is without `held`: what running jobs have used, or
    may still use until their time limits, and is not on file yet.
    """

    item: str
    granted: int
    left: int
    lately: int
    on: date
    ends: date
    held: int = 0

    @property
    def lasts_days(self) -> int | None:
        """How many whole days it lasts at the present pace; None when nothing was used lately."""
        return self.left * PACE_DAYS // self.lately if self.lately > 0 else None

    @property
    def until(self) -> date | None:
        """The day on which it is used up at the present pace; None when that is not before the award's end."""
        days = self.lasts_days
        if days is None or days > (self.ends - self.on).days:
            return None
        return self.on + timedelta(days=days)

    @property
    def left_hours(self) -> Decimal:
        """What is left in device-hours, cut to two decimals."""
        return device_hours(self.left)

    @property
    def granted_hours(self) -> Decimal:
        """What was granted in device-hours, cut to two decimals."""
        return device_hours(self.granted)

    @property
    def held_hours(self) -> Decimal:
        """What running jobs hold in device-hours, cut to two decimals."""
        return device_hours(self.held)

    @property
    def left_hundredths(self) -> int:
        """What is left, in hundredths of what was granted; for a bar."""
        return max(0, min(100, self.left * 100 // self.granted)) if self.granted else 0


@dataclass(frozen=True, slots=True)
class Going:
    """A job that runs: the devices that it holds, its time limit, and device-seconds of it that are on file already."""

    devices: int
    limit_seconds: int
    on_file: int


def held_by(jobs: Iterable[Going]) -> int:
    """Return the device-seconds that running jobs have used or are bound to use, besides what is on file of them.

    A job may use its whole time limit; a cluster that keeps quotas sets as much aside when it starts one.
    """
    return sum(max(job.devices * job.limit_seconds - job.on_file, 0) for job in jobs)


def used_between(runs: Iterable[Run], item: str, start: datetime, end: datetime) -> int:
    """Return the device-seconds of an item that runs used within [start, end), suspensions left out."""
    return sum(_used(run, item, start, end) for run in runs if run.billable)


def _used(run: Run, item: str, start: datetime, end: datetime) -> int:
    first, last = max(run.start, start), min(run.end, end)
    if item not in run.devices or first >= last:
        return 0
    seconds = (last - first) // timedelta(seconds=1)
    whole = run.device_seconds.get(item, run.devices[item] * run.elapsed)
    return whole * seconds // run.elapsed
