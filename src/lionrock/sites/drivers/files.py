"""The files that a job leaves in its folder, handed out so that no link leads out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol, runtime_checkable

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message

MOST_FILES: Final = 500
"""So many are listed; a job that writes more packs them."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file: its name relative to the job's folder, and its bytes."""

    name: str
    size: int


@runtime_checkable
class KeepsFiles(Protocol):
    """What a driver can do besides, where the folders of its jobs can be read from here."""

    def files(self, handle: str) -> Sequence[FileEntry]:
        """Return the plain files of the job's folder by name, at most `MOST_FILES`.

        Raises `NotFound`, `Unavailable`.
        """
        ...

    def file(self, handle: str, name: str, *, offset: int, limit: int) -> bytes:
        """Return at most `limit` bytes of a file from that byte on. Raises `NotFound`, `Unavailable`."""
        ...


def files_in(folder: Path) -> list[FileEntry]:
    """Return the plain files below a folder by name; links are neither listed nor followed."""
    found: list[FileEntry] = []
    for path, _, names in os.walk(folder):
        for name in names:
            file = Path(path) / name
            try:
                status = file.lstat()
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode) and len(found) < MOST_FILES:
                found.append(FileEntry(file.relative_to(folder).as_posix(), status.st_size))
    return sorted(found, key=lambda entry: entry.name)


def piece_in(folder: Path, name: str, *, offset: int, limit: int) -> bytes:
    """Return a piece of a plain file below a folder; raises `NotFound` when there is none, or a link is on the way."""
    try:
        with _opened(folder, name) as number:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise no_file(name)
            return os.pread(number, limit, offset)
    except (OSError, ValueError) as missing:
        raise no_file(name) from missing


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[int]:
    """Open a file step by step from its folder, so that a link put there meanwhile leads nowhere."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
        raise no_file(name)
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for index, part in enumerate(parts):
            kind = os.O_NONBLOCK if index == len(parts) - 1 else os.O_DIRECTORY
            following = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | kind, dir_fd=number)
            os.close(number)
            number = following
        yield number
    finally:
        os.close(number)


def no_file(name: str) -> NotFound:
    """Return the error for a file that is not there, or that a link would lead to."""
    said = message(gettext_noop("The job's folder has no file “{name}”. Its page lists those that it has."), name=name)
    return NotFound("sites.driver.no_file", said)
