"""What Slurm's programs print of a job, as values: the rows of `squeue`, `sacct`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lionrock.sites.slurm.states import instant

SEPARATOR: Final = "\x1f"
"""Nothing that a name on a cluster holds: `sacct -P` does not escape its separator."""

QUEUE_FORMAT: Final = SEPARATOR.join(("%A", "%F", "%K", "%T", "%r", "%V", "%S", "%N", "%Z"))
# fmt: off
ACCOUNT_COLUMNS: Final = (
    "JobIDRaw", "JobID", "Submit", "Start", "End", "State", "ExitCode", "ElapsedRaw", "TimelimitRaw",
    "TotalCPU", "MaxRSS", "AllocCPUS", "ReqMem", "NNodes", "NodeList", "Partition", "User", "WorkDir",
)
# fmt: on
"""Columns that every version since 20.11 has; no name that a user chooses is among them, but WorkDir is last."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A job, or a task of an array, as the scheduler knows it."""

    job: int
    array: int
    task: str
    word: str
    because: str
    submitted: int
    start: datetime | None
    nodes: str
    folder: str

    @property
    def index(self) -> int | None:
        """The number of a task that runs or ran; None for a job, and for tasks that wait together."""
        return int(self.task) if self.task.isdigit() else None


def queued(text: str) -> list[Queued]:
    """Return what `squeue` printed in `QUEUE_FORMAT`; lines that are not so are passed over."""
    rows = []
    for line in text.splitlines():
        parts = line.split(SEPARATOR, 8)
        if len(parts) == 9 and parts[0].isdigit() and parts[1].isdigit() and parts[5].isdigit():
            job, array, task, word, because, submitted, start, nodes, folder = parts
            rows.append(
                Queued(int(job), int(array), task, word, because, int(submitted), instant(start), nodes, folder)
            )
    return rows


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job as accounting has it, with its steps; `facts` are the columns by name."""

    job: int
    submitted: int
    facts: dict[str, str]
    steps: tuple[dict[str, str], ...] = ()

    @property
    def index(self) -> int | None:
        """The number of a task of an array."""
        found = re.fullmatch(r"\d+_(\d+)", self.facts["JobID"])
        return int(found[1]) if found else None

    @property
    def array(self) -> int:
        """The number under which an array was submitted; that of the job where it is none."""
        return int(re.match(r"\d+", self.facts["JobID"])[0])  # type: ignore[index]

    @property
    def is_half_made(self) -> bool:
        """Tell whether accounting has not heard of the submission yet: 22.05 shows such rows for seconds."""
        return not self.facts["Partition"]


def runs(lines: Iterable[str]) -> list[Run]:
    """Return the runs that `sacct -D` printed, in the order of their submission."""
    rows = [dict(zip(ACCOUNT_COLUMNS, parts, strict=True)) for parts in _rows(lines)]
    steps: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        job, dot, _ = row["JobIDRaw"].partition(".")
        if dot:
            steps.setdefault((job, row["Submit"]), []).append(row)
    found = [
        Run(int(row["JobIDRaw"]), int(row["Submit"]), row, tuple(_steps_of(row, steps)))
        for row in rows
        if row["JobIDRaw"].isdigit() and row["Submit"].isdigit() and row["JobID"][:1].isdigit()
    ]
    return sorted(found, key=lambda run: (run.submitted, run.job))


def _rows(lines: Iterable[str]) -> Iterable[list[str]]:
    for line in lines:
        parts = line.split(SEPARATOR)
        if len(parts) == len(ACCOUNT_COLUMNS):
            yield parts


def _steps_of(row: dict[str, str], steps: dict[tuple[str, str], list[dict[str, str]]]) -> list[dict[str, str]]:
    """Return the steps of a run. A step's Submit is when it started, so it belongs to the run that it lies in."""
    start, end = row["Start"], row["End"]
    if not start.isdigit():
        return []
    until = int(end) if end.isdigit() else None
    return [
        step
        for (job, submitted), those in steps.items()
        for step in those
        if job == row["JobIDRaw"]
        and submitted.isdigit()
        and int(start) <= int(submitted)
        and (until is None or int(submitted) <= until)
    ]
