"""The order in which local jobs run: one at a time, first taken first.

Each job that is not over has a ticket, an empty file whose name begins with a number. The first
ticket whose runner lives has its turn. A ticket whose runner died is taken away by whoever meets it,
who also writes the dead job's report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from lionrock.sites.drivers.local_folder import Folder, locked_if_free
from lionrock.sites.drivers.processes import stop_all
from lionrock.sites.drivers.protocol import JobReport, JobState, Reason


def take_ticket(root: Path, folder: Folder) -> None:
    """Put the job at the end; the caller holds the lock on submission."""
    queue = root / "queue"
    queue.mkdir(exist_ok=True, mode=0o700)
    drop_ticket(root, folder)
    last = max((int(ticket.name.partition(".")[0]) for ticket in _tickets(root)), default=0)
    (queue / f"{last + 1:012d}.{folder.name}").touch(mode=0o600)


def drop_ticket(root: Path, folder: Folder) -> None:
    """Take the job out of the line."""
    for ticket in (root / "queue").glob(f"*.{folder.name}"):
        ticket.unlink(missing_ok=True)


def has_turn(root: Path, folder: Folder) -> bool:
    """Tell whether the job is the first in line that is alive."""
    for ticket in _tickets(root):
        first = Folder(root / ticket.name.partition(".")[2])
        if first.name == folder.name:
            return True
        if is_watched(root, first):
            return False
    return False


def is_watched(root: Path, folder: Folder) -> bool:
    """Tell whether the job's runner lives; settle the job for good when it does not."""
    if not folder.exists:
        drop_ticket(root, folder)
        return False
    with locked_if_free(folder.watch) as lock:
        if lock is None:
            return True
        _settle_dead(root, folder)
        return False


def _settle_dead(root: Path, folder: Folder) -> None:
    """Stop what a dead runner left running and report its job as lost; the caller holds its lock."""
    if folder.report() is None:
        spec = folder.spec()
        stop_all(spec.key)
        folder.write_report(_lost(folder.started(), folder.last_beat(), spec.devices))
    drop_ticket(root, folder)


def _lost(started: datetime | None, last_beat: datetime | None, devices: Mapping[str, int]) -> JobReport:
    ended = max(started, last_beat or started) if started else None
    return JobReport(JobState.NODE_FAIL, started=started, ended=ended, devices=devices, reason=Reason.SUPERVISOR_LOST)


def _tickets(root: Path) -> list[Path]:
    return sorted((root / "queue").iterdir())
