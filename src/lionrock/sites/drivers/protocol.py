"""What every driver can do: take a job, tell how it stands, stop it, hand out its output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from lionrock.kernel.errors import Conflict, Invalid, NotFound, Unavailable
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
    PREEMPTED = "preempted"
    OUT_OF_MEMORY = "out_of_memory"
    DEADLINE = "deadline"
    BUDGET = "budget"


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

    What follows is for sites with a scheduler of their own; others take it as said of `Capabilities`.
    `account`, `partition` and `qos` are names there, empty for the default; `user` is whose job it
    is there, empty for the service's own. `array` is a range with a step or a limit (“0-9%2”),
    `after` the jobs that it waits for as (condition, handle) with a condition of `AFTER`. `gres`
    maps a typed device (“gres/gpu:h800”) to a count on each of the `nodes`. `requeue` lets the site
    run it again by itself when a node fails or somebody else goes first.
    """

    code: str
    key: str
    argv: tuple[str, ...]
    time_limit_seconds: int
    devices: Mapping[str, int]
    files: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    account: str = ""
    user: str = ""
    partition: str = ""
    qos: str = ""
    array: str = ""
    after: tuple[tuple[str, str], ...] = ()
    gres: Mapping[str, int] = field(default_factory=dict)
    nodes: int = 1
    requeue: bool = False


AFTER: Final = frozenset({"after", "afterany", "afterok", "afternotok"})
"""What a job can wait for in another one: its start, its end, its success, its failure."""


@dataclass(frozen=True, slots=True)
class TaskReport:
    """How one task of an array stands."""

    index: int
    state: JobState
    started: datetime | None = None
    ended: datetime | None = None
    exit_code: int | None = None
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class JobReport:
    """How a job stands, and what it used.

    `started` and `ended` are UTC instants, empty where that has not happened or is not known; the
    time between them was measured by a monotonic clock, or is what the cluster accounts for.
    `exit_code` is as a shell sees it, 128 + n after signal n. `detail` is technical: the name of a
    signal, the system's word on a failure.

    `waiting_because` is the scheduler's own code of why the job waits (“QOSGrpGRESMinutes”), empty
    when it does not or gave none; `state_word` the state in the site's own word, where it has more
    of them than we do (“OUT_OF_MEMORY”). Of the efficiency, what is not known is None:
    `cpu_milliseconds` of processor time used, on `allocated_cpus`; the `peak_memory_bytes` of the
    hungriest task, of `asked_memory_bytes` on all nodes together. `runs` counts how often it was
    started anew and began; `tasks` are those of an array, as far as the scheduler tells them apart.
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
    allocated_cpus: int | None = None
    asked_memory_bytes: int | None = None
    waiting_because: str = ""
    state_word: str = ""
    nodes: tuple[str, ...] = ()
    expected_start: datetime | None = None
    runs: int = 1
    tasks: tuple[TaskReport, ...] = ()

    @property
    def is_over(self) -> bool:
        """Tell whether nothing will change any more."""
        return self.state not in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a driver offers.

    The longest time limit it takes; how many jobs it runs at once (0: as many as there is room for);
    whether it keeps accounts of its own, which metering collects, so that nobody else may charge
    its jobs; whether it takes arrays, jobs that wait for others, and asks to run a job again.
    """

    longest_time_limit_seconds: int
    runs_at_once: int
    has_accounting: bool = False
    arrays: bool = False
    dependencies: bool = False
    requeue: bool = False


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

    def requeue(self, handle: str) -> None:
        """Run a job again from its start, under the same handle, whether it runs or is over.

        Raises `NotFound`, `Conflict` when it waits or the site cannot run it again, `Unavailable`.
        """
        ...

    def estimated_start(self, job: JobSpec | str) -> datetime | None:
        """Return when a job that was not yet submitted, or one that waits, would start by what is known now.

        None when the site does not say. Raises `Invalid` or `Refused` when the site would not take
        it, `NotFound`, `Unavailable`.
        """
        ...


class NotUnderstood(Unavailable):
    """The site answered what this driver does not know, a new state for one; of this job nothing is guessed."""


def not_understood(site: str, said: str) -> NotUnderstood:
    """Return the error for an answer that has no meaning here; `said` is the answer as it came."""
    return NotUnderstood(
        "sites.driver.not_understood",
        message(
            gettext_noop(
                "The cluster {site} answered what Lionrock does not know: “{said}”. Nothing was assumed from it; "
                "whoever looks after Lionrock should be told."
            ),
            site=site,
            said=said,
        ),
    )


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


def cannot_run_again(handle: str) -> Conflict:
    """Return the error for a job that its site cannot run again."""
    return Conflict(
        "sites.driver.cannot_run_again",
        message(gettext_noop("The site cannot run {handle} again. Submit the same work as a new job."), handle=handle),
    )


def check_spec(spec: JobSpec, capabilities: Capabilities) -> None:
    """Raise `Invalid` unless there is something to run, and in ways and times that the driver takes."""
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
    if (spec.array and not capabilities.arrays) or (spec.after and not capabilities.dependencies):
        raise Invalid(
            "sites.driver.scheduler",
            message(gettext_noop("This site takes neither arrays nor jobs that wait for others. Submit them singly.")),
        )
