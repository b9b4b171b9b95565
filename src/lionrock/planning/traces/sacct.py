"""Slurm's accounting, as `sacct --parsable2 --duplicates` writes it with a header; columns in any order.

Needed: JobIDRaw, Submit, ElapsedRaw, State, AllocTRES. Used when there: TimelimitRaw (minutes), Partition, User.
Submit times become seconds since 1970, and so do the starts of a replay.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.charging.usage_files.fields import instant, whole
from lionrock.charging.usage_files.hold import Hold
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.planning.domain.jobs import UNKNOWN, Label, Trace, Unit

_NEEDED: Final = ("JobIDRaw", "Submit", "ElapsedRaw", "State", "AllocTRES")
_TRES: Final = {Unit.GPUS: "gres/gpu", Unit.CPUS: "cpu", Unit.NODES: "node"}
_LABELS: Final = {Label.CLUSTER: "Partition", Label.USER: "User"}
_UNENDED: Final = frozenset({"RUNNING", "PENDING", "SUSPENDED", "REQUEUED"})
"""States in which nobody knows yet how long the job will have run."""


def is_sacct(head: bytes) -> bool:
    """Tell whether a file that begins so is one of these."""
    names = head.split(b"\n", 1)[0].strip().split(b"|")
    return len(names) > 1 and b"JobIDRaw" in names


def read_sacct(
    path: Path, unit: Unit | None = None, *, label: Label | None = None, zone: ZoneInfo | None = None
) -> Trace:
    """Read one file; steps are parts of their jobs. Local times need the zone in which sacct wrote them.

    Raises `Invalid` with one fault for each row that cannot be read.
    """
    header, *lines = path.read_text("utf-8", "replace").splitlines() or [""]
    names = header.split("|")
    _check(path.name, names, label)
    rows = [dict(zip(names, line.split("|"), strict=False)) for line in lines]
    counted = unit or _asked_for(rows)
    found = _Rows(path.name, counted, zone, _LABELS[label] if label else None)
    for number, row in enumerate(rows, 2):
        found.take(number, row)
    return found.trace()


def _asked_for(rows: Sequence[Mapping[str, str]]) -> Unit:
    asked = {part.partition("=")[0] for row in rows for part in row.get("AllocTRES", "").split(",")}
    return next((unit for unit, name in _TRES.items() if name in asked), Unit.GPUS)


class _Rows:
    def __init__(self, file: str, unit: Unit, zone: ZoneInfo | None, label: str | None) -> None:
        self.file = file
        self.unit = unit
        self.zone = zone
        self.label = label
        self.columns = tuple(array("q") for _ in range(5))
        self.labels: list[str] = []
        self.parts = 0
        self.faults: list[Fault] = []

    def take(self, number: int, row: Mapping[str, str]) -> None:
        if "." in row.get("JobIDRaw", ""):
            self.parts += 1
            return
        try:
            values = self._values(row)
        except Hold as hold:
            self.faults.append(hold.row(self.file, number, "").fault)
            return
        for column, value in zip(self.columns, values, strict=True):
            column.append(value)
        if self.label:
            self.labels.append(row.get(self.label, ""))

    def _values(self, row: Mapping[str, str]) -> tuple[int, int, int, int, int]:
        job, submit, elapsed, state, held = (row.get(name, "") for name in _NEEDED)
        ran = UNKNOWN if state.split(" ")[0] in _UNENDED else whole(elapsed, "ElapsedRaw")
        submitted = int(instant(submit, "Submit", self.zone).timestamp())
        return whole(job, "JobIDRaw"), submitted, ran, self._demand(held), _limit(row.get("TimelimitRaw", ""))

    def _demand(self, held: str) -> int:
        amounts = dict(part.partition("=")[::2] for part in held.split(","))
        name = _TRES[self.unit]
        return whole(amounts[name], f"AllocTRES {name}") if name in amounts else 0

    def trace(self) -> Trace:
        if self.faults:
            said = message(
                gettext_noop("{file} has {count} rows that cannot be read."), file=self.file, count=len(self.faults)
            )
            raise Invalid("planning.trace.lines", said, faults=self.faults)
        ids, submit, duration, demand, requested = self.columns
        return Trace(self.unit, ids, submit, duration, demand, requested, self.labels, self.parts)


def _limit(minutes: str) -> int:
    """Return a time limit in seconds; none, and that of the partition, are not known."""
    return int(minutes) * 60 if minutes.isascii() and minutes.isdecimal() else UNKNOWN


def _check(file: str, names: Sequence[str], label: Label | None) -> None:
    wanted = [*_NEEDED, *([_LABELS[label]] if label else [])]
    faults = [_missing(file, name) for name in wanted if name not in names]
    if faults:
        said = message(gettext_noop("{file} lacks columns that a replay needs."), file=file)
        raise Invalid("planning.trace.columns", said, faults=faults)


def _missing(file: str, name: str) -> Fault:
    said: Message = message(
        gettext_noop("{file} has no column {column}. Ask sacct for it with --format."), file=file, column=name
    )
    return Fault("planning.trace.column", said, file=file, line=1, field=name)
