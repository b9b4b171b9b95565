"""Which processes belong to a cluster: every process of PostgreSQL works in its data folder."""

from __future__ import annotations

import os
import signal
from pathlib import Path

PROGRAMS = frozenset({"postgres", "initdb"})
PROC = Path("/proc")


def inside(folder: Path) -> list[int]:
    """Return the living processes of PostgreSQL whose working folder is this one, even if it was removed."""
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and _works_in(entry, folder)]


def works_in(pid: int, folder: Path) -> bool:
    """Say whether this number is a living process of this cluster, and not one that got its number later."""
    return _works_in(PROC / str(pid), folder)


def kill_inside(folder: Path) -> None:
    """End every process of the cluster at once; what was committed is in its log and is found again."""
    for pid in inside(folder):
        send(pid, signal.SIGKILL)


def send(pid: int, number: signal.Signals) -> None:
    """Send the signal; a process that has just ended needs none."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _works_in(entry: Path, folder: Path) -> bool:
    try:
        place = os.readlink(entry / "cwd")
        program = (entry / "comm").read_text().strip()
    except OSError:  # ended meanwhile, a zombie, or somebody else's
        return False
    return program in PROGRAMS and place in {str(folder), f"{folder} (deleted)"}
