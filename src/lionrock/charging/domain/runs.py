"""Runs: what was used, from when to when; and which of several revisions stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import Message, gettext_noop, message

UNBILLED_STATES = frozenset({"NODE_FAIL", "BOOT_FAIL"})
"""End states that are the centre's fault (convention 10); every other state is billed."""

MOST_DEVICES = 10_000_000
"""More of an item than any cluster has: a larger count is a mistake, and its charge would fit no column."""

RunKey = tuple[str, str, datetime]
"""Identity of a run: (site, job id, start); requeued runs share a job id and differ in start."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one job, or one lease: devices held by an account over a span of time.

    `start` and `end` are UTC instants in whole seconds, `devices` counts per item.
    `device_seconds` is given per item only where it is less than count × elapsed (suspension);
    it is then spread evenly over the run (convention 16). `award` is set when the record names
    one. An `interim` record bills a job that still runs, under the key of the final one.
    """

    site: str
    job: str
    start: datetime
    end: datetime
    account: str
    devices: Mapping[str, int]
    award: str | None = None
    device_seconds: Mapping[str, int] = field(default_factory=dict)
    state: str = "COMPLETED"
    revision: int = 1
    interim: bool = False

    @property
    def key(self) -> RunKey:
        """What makes this run the same as another."""
        return (self.site, self.job, self.start)

    @property
    def billable(self) -> bool:
        """Tell whether its end state is billed."""
        return _is_billed(self.state)

    @property
    def elapsed(self) -> int:
        """Seconds from start to end."""
        length = self.end - self.start
        return length.days * 86400 + length.seconds


@lru_cache(maxsize=4096)
def _is_billed(state: str) -> bool:
    """Tell whether an end state is billed; Slurm writes "CANCELLED by 1001", and "NODE_FAIL+" when it cuts."""
    return state.split(" ", 1)[0].rstrip("+") not in UNBILLED_STATES


def faults_of(run: Run) -> list[Fault]:
    """Return why this run cannot be rated, whatever the prices; empty when it can."""
    found = []
    if run.end < run.start:
        found.append(_fault("end_before_start", "end", run.end.isoformat(), _END_BEFORE_START, run))
    if run.start.microsecond or run.end.microsecond:
        found.append(_fault("part_second", "start", run.start.isoformat(), _PART_SECOND, run))
    if not run.devices:
        found.append(_fault("no_devices", "devices", "", _NO_DEVICES, run))
    for item, count in run.devices.items():
        if not 1 <= count <= MOST_DEVICES:
            found.append(_fault("count", item, str(count), _COUNT, run))
    if not found:
        found += [
            _fault("device_seconds", item, str(seconds), _DEVICE_SECONDS, run)
            for item, seconds in run.device_seconds.items()
            if not 0 <= seconds <= run.devices.get(item, 0) * run.elapsed
        ]
    return found


_END_BEFORE_START = gettext_noop("Job {job} ends at {value}, before its start. Correct the record and send it again.")
_PART_SECOND = gettext_noop("Job {job} starts or ends within a second ({value}). Send whole seconds.")
_NO_DEVICES = gettext_noop("Job {job} names no device. Send the count of each.")
_COUNT = gettext_noop("Job {job} has {value} of {field}. Send a count from one to ten million.")
_DEVICE_SECONDS = gettext_noop(
    "Job {job} has {value} device-seconds of {field}, which is below zero or more than count times elapsed. "
    "Correct the record and send it again."
)


def _fault(reason: str, field_name: str, value: str, template: str, run: Run) -> Fault:
    said: Message = message(template, job=run.job, field=field_name, value=value)
    return Fault(f"charging.run.{reason}", said, field=field_name, value=value)


def rank(run: Run) -> tuple[bool, int, datetime]:
    """Return what decides between two records of one run: the higher stands.

    A final record before an interim one, then the higher revision; of two interim records of one
    revision the one that reaches further.
    """
    return (not run.interim, run.revision, run.end if run.interim else run.start)
