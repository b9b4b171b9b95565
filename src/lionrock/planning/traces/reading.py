"""Opens a trace, whatever its format."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.planning.domain.jobs import Label, Trace, Unit
from lionrock.planning.traces.layout import read_parquet
from lionrock.planning.traces.sacct import is_sacct, read_sacct
from lionrock.planning.traces.swf import read_swf

_PARQUET: Final = b"PAR1"
_HEAD: Final = 4_096


def read_trace(
    path: Path, unit: Unit | None = None, *, label: Label | None = None, zone: ZoneInfo | None = None
) -> Trace:
    """Read a trace with the demand in a unit, and names of its jobs if a label is wanted.

    `zone` is that of local times, which only Slurm's accounting has.

    Without a unit it is the first of gpus, cpus and nodes that any job of the trace asks for.
    Raises `NotFound` for a file that cannot be opened and `Invalid` for one that cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as wrong:
        raise _unopened(path, wrong) from wrong
    if is_sacct(head):
        return read_sacct(path, unit, label=label, zone=zone)
    return (read_parquet if head.startswith(_PARQUET) else read_swf)(path, unit, label=label)


def _unopened(path: Path, wrong: OSError) -> NotFound:
    said = message(
        gettext_noop("{file} cannot be opened: {reason}. Check the name and who may read it."),
        file=str(path),
        reason=wrong.strerror or str(wrong),
    )
    return NotFound("planning.trace.not_found", said)
