"""What the Slurm driver remembers of the jobs that it handed over, in files of the installation's home.

<home>/slurm/<cluster>/
    KEY.json         what was submitted, since when, where its folder is, the handle, and how it ended
    KEY.lock         held while the job is handed over
    handles/JOB-SUBMITTED   which key a handle belongs to

The note is written before the cluster is asked, and the handle into it after. A note without a handle
is a job that may have been taken or not; the cluster is asked which before it is submitted again.
Users of the cluster cannot write here, so a handle of ours is always a job of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.local_folder import locked, write_text
from lionrock.sites.drivers.protocol import JobSpec
from lionrock.sites.slurm.scripts import parse_handle, run_folder


@dataclass(frozen=True, slots=True)
class Note:
    """One job: `since` is when it was first handed over, `ended` the report of its end as plain values."""

    key: str
    digest: str
    user: str
    folder: str
    since: int
    devices: dict[str, int] = field(default_factory=dict)
    is_array: bool = False
    may_requeue: bool = False
    handle: str = ""
    ended: dict[str, Any] | None = None

    @property
    def run_folder(self) -> str:
        """Return the folder in which the job runs."""
        return run_folder(self.folder)


class Desk:
    """The notes of one cluster."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def taking(self, key: str) -> Iterator[None]:
        """Hold the lock of a key, so that of two who hand over one job the second finds the first's note."""
        with self._disk():
            (self.folder / "handles").mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = self.folder / f"{_name(key)}.lock"
        with locked(lock):
            yield

    def note(self, key: str) -> Note | None:
        """Return the note of a key, None where there is none."""
        with self._disk():
            try:
                return Note(**json.loads((self.folder / f"{_name(key)}.json").read_text(encoding="utf-8")))
            except FileNotFoundError:
                return None

    def keep(self, note: Note) -> Note:
        """Write a note, and the way from its handle to it."""
        with self._disk():
            write_text(self.folder / f"{_name(note.key)}.json", json.dumps(asdict(note)))
            if found := parse_handle(note.handle):
                write_text(self.folder / "handles" / f"{found[1]}-{found[2]}", note.key)
        return note

    def forget(self, note: Note) -> None:
        """Remove the note of a job that the cluster refused."""
        with self._disk():
            (self.folder / f"{_name(note.key)}.json").unlink(missing_ok=True)

    def note_of(self, handle: str) -> Note | None:
        """Return the note that a handle belongs to, None for a handle that was never given."""
        found = parse_handle(handle)
        if found is None:
            return None
        with self._disk():
            try:
                key = (self.folder / "handles" / f"{found[1]}-{found[2]}").read_text(encoding="utf-8")
            except FileNotFoundError:
                return None
        note = self.note(key)
        return note if note and note.handle == handle else None

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, TypeError) as wrong:
            raise Unavailable(
                "sites.slurm.notes",
                message(
                    gettext_noop(
                        "The notes on jobs in {folder} cannot be used: {why}. "
                        "See that the disk has room and that the folder can be written, then try again."
                    ),
                    folder=self.folder,
                    why=wrong,
                ),
            ) from wrong


def digest(spec: JobSpec) -> str:
    """Return what tells one content of a job from another."""
    return hashlib.sha256(json.dumps(asdict(spec), sort_keys=True).encode()).hexdigest()


def _name(key: str) -> str:
    """Return a file name for a key; keys are ours and plain, but no key may ever lead out of the folder."""
    return key if key.isalnum() and key.isascii() else hashlib.sha256(key.encode()).hexdigest()
