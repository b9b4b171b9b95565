"""What every driver can do: take a job, tell how it stands, stop it, hand out its output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from lionrock.kernel.errors import Conflict, Invalid, NotFound
from lionrock.kernel.messages import gettext_noop, message


class JobState(StrEnum):
    """How a job stands, in the words of Slurm (`sacct`, JOB STATE CODES)."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMEOUT = "TIMEOUT"
    NODE_FAIL = "NODE_FAIL"


OPEN_STATES: Final = frozenset({JobState.PENDING, JobState.RUNNING})
"""States that are not the end."""


class Reason(StrEnum):
    """Why a job ended as it did, beyond its state."""

    NONE = ""
    EXIT_CODE = "exit_code"
    SIGNAL = "signal"
    NOT_STARTED = "not_started"
    TIME_LIMIT = "time_limit"
    OUTPUT_LIMIT = "output_limit"
    CANCELLED = "cancelled"
    SUPERVISOR_STOPPED = "supervisor_stopped"
    SUPERVISOR_LOST = "supervisor_lost"
    FOLDER_LOST = "folder_lost"


class Stream(StrEnum):
    """One of the two outputs of a job."""

    STDOUT = "stdout"
    STDERR = "stderr"


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What to run.

    `code` is the name that people know; `key` is unique for ever and makes `submit` idempotent.
    `files` (relative name → text) are laid into the job's folder before it starts. `devices` maps an
    item to a count. The time limit is in seconds of running, not of waiting.
    """

    code: str
    key: str
    argv: tuple[str, ...]
    time_limit_seconds: int
    devices: Mapping[str, int]
    files: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class JobReport:
    """How a job stands, and what it used.

    `started` and `ended` are UTC instants, empty where that has not happened or is not known; the
    time between them was measured by a monotonic clock. `exit_code` is as a shell sees it, 128 + n
    after signal n. `detail` is technical: the name of a signal, the system's word on a failure.
    """

    state: JobState
    started: datetime | None = None
    ended: datetime | None = None
    devices: Mapping[str, int] = field(default_factory=dict)
    exit_code: int | None = None
    reason: Reason = Reason.NONE
    detail: str = ""
    cpu_milliseconds: int | None = None
    peak_memory_bytes: int | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether nothing will change any more."""
        return self.state not in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a driver offers: the longest time limit it takes, and how many jobs it runs at once."""

    longest_time_limit_seconds: int
    runs_at_once: int


class Driver(Protocol):
    """The contract; `tests/sites/test_driver_contract.py` holds every driver to it."""

    def capabilities(self) -> Capabilities:
        """Return what this driver offers."""
        ...

    def submit(self, spec: JobSpec) -> str:
        """Take a job and return its handle; jobs run in the order in which they were taken.

        Idempotent: a spec whose key was taken before returns the first handle and runs nothing again.
        Raises `Conflict` when the key was taken with another content, `Invalid` when there is no command
        or the time limit is not from 1 second to the longest, `Unavailable` when the site does not
        serve now.
        """
        ...

    def poll(self, handle: str) -> JobReport:
        """Return how the job stands; what is over never changes. Raises `NotFound`, `Unavailable`."""
        ...

    def cancel(self, handle: str) -> None:
        """Ask the job to stop; `poll` tells when it has. Nothing happens to a job that is over.

        Raises `NotFound`, `Unavailable`.
        """
        ...

    def output(self, handle: str, stream: Stream, *, offset: int, limit: int) -> bytes:
        """Return at most `limit` bytes of the output from that byte on; empty when there is no more yet.

        The bytes are what the job wrote, whatever that is. Raises `NotFound`, `Unavailable`.
        """
        ...


def unknown_handle(handle: str) -> NotFound:
    """Return the error for a handle that this driver never gave, or whose job was removed."""
    return NotFound(
        "sites.driver.unknown_job",
        message(gettext_noop("The site has no job {handle}. It may have been removed there."), handle=handle),
    )


def key_taken(spec: JobSpec) -> Conflict:
    """Return the error for a key that was taken with another content."""
    return Conflict(
        "sites.driver.key_taken",
        message(
            gettext_noop("The site took {code} before with other content. Submit it as a new job."), code=spec.code
        ),
    )


def check_spec(spec: JobSpec, capabilities: Capabilities) -> None:
    """Raise `Invalid` unless there is something to run, and a time limit that the driver takes."""
    longest = capabilities.longest_time_limit_seconds
    if not spec.argv or any("\0" in part for part in spec.argv):
        raise Invalid(
            "sites.driver.argv",
            message(gettext_noop("There is no command to run, or a NUL character in it. Write one after --.")),
        )
    if not 1 <= spec.time_limit_seconds <= longest:
        raise Invalid(
            "sites.driver.time_limit",
            message(
                gettext_noop(
                    "A time limit of {seconds} s cannot be kept here. Choose one from 1 s to {longest} s, "
                    "or split the work."
                ),
                seconds=spec.time_limit_seconds,
                longest=longest,
            ),
        )
