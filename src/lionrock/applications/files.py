"""The files of applications on disk: taken in whole or not at all, and opened only for who may see them.

They lie under the home, outside everything that a web server hands out, each under the SHA-256 of its
content: the same file twice is there once, and no name from outside becomes a path.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO, Final

from django.conf import settings

from lionrock.applications.domain.media import MEDIA_TYPES, FileKind, look_at, refused
from lionrock.applications.models import Attachment
from lionrock.applications.queries import application_by_code, attachments_of
from lionrock.kernel.errors import NotFound, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor

ARRIVING: Final = ".arriving-"
LEFT_BEHIND_AFTER: Final = timedelta(days=1)
"""A file that was arriving so long ago is what a killed process left."""
_CHUNK: Final = 1 << 20
_PDF_SECONDS: Final = 20
_SCAN_SECONDS: Final = 30
_FOUND: Final = 1


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that was taken in and looked at, in a place of its own until it is kept."""

    path: Path
    name: str
    size: int
    sha256: str
    kind: FileKind
    pages: int | None

    @property
    def media_type(self) -> str:
        """The media type of its content."""
        return MEDIA_TYPES[self.kind]


@contextmanager
def arriving(content: BinaryIO, *, name: str, most_bytes: int, now: datetime) -> Iterator[Arrived]:
    """Take a file in, look at it, and hand it over; it is gone afterwards unless it was kept meanwhile.

    Raises `Invalid` for one above `most_bytes`, one that `look_at` refuses, a PDF that has a password or
    cannot be read, and one in which the scanner finds something; `Unavailable` when the scanner fails.
    """
    folder = _folder()
    _sweep(folder, now)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=ARRIVING) as made:
        path = Path(made.name)
        size, sha256 = _copy(content, made, name, most_bytes)
        with path.open("rb") as whole:
            looked = look_at(whole, name=name)
        pages = pages_of_pdf(path, name) if looked.kind is FileKind.PDF else looked.slides
        scan(path, name)
        yield Arrived(path, name, size, sha256, looked.kind, pages)


def keep(arrived: Arrived) -> Path:
    """Give a file that arrived its lasting place; one that is there already stays."""
    place = place_of(arrived.sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.link(arrived.path, place)
    _settle(place.parent)
    return place


def place_of(sha256: str) -> Path:
    """Return where the file with this content lies."""
    return Path(settings.LIONROCK_HOME) / "attachments" / sha256[:2] / sha256


def _folder() -> Path:
    folder = Path(settings.LIONROCK_HOME) / "attachments"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what killed processes left behind."""
    for left in folder.glob(f"{ARRIVING}*"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < (now - LEFT_BEHIND_AFTER).timestamp():
                left.unlink()


def _settle(folder: Path) -> None:
    """Have the disk know of a new name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(content: BinaryIO, made: IO[bytes], name: str, most_bytes: int) -> tuple[int, str]:
    """Copy a file and return its size and SHA-256; it is on the disk then."""
    size, sha256 = 0, hashlib.sha256()
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        if size > most_bytes:
            template = gettext_noop("“{value}” has more than {most} MB. Make it smaller, or split it.")
            raise refused("large", template, name, most=most_bytes >> 20)
        sha256.update(chunk)
        made.write(chunk)
    made.flush()
    os.fsync(made.fileno())
    return size, sha256.hexdigest()


def pages_of_pdf(path: Path, name: str) -> int:
    """Return how many pages a PDF has; raises `Invalid` for one with a password, or that no reader opens in time."""
    command = [sys.executable, "-m", "lionrock.applications.pdf_pages", str(path)]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PDF_SECONDS).stdout
    except subprocess.TimeoutExpired:
        told = ""
    if told == "password":
        raise refused("password", gettext_noop("“{value}” has a password. Save it without one."), name)
    if not told.isdigit() or told == "0":
        template = gettext_noop("“{value}” cannot be read as a PDF. Save or print it as a PDF anew and attach that.")
        raise refused("unreadable", template, name)
    return int(told)


def scan(path: Path, name: str) -> None:
    """Let the scanner of the installation look at a file, where there is one.

    Raises `Invalid` when it finds something, `Unavailable` when it does not answer.
    """
    if not settings.LIONROCK_SCANNER:
        return
    command = [*shlex.split(settings.LIONROCK_SCANNER), str(path)]
    try:
        status = subprocess.run(command, capture_output=True, check=False, timeout=_SCAN_SECONDS).returncode
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise _no_scanner(type(wrong).__name__) from wrong
    if status == _FOUND:
        raise refused("virus", gettext_noop("The virus scanner refuses “{value}”. Look at your computer first."), name)
    if status:
        raise _no_scanner(str(status))


def _no_scanner(reason: str) -> Unavailable:
    said = message(
        gettext_noop("The virus scanner does not answer ({reason}), so that no file is taken now. Try again later."),
        reason=reason,
    )
    return Unavailable("applications.file.no_scanner", said)


@dataclass(frozen=True, slots=True)
class OnFile:
    """A file that a viewer may see, and where it lies."""

    attachment: Attachment
    path: Path


def file_of(viewer: Actor, application: str, attachment: int) -> OnFile:
    """Return a file of an application for a viewer: its authors see all, others what was handed in.

    What assessors are not to know of the applicant is the caller's to leave out. Raises `NotFound` when
    there is none for this viewer, `Unavailable` when its content is not on this machine's disk.
    """
    found = attachments_of(viewer, application_by_code(viewer, application)).filter(pk=attachment).first()
    if found is None:
        template = gettext_noop("{application} has no such file for you.")
        raise NotFound("applications.file.unknown", message(template, application=application))
    return OnFile(found, content_of(found.sha256, found.name))


def content_of(sha256: str, name: str) -> Path:
    """Return where the content of a file lies; raises `Unavailable` when it is not on this machine's disk."""
    path = place_of(sha256)
    if not path.is_file():
        template = gettext_noop("The content of “{name}” is not on file here. Ask whoever keeps the backups.")
        raise Unavailable("applications.file.lost", message(template, name=name))
    return path
