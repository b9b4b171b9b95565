"""File locks that the kernel gives back when a process ends, however it ends (flock(2))."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

PAUSE = 0.02
"""Seconds between two looks at something that another process will change."""


def open_owned(path: Path, flags: int = os.O_RDWR) -> int:
    """Open a file beside the data, made if missing, and return its descriptor.

    A file that root makes in somebody's folder is given to the owner of the folder, so that the
    owner can go on without root. A symbolic link is refused: root must not be led elsewhere.
    Raises OSError.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    owner = path.parent.stat()
    if os.geteuid() == 0 and os.fstat(descriptor).st_uid != owner.st_uid:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def try_exclusive(descriptor: int) -> bool:
    """Take the lock for this open file alone, if nobody else has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_exclusive(descriptor: int, seconds: float) -> bool:
    """Take the lock for this open file alone, waiting so long for the others."""
    deadline = time.monotonic() + seconds
    while not try_exclusive(descriptor):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def share(descriptor: int) -> None:
    """Take the lock together with others who share it."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def becomes_free(path: Path, seconds: float) -> bool:
    """Say whether nobody holds the lock, waiting so long for that; the lock is left free."""
    descriptor = open_owned(path)
    try:
        return wait_exclusive(descriptor, seconds)
    finally:
        os.close(descriptor)


def sharers(path: Path) -> list[int]:
    """Return the processes that share the lock, as far as the kernel tells (/proc/locks)."""
    inode = path.stat().st_ino
    table = Path("/proc/locks")
    lines = table.read_text().splitlines() if table.exists() else []
    rows = [line.split() for line in lines]
    return sorted(int(row[4]) for row in rows if row[1:4] == ["FLOCK", "ADVISORY", "READ"] and _inode(row) == inode)


def _inode(row: list[str]) -> int:
    return int(row[5].rsplit(":", 1)[1])
