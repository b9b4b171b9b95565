"""What was read from files, kept in the process until one of them changes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

Read = TypeVar("Read")
Fingerprint = tuple[tuple[str, int, int], ...]
"""Path, time of change and size of every file."""


def fingerprint(folder: Path) -> Fingerprint:
    """Return name, age and size of each file; asked for at every reading, so it looks at folders only once."""
    return tuple(sorted(_files(os.fspath(folder)))) if folder.is_dir() else ()


def _files(where: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(where) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path)
            elif entry.name.endswith(".yaml"):
                found = entry.stat()
                yield entry.path, found.st_mtime_ns, found.st_size


class Kept(Generic[Read]):
    """What `read` makes of a folder, made again only when a file of that folder changes.

    One thread reads, and the others wait for it: each that read as well would only make all of them slower.
    """

    def __init__(self, read: Callable[[Path], Read]) -> None:
        self._read = read
        self._kept: dict[Path, tuple[Fingerprint, Read]] = {}
        self._reading = threading.RLock()

    def of(self, folder: Path) -> Read:
        """Return what was read; raises what `read` raises, and keeps nothing then."""
        seen = fingerprint(folder)
        kept = self._kept.get(folder)
        if kept is None or kept[0] != seen:
            kept = self._read_once(folder, seen)
        return kept[1]

    def _read_once(self, folder: Path, seen: Fingerprint) -> tuple[Fingerprint, Read]:
        with self._reading:
            kept = self._kept.get(folder)
            if kept is None or kept[0] != seen:
                kept = self._kept[folder] = (seen, self._read(folder))
            return kept
