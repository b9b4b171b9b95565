"""What a file is, by its content and whatever its name says; what it must not be is refused with a sentence.

Nothing here reads more than it is told: an archive is measured before and while it is unpacked, and is
never unpacked to a disk.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import BinaryIO, Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message


class FileKind(StrEnum):
    """Kinds of file that are told by their content."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    PNG = "png"
    JPEG = "jpeg"


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: Final = MappingProxyType(
    {
        FileKind.PDF: "application/pdf",
        FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
        FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
        FileKind.PPTX: f"{_OFFICE}.presentationml.presentation",
        FileKind.PNG: "image/png",
        FileKind.JPEG: "image/jpeg",
    }
)
"""The media type of each kind, under which it is kept and handed out."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file is; `slides` is how many a presentation has."""

    kind: FileKind
    slides: int | None = None


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may come to when it is unpacked."""

    entries: int = 5_000
    unpacked_bytes: int = 300_000_000
    ratio: int = 200
    """How many times its own size it may unpack to, beyond `ratio_from` bytes."""
    ratio_from: int = 20_000_000
    depth: int = 2


LIMITS: Final = ArchiveLimits()
_CHUNK: Final = 1 << 20
_HEAD: Final = 1024
_TAIL: Final = 2048
_PDF: Final = b"%PDF-"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS: Final = (
    b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe", b"\x00asm",
)  # fmt: skip
_PARTS: Final = MappingProxyType(
    {
        "word/document.xml": FileKind.DOCX,
        "xl/workbook.xml": FileKind.XLSX,
        "ppt/presentation.xml": FileKind.PPTX,
    }
)
_ENCRYPTED_BIT: Final = 0x1


def look_at(file: BinaryIO, *, name: str, limits: ArchiveLimits = LIMITS) -> Looked:
    """Return what a file is.

    Raises `Invalid` for an empty file, a program, an old or encrypted office file, a file that is two
    things at once, one cut off in the middle, an archive that would unpack to too much, and anything
    that is none of the known kinds.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise refused("empty", gettext_noop("“{value}” is empty. Choose the file again."), name)
    if head.startswith(_PROGRAMS):
        raise refused(
            "program",
            gettext_noop("“{value}” is a program, whatever its name says. Attach a document."),
            name,
        )
    if head.startswith(_OLE):
        template = gettext_noop("“{value}” is of an old office format, or has a password. Save it anew, without one.")
        raise refused("old_office", template, name)
    looked = _known(file, head, name, limits)
    if looked is None:
        template = gettext_noop("“{value}” is none of the kinds of file that are taken: {known}.")
        raise refused("unknown_kind", template, name, known=", ".join(FileKind))
    return looked


def refused(code: str, template: str, name: str, **more: object) -> Invalid:
    """Return the refusal of a file; the template may use {value}, which is its name, and all that is given."""
    shown = "".join(each if each.isprintable() else "�" for each in name[:100])
    said = message(template, value=shown, **more)
    fault = Fault(f"applications.file.{code}", said, field="file", value=shown)
    return Invalid(fault.code, said, faults=[fault])


def _known(file: BinaryIO, head: bytes, name: str, limits: ArchiveLimits) -> Looked | None:
    if head.startswith(_ZIP):
        return _office(file, name, limits)
    kind = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    if kind is None:
        return None
    if zipfile.is_zipfile(file):
        template = gettext_noop("“{value}” is a {kind} and an archive at once. Save the document anew and attach that.")
        raise refused("two_things", template, name, kind=kind.value.upper())
    whole = {FileKind.PDF: _whole_pdf, FileKind.PNG: _whole_png, FileKind.JPEG: _whole_jpeg}[kind]
    if not whole(file):
        template = gettext_noop(
            "“{value}” does not end as a {kind} does: it was cut off, or something was added to it. Attach it again."
        )
        raise refused("cut_off", template, name, kind=kind.value.upper())
    return Looked(kind)


_STARTS: Final = ((_PDF, FileKind.PDF), (_PNG, FileKind.PNG), (_JPEG, FileKind.JPEG))


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    return file.read()


def _whole_pdf(file: BinaryIO) -> bool:
    return b"%%EOF" in _tail(file)


def _whole_jpeg(file: BinaryIO) -> bool:
    return b"\xff\xd9" in _tail(file)


def _whole_png(file: BinaryIO) -> bool:
    """Tell whether a PNG is a row of whole chunks that ends with the last one, and nothing after it."""
    size = file.seek(0, io.SEEK_END)
    place = len(_PNG)
    while place + 12 <= size:
        file.seek(place)
        length, kind = int.from_bytes(file.read(4), "big"), file.read(4)
        place += 12 + length
        if kind == b"IEND":
            return place == size
    return False


def _office(file: BinaryIO, name: str, limits: ArchiveLimits) -> Looked | None:
    with checked_archive(file, name=name, limits=limits) as archive:
        names = archive.namelist()
        kinds = [kind for part, kind in _PARTS.items() if part in names]
        if len(kinds) != 1 or "[Content_Types].xml" not in names:
            return None
        if any(each.endswith("vbaProject.bin") for each in names):
            raise refused("macros", gettext_noop("“{value}” has macros in it. Save it without them."), name)
        slides = sum(each.startswith("ppt/slides/slide") and each.endswith(".xml") for each in names)
        return Looked(kinds[0], slides if kinds[0] is FileKind.PPTX else None)


def checked_archive(file: BinaryIO, *, name: str, limits: ArchiveLimits = LIMITS, depth: int = 1) -> zipfile.ZipFile:
    """Open an archive of which all can be unpacked within the limits, and every checksum holds.

    Raises `Invalid` for one that is broken, has a password, names places outside itself, holds archives
    within archives beyond `depth`, or comes to more than the limits.
    """
    try:
        file.seek(0)
        archive = zipfile.ZipFile(file)
        _check_entries(archive, file, name, limits)
        _unpack_all(archive, name, limits, depth)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError) as wrong:
        template = gettext_noop("“{value}” is a broken archive: {problem}. Save it anew and attach that.")
        raise refused("broken", template, name, problem=" ".join(str(wrong).split())[:100]) from wrong
    return archive


def _check_entries(archive: zipfile.ZipFile, file: BinaryIO, name: str, limits: ArchiveLimits) -> None:
    entries = archive.infolist()
    size = file.seek(0, io.SEEK_END)
    unpacked = sum(entry.file_size for entry in entries)
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & _ENCRYPTED_BIT for entry in entries):
        raise refused("password", gettext_noop("“{value}” has a password. Save it without one."), name)
    if len(set(names)) != len(names) or any(_leads_out(each) for each in names):
        template = gettext_noop("“{value}” holds names twice, or names that lead out of it. Save it anew.")
        raise refused("names", template, name)
    if len(entries) > limits.entries or unpacked > limits.unpacked_bytes or _is_dense(unpacked, size, limits):
        raise _bomb(name)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/") or "\0" in name


def _is_dense(unpacked: int, size: int, limits: ArchiveLimits) -> bool:
    return unpacked > limits.ratio_from and unpacked > limits.ratio * size


def _bomb(name: str) -> Invalid:
    template = gettext_noop("“{value}” would unpack to far more than it is. Attach the documents themselves.")
    return refused("bomb", template, name)


def _unpack_all(archive: zipfile.ZipFile, name: str, limits: ArchiveLimits, depth: int) -> None:
    """Read every entry to its end, so that sizes and checksums are those that were stated."""
    left = limits.unpacked_bytes
    for entry in archive.infolist():
        read, start = 0, b""
        for chunk in _chunks(archive, entry):
            start = start or chunk[: len(_ZIP)]
            read += len(chunk)
            if read > left:
                raise _bomb(name)
        left -= read
        if start == _ZIP:
            _look_within(archive, entry, name, limits, depth)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as opened:
        while chunk := opened.read(_CHUNK):
            yield chunk


def _look_within(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: ArchiveLimits, depth: int
) -> None:
    """Check an archive within an archive, such as a spreadsheet in a presentation."""
    if depth >= limits.depth:
        template = gettext_noop("“{value}” holds archives within archives. Attach the documents themselves.")
        raise refused("nested", template, name)
    within = io.BytesIO(b"".join(_chunks(archive, entry)))
    checked_archive(within, name=name, limits=limits, depth=depth + 1).close()
