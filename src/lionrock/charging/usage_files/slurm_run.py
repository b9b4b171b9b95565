"""Whether a row of Slurm's accounting is a run that took place, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from lionrock.charging.usage_files.fields import end_before_start, instant, seconds_between
from lionrock.charging.usage_files.hold import Hold
from lionrock.charging.usage_files.rows import NONE_LESS, SkipReason
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.periods import Interval

_NO_TIME: Final = frozenset({"Unknown", "None"})
_RUNNING: Final = frozenset({"RUNNING", "SUSPENDED", "COMPLETING", "CONFIGURING", "STOPPED", "SIGNALING", "STAGE_OUT"})
_WAITING: Final = frozenset({"PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "RESV_DEL_HOLD", "SPECIAL_EXIT"})
_ENDED: Final = frozenset(
    {"COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE", "RESIZING"}
    | {"OUT_OF_MEMORY", "REVOKED", "LAUNCH_FAILED", "RECONFIG_FAIL"}
)
KNOWN_STATES: Final = _RUNNING | _WAITING | _ENDED
"""The words that sacct writes as State (Slurm 22.05 to 24.11)."""


class Row(NamedTuple):
    """The fields that decide, as text; `elapsed` in seconds, None when the file has no such column."""

    state: str
    start: str
    end: str
    elapsed: int | None
    has_tres: bool


class Run(NamedTuple):
    """A run that took place; `busy` has its seconds where suspension makes them less than its length."""

    state: str
    start: datetime
    end: datetime
    busy: int | None
    interim: bool

    def less(self, devices: Mapping[str, int]) -> Mapping[str, int]:
        """Return the device-seconds of each item where suspension makes them less than count × length."""
        busy = self.busy
        return NONE_LESS if busy is None else {item: count * busy for item, count in devices.items()}

    def touches(self, period: Interval) -> bool:
        """Tell whether a part of the run lies in the period."""
        return self.start < period.end and self.end > period.start


@lru_cache(maxsize=1024)
def state_word(text: str) -> str:
    """Return the first word of State ("CANCELLED by 1001"); holds one that is not known."""
    word = text.split(" ", 1)[0]
    if word not in KNOWN_STATES:
        raise Hold(
            "state",
            gettext_noop(
                "{field} is “{value}”, which is no state of a job that this version knows. Look at the row: it may "
                "be cut or shifted. A new state of Slurm has to be added to the reader."
            ),
            field="State",
            value=text,
        )
    return word


def run_of(row: Row, zone: ZoneInfo | None, interim_until: datetime | None) -> Run | SkipReason:
    """Return the run of an allocation row, or why there is none; raises `Hold`."""
    state, start_text, _, _, _ = row
    if state == "PENDING":
        return SkipReason.WAITING
    if start_text in _NO_TIME:
        return _unstarted(row)
    start = instant(start_text, "Start", zone)
    if state in _RUNNING:
        return _running(row, start, zone, interim_until)
    return _ended(row, start, zone)


def _unstarted(row: Row) -> SkipReason:
    if row.elapsed or row.state in _RUNNING:
        raise Hold(
            "no_start",
            gettext_noop("{field} is “{value}”, though the job is {state} and ran. Ask the cluster for its start."),
            field="Start",
            value=row.start,
            state=row.state,
        )
    return SkipReason.WAITING if row.state in _WAITING else SkipReason.NEVER_STARTED


def _ended(row: Row, start: datetime, zone: ZoneInfo | None) -> Run | SkipReason:
    if row.end in _NO_TIME:
        raise Hold(
            "no_end",
            gettext_noop(
                "{field} is “{value}”, though the job is {state}. Look for it among the cluster's runaway jobs, and "
                "import the row again when it has an end."
            ),
            field="End",
            value=row.end,
            state=row.state,
        )
    end = instant(row.end, "End", zone)
    elapsed = row.elapsed
    if elapsed == 0 or end == start:
        return SkipReason.ZERO_LENGTH if row.has_tres else SkipReason.NEVER_STARTED
    span = seconds_between(start, end)
    if span < 0:
        raise end_before_start(start, row.end, "End")
    if elapsed is not None and elapsed > span:
        raise _longer_than_span(elapsed, span)
    return Run(row.state, start, end, None if elapsed == span else elapsed, False)


def _running(row: Row, start: datetime, zone: ZoneInfo | None, until: datetime | None) -> Run | SkipReason:
    """Charge a running job up to `until`, or up to when sacct was asked if that was sooner.

    A job that was suspended and runs again is seen short by that; its final record puts it right.
    """
    if until is None or start >= until:
        return SkipReason.STILL_RUNNING
    end = until if row.end in _NO_TIME else min(until, instant(row.end, "End", zone))
    if row.elapsed is not None:
        end = min(end, start + timedelta(seconds=row.elapsed))
    if end <= start:
        return SkipReason.STILL_RUNNING
    return Run(row.state, start, end, None, True)


def _longer_than_span(elapsed: int, span: int) -> Hold:
    return Hold(
        "elapsed",
        gettext_noop(
            "{field} is {value} seconds, longer than from start to end ({span} seconds). The zone of the times "
            "may be wrong, or the clock was changed: write the file with SLURM_TIME_FORMAT=%s."
        ),
        field="Elapsed",
        value=str(elapsed),
        span=span,
    )
