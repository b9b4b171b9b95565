"""The Standard Workload Format of the Parallel Workloads Archive (18 numbers a line, `;` comments).

Chapin, Cirne, Feitelson et al., "Benchmarks and Standards for the Evaluation of Parallel Job
Schedulers", JSSPP 1999; fields: https://www.cs.huji.ac.il/labs/parallel/workload/swf.html
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from lionrock.charging.usage_files.hold import Hold, invalid_file
from lionrock.charging.usage_files.options import UsageOptions
from lionrock.charging.usage_files.rows import SkipReason, UsageRecord
from lionrock.charging.usage_files.traces import TraceReader
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message

FIELDS: Final = 18
_NAMES: Final = MappingProxyType(
    {0: "job_id", 1: "submit_time", 2: "recorded_wait", 3: "duration", 4: "cpus", 10: "status"}
)
_STATES: Final = MappingProxyType({0: "FAILED", 1: "COMPLETED", 5: "CANCELLED", -1: "UNKNOWN"})
_PARTS: Final = frozenset({2, 3, 4})
"""Bursts of a job that was swapped or checkpointed: its own line, with status 0 or 1, has the whole."""


class SwfReader:
    """Parses the lines of one SWF file; processors allocated count, never those asked for."""

    def __init__(self, file: str, options: UsageOptions) -> None:
        self._trace = TraceReader(file, options)
        self._by_user = options.account_column == "user"
        if self._trace.demand_columns != ("cpus",):
            raise _only_cpus(file, self._trace.demand_columns)

    def parse(self, number: int, line: str) -> UsageRecord | SkipReason:
        """Return the record of a line, or why it is none; raises `Hold`."""
        if line.lstrip().startswith(";"):
            return SkipReason.COMMENT
        fields = line.split()
        if len(fields) != FIELDS:
            raise _field_count(fields)
        submit, wait, duration, cpus, status = (_number(fields, at) for at in (1, 2, 3, 4, 10))
        if status in _PARTS:
            return SkipReason.PARTIAL
        account = f"u{fields[11]}" if self._by_user else f"q{fields[14]}p{fields[15]}"
        state = _STATES.get(status)
        if state is None:
            raise _status(fields[10])
        return self._trace.record(number, fields[0], account, submit, wait, duration, state, (cpus,), None)


def _number(fields: list[str], at: int) -> int:
    try:
        return int(fields[at])
    except ValueError as wrong:
        raise Hold(
            "not_a_number",
            gettext_noop("{field} (field {at}) is “{value}”, not a whole number. Correct it where the file was made."),
            field=_NAMES[at],
            value=fields[at],
            at=at + 1,
        ) from wrong


def _field_count(fields: list[str]) -> Hold:
    return Hold(
        "field_count",
        gettext_noop(
            "The line of job {value} has {found} fields; the Standard Workload Format has {expected}. The line may be "
            "cut: fetch the file again."
        ),
        field="job_id",
        value=fields[0],
        found=len(fields),
        expected=FIELDS,
    )


def _status(text: str) -> Hold:
    return Hold(
        "state",
        gettext_noop(
            "{field} is “{value}”; the Standard Workload Format knows -1 to 5. Correct it, or leave the row out."
        ),
        field="status",
        value=text,
    )


def _only_cpus(file: str, columns: tuple[str, ...]) -> Invalid:
    said = message(
        gettext_noop(
            "{file} is in the Standard Workload Format, which counts processors, not {value}. Name an item for cpus."
        ),
        file=file,
        value=", ".join(columns),
    )
    return invalid_file("unit", said, file=file, field="items", value=", ".join(columns))
