"""Lines out of a plain or gzip file, one at a time, whatever bytes are in it."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, cast

from lionrock.charging.usage_files.hold import Hold, invalid_file, shortened
from lionrock.charging.usage_files.rows import HeldRow, SkipReason, UsageRecord
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message

Outcome = UsageRecord | HeldRow | SkipReason
Parse = Callable[[int, str], UsageRecord | SkipReason]

_GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 1 << 20
_DAMAGE: Final = (EOFError, zlib.error, gzip.BadGzipFile)


class TextSource:
    """An open text file; `position` of `total` bytes (compressed ones for gzip) have been read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self._file = path.open("rb")
        self.total = path.stat().st_size
        self._gzip = self._file.read(2) == _GZIP
        self._file.seek(0)

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self.total if self._file.closed else self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _stream(self, file: io.BufferedReader) -> io.BufferedReader:
        # A GzipFile can be read like a raw file, which is all that BufferedReader asks of it.
        return io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=file))) if self._gzip else file

    def head(self, size: int = 65536) -> bytes:
        """Return the first bytes; raises `Invalid` when not even these can be unpacked."""
        got = b""
        with self.path.open("rb") as file:
            stream = self._stream(file)
            try:
                while len(got) < size and (more := stream.read1(size)):
                    got += more
            except _DAMAGE as damage:
                if not got:
                    raise _cannot_unpack(self.name) from damage
        return got

    def mentions(self, words: Sequence[bytes]) -> bool:
        """Tell whether any of the words stands anywhere in the file."""
        overlap = max(map(len, words))
        tail = b""
        with self.path.open("rb") as file:
            stream = self._stream(file)
            try:
                while chunk := stream.read(_CHUNK):
                    window = tail + chunk
                    if any(word in window for word in words):
                        return True
                    tail = window[-overlap:]
            except _DAMAGE:
                return False
        return False

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield (number, line with its end); raises `Hold` at the line where gzip data breaks off."""
        number = 0
        stream = self._stream(self._file)
        try:
            while line := stream.readline(_LONGEST_LINE):
                number += 1
                yield number, line
                while line and not line.endswith(b"\n"):  # the rest of a line that is too long is no line of its own
                    line = stream.readline(_LONGEST_LINE)
        except _DAMAGE as damage:
            raise Hold(
                "cut",
                gettext_noop(
                    "The gzip data ends or breaks here, so that the rest of the file is missing. Fetch the "
                    "file again and import it again: what was read stays."
                ),
                field="file",
            ) from damage


def read_lines(source: TextSource, parse: Parse, *, header: int, last_field: str | None) -> Iterator[Outcome]:
    """Yield what each line after the `header` lines becomes.

    `last_field` names the last field of a line if its value is used: a last line without line end
    may have lost a part of it, and is then held.
    """
    number, raw = 0, b""
    try:
        for number, raw in source.lines():
            if number > header:
                yield read_line(source.name, number, raw, parse, last_field)
    except Hold as cut:
        yield cut.row(source.name, number + 1, "")


def read_line(name: str, number: int, raw: bytes, parse: Parse, last_field: str | None) -> Outcome:
    """Return what one line becomes; what is wrong with it makes it a `HeldRow`."""
    try:
        line = raw.decode().rstrip("\r\n")
        outcome = SkipReason.BLANK if not line or line.isspace() else parse(number, line)
        if last_field is not None and not raw.endswith(b"\n") and isinstance(outcome, UsageRecord):
            raise _unterminated(line, last_field)
    except UnicodeDecodeError as wrong:
        return _undecodable(raw, wrong).row(name, number, raw.decode(errors="replace").rstrip("\r\n"))
    except Hold as hold:
        return hold.row(name, number, raw.decode(errors="replace").rstrip("\r\n"))
    return outcome


def _undecodable(raw: bytes, wrong: UnicodeDecodeError) -> Hold:
    around = raw[max(0, wrong.start - 10) : wrong.end + 10]
    return Hold(
        "utf8",
        gettext_noop(
            "The line is not UTF-8 at its byte {byte} ({value}). Write the file again as UTF-8, or leave out "
            "the column of free text."
        ),
        field="line",
        value=shortened(ascii(around)),
        byte=wrong.start + 1,
    )


def _unterminated(line: str, last_field: str) -> Hold:
    return Hold(
        "unterminated",
        gettext_noop(
            "The last line has no line end, so that its last field, {field}, may be cut (“{value}”). Fetch the "
            "file again; if the line is whole, end it with a line end."
        ),
        field=last_field,
        value=line[-20:],
    )


def _cannot_unpack(file: str) -> Invalid:
    said = message(
        gettext_noop("{file} is a gzip file that cannot be unpacked: it is cut or damaged. Fetch it again."), file=file
    )
    return invalid_file("damaged", said, file=file)
