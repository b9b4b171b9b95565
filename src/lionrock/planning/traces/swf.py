"""The Standard Workload Format: 18 numbers a line, `;` comments, -1 for what is not known; plain or gzip.

Chapin, Cirne, Feitelson et al., "Benchmarks and Standards for the Evaluation of Parallel Job
Schedulers", JSSPP 1999; fields: https://www.cs.huji.ac.il/labs/parallel/workload/swf.html
"""

from __future__ import annotations

import gzip
import zlib
from array import array
from collections.abc import Iterable, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Final, cast

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.planning.domain.jobs import UNKNOWN, Label, Trace, Unit

FIELDS: Final = 18
JOB, SUBMIT, RUN, ALLOCATED, ASKED, REQUESTED, STATUS, USER, QUEUE, PARTITION = 0, 1, 3, 4, 7, 8, 10, 11, 14, 15
"""Places of the fields in a line, from 0: what was allocated and asked for are processors."""
PARTS: Final = frozenset({2, 3, 4})
"""Bursts of a job that was swapped or checkpointed: its own line, with status 0 or 1, has the whole."""
_GZIP: Final = b"\x1f\x8b"
_SHOWN: Final = 60


def read_swf(path: Path, unit: Unit | None = None, *, label: Label | None = None) -> Trace:
    """Read one file; processors allocated count, and those asked for where the log has none allocated.

    Raises `Invalid` with one fault for each line that is not one of the format, or for another unit.
    """
    if unit not in {None, Unit.CPUS}:
        raise _only_cpus(path.name, unit)
    try:
        with path.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            lines = cast("BufferedReader", gzip.GzipFile(fileobj=file)) if packed else file
            return _Reading(path.name, label).read(lines)
    except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
        said = message(
            gettext_noop("{file} is a gzip file that ends or breaks midway. Fetch it again."), file=path.name
        )
        raise _invalid("planning.trace.damaged", path.name, said) from damage


class _Reading:
    def __init__(self, name: str, label: Label | None) -> None:
        self.name = name
        self.label = label
        self.faults: list[Fault] = []
        self.columns = tuple(array("q") for _ in range(5))
        self.labels: list[str] = []
        self.parts = 0

    def read(self, lines: Iterable[bytes]) -> Trace:
        for number, line in enumerate(lines, 1):
            fields = line.split()
            if fields and not fields[0].startswith(b";"):
                self._take(number, fields)
        if self.faults:
            said = message(
                gettext_noop("{file} has {count} lines that are not in the Standard Workload Format."),
                file=self.name,
                count=len(self.faults),
            )
            raise Invalid("planning.trace.lines", said, faults=self.faults)
        ids, submit, duration, demand, requested = self.columns
        return Trace(Unit.CPUS, ids, submit, duration, demand, requested, self.labels, self.parts)

    def _take(self, number: int, fields: Sequence[bytes]) -> None:
        try:
            row = _row(fields)
        except (ValueError, OverflowError):
            self.faults.append(self._fault(number, fields))
            return
        if int(fields[STATUS]) in PARTS:
            self.parts += 1
            return
        for column, value in zip(self.columns, row, strict=True):
            column.append(value)
        if self.label is Label.CLUSTER:
            self.labels.append(f"q{fields[QUEUE].decode()}p{fields[PARTITION].decode()}")
        elif self.label is Label.USER:
            self.labels.append(f"u{fields[USER].decode()}")

    def _fault(self, number: int, fields: Sequence[bytes]) -> Fault:
        value = ascii(b" ".join(fields)[:_SHOWN].decode("ascii", "replace"))[1:-1]
        said = message(
            gettext_noop(
                "“{value}” is not a line of {fields} whole numbers. The line may be cut or be of another format: "
                "correct it, or fetch the file again."
            ),
            value=value,
            fields=FIELDS,
        )
        return Fault("planning.trace.line", said, file=self.name, line=number, value=value)


def _row(fields: Sequence[bytes]) -> tuple[int, int, int, int, int]:
    """Return id, submit time, run time, demand, requested time; raises `ValueError` or `OverflowError`."""
    if len(fields) != FIELDS:
        raise ValueError(len(fields))
    allocated = int(fields[ALLOCATED])
    demand = int(fields[ASKED]) if allocated == UNKNOWN else allocated
    row = int(fields[JOB]), int(fields[SUBMIT]), int(fields[RUN]), demand, int(fields[REQUESTED])
    if max(map(abs, row)) >> 62:
        raise OverflowError
    return row


def _only_cpus(file: str, unit: Unit) -> Invalid:
    said = message(
        gettext_noop(
            "{file} is in the Standard Workload Format, which counts processors, not {unit}. Choose the unit cpus."
        ),
        file=file,
        unit=unit.value,
    )
    return _invalid("planning.trace.unit", file, said, field="unit", value=unit.value)


def _invalid(code: str, file: str, said: Message, field: str | None = None, value: str | None = None) -> Invalid:
    return Invalid(code, said, faults=[Fault(code, said, file=file, field=field, value=value)])
