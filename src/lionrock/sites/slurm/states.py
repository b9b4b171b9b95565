"""What Slurm's words mean: states, exit codes, instants, counts. What is not known here is not guessed."""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

from lionrock.sites.drivers.protocol import JobState, Reason, not_understood

_STATES: Final[Mapping[str, tuple[JobState, Reason]]] = MappingProxyType(
    dict.fromkeys(
        ("PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD", "CONFIGURING"),
        (JobState.PENDING, Reason.NONE),
    )
    | dict.fromkeys(
        ("RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING"),
        (JobState.RUNNING, Reason.NONE),
    )
    | {
        "COMPLETED": (JobState.COMPLETED, Reason.NONE),
        "FAILED": (JobState.FAILED, Reason.EXIT_CODE),
        "LAUNCH_FAILED": (JobState.FAILED, Reason.NOT_STARTED),
        "OUT_OF_MEMORY": (JobState.FAILED, Reason.OUT_OF_MEMORY),
        "CANCELLED": (JobState.CANCELLED, Reason.CANCELLED),
        "REVOKED": (JobState.CANCELLED, Reason.CANCELLED),
        "PREEMPTED": (JobState.CANCELLED, Reason.PREEMPTED),
        "TIMEOUT": (JobState.TIMEOUT, Reason.TIME_LIMIT),
        "DEADLINE": (JobState.TIMEOUT, Reason.DEADLINE),
        "NODE_FAIL": (JobState.NODE_FAIL, Reason.SUPERVISOR_LOST),
        "BOOT_FAIL": (JobState.NODE_FAIL, Reason.SUPERVISOR_LOST),
    }
)
"""Slurm's state → ours and what it says of the end. The words are those of `sacct`, JOB STATE CODES."""

RUN_AGAIN: Final = frozenset({"REQUEUED", "PREEMPTED", "NODE_FAIL"})
"""States in which a run can have ended while its job goes on."""

_OUTPUT_FILE = 53
"""The “signal” with which Slurm ends a job whose output file cannot be opened."""

_UNITS: Final = MappingProxyType({unit: 1024**power for power, unit in enumerate("KMGTP", start=1)})


def standing(site: str, word: str) -> tuple[JobState, Reason]:
    """Return our state for Slurm's, of which only the first word counts (“CANCELLED by 1001”).

    Raises `NotUnderstood` for a state that was not known when this was written.
    """
    first = next(iter(word.split()), "").rstrip("+")
    if first not in _STATES:
        raise not_understood(site, word)
    return _STATES[first]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, in our words."""

    state: JobState
    reason: Reason
    exit_code: int | None
    detail: str


def ending(site: str, word: str, code: str, *, cut_short: bool) -> Ending:
    """Return how a run ended, from its state and Slurm's “code:signal”.

    `cut_short`: it ran for less than its limit. A time-out then is a budget that was used up, which
    Slurm ends with that state and 0:0.
    """
    state, reason = standing(site, word)
    status, by = _code(code)
    if by == _OUTPUT_FILE:
        return Ending(state, Reason.NOT_STARTED, None, "output file")
    exit_code = None if status is None else 128 + by if by else status
    if state is JobState.TIMEOUT and exit_code == 0:
        return Ending(state, Reason.BUDGET if cut_short and reason is Reason.TIME_LIMIT else reason, None, "")
    if reason is Reason.EXIT_CODE and by:
        reason = Reason.SIGNAL
    return Ending(state, reason, exit_code, _signal_name(by) if by else "")


def _code(code: str) -> tuple[int | None, int]:
    found = re.fullmatch(r"(\d+):(\d+)", code.strip())
    return (int(found[1]), int(found[2])) if found else (None, 0)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def instant(text: str) -> datetime | None:
    """Return an instant printed as seconds since 1970; None for the words that stand for none (“Unknown”, “N/A”)."""
    return datetime.fromtimestamp(int(text), UTC) if text.isascii() and text.isdigit() and int(text) > 0 else None


def whole(text: str) -> int | None:
    """Return a whole number, None where there is none (“UNLIMITED”)."""
    return int(text) if text.isascii() and text.isdigit() else None


def milliseconds(text: str) -> int | None:
    """Return processor time, printed as [days-][hours:]minutes:seconds[.fraction], in milliseconds."""
    found = re.fullmatch(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)(?:\.(\d{1,6}))?", text.strip())
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:4])
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + int((found[5] or "0").ljust(6, "0")) // 1000


def memory_bytes(text: str, *, nodes: int = 1, cpus: int = 1) -> int | None:
    """Return an amount of memory in bytes; “c” and “n” at its end (until 21.08) mean for each CPU or node."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGTP]?)([cn]?)", text.strip())
    if found is None:
        return None
    try:
        amount = Decimal(found[1]) * _UNITS.get(found[2], 1)
    except InvalidOperation:
        return None
    return int(amount) * {"c": cpus, "n": nodes}.get(found[3], 1)


def tres(text: str) -> dict[str, str]:
    """Return the parts of a TRES list (“cpu=4,gres/gpu:h800=8,mem=500G”); amounts stay text."""
    return {name: amount for name, _, amount in (part.partition("=") for part in text.split(",")) if amount}


def node_names(text: str) -> tuple[str, ...]:
    """Return the nodes of a list (“h800-[1-3,7],cpu-1”); a form that is not known stays as it is."""
    names: list[str] = []
    for part in re.findall(r"[^,\[]+(?:\[[^\]]*\])?[^,\[]*", text):
        found = re.fullmatch(r"([^\[]+)\[([\d,-]+)\]", part)
        names += _numbered(found[1], found[2]) if found else [part]
    return tuple(name for name in names if name not in {"(null)", "None assigned", "None"})


def _numbered(start: str, ranges: str) -> list[str]:
    names = []
    for one in ranges.split(","):
        first, _, last = one.partition("-")
        names += [f"{start}{number:0{len(first)}d}" for number in range(int(first), int(last or first) + 1)]
    return names
