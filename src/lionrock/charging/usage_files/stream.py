"""One way in: `open_usage_file` finds out the format and gives a stream of records and held rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol

from lionrock.charging.usage_files.hold import Hold, invalid_file, shortened
from lionrock.charging.usage_files.normal_csv import CsvReader
from lionrock.charging.usage_files.normal_lines import LinesReader
from lionrock.charging.usage_files.options import Format, UsageOptions
from lionrock.charging.usage_files.parquet import MAGIC, ParquetSource
from lionrock.charging.usage_files.rows import HeldRow, Tally, UsageRecord
from lionrock.charging.usage_files.sacct import SacctReader, delimiter_of
from lionrock.charging.usage_files.swf import FIELDS, SwfReader
from lionrock.charging.usage_files.text import Outcome, TextSource, read_lines
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import Message, gettext_noop, message

_BOM: Final = "\ufeff"
_NAME: Final = re.compile(r"\s*[A-Za-z_]\w*\s*|", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


class _Source(Protocol):
    @property
    def position(self) -> int: ...

    @property
    def total(self) -> int: ...

    def close(self) -> None: ...


class UsageStream(Iterator[UsageRecord | HeldRow]):
    """Records and held rows of one file, in its order; rows passed over are counted in `tally`.

    `position` of `total` `unit` ("bytes" or "rows") have been read. `notes` says what the operator
    should know about the file. `tally` is complete when the stream is exhausted.
    """

    def __init__(
        self, path: Path, form: Format, source: _Source, outcomes: Iterator[Outcome], notes: tuple[Message, ...] = ()
    ) -> None:
        self.path = path
        self.format = form
        self.tally = Tally()
        self.notes = notes
        self._source = source
        self._outcomes = outcomes

    @property
    def unit(self) -> str:
        """What `position` and `total` count."""
        return "rows" if self.format is Format.PARQUET else "bytes"

    @property
    def position(self) -> int:
        """How much has been read."""
        return self._source.position

    @property
    def total(self) -> int:
        """How much there is to read."""
        return self._source.total

    def __next__(self) -> UsageRecord | HeldRow:
        tally = self.tally
        for outcome in self._outcomes:
            tally.rows_read += 1
            if isinstance(outcome, UsageRecord):
                tally.records += 1
                return outcome
            if isinstance(outcome, HeldRow):
                tally.held += 1
                return outcome
            tally.skipped[outcome] += 1
        raise StopIteration

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def __enter__(self) -> UsageStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_usage_file(path: Path, options: UsageOptions, *, format: Format | None = None) -> UsageStream:  # noqa: A002
    """Open an accounting file; without `format` it is told by the content.

    Raises `Invalid`, naming the file, when it is not there, empty, of no known format, lacks columns,
    or when the options do not say what its format needs.
    """
    source = _opened(path)
    try:
        head = source.head()
        form = format or _format_of(source, head)
        if form is Format.PARQUET:
            source.close()
            parquet = ParquetSource(path, options)
            return UsageStream(path, form, parquet, parquet.rows())
        return _text_stream(source, head, form, options)
    except Invalid:
        source.close()
        raise


def _opened(path: Path) -> TextSource:
    try:
        source = TextSource(path)
    except OSError as wrong:
        said = message(
            gettext_noop("{file} cannot be opened: {reason}. Check the path and who may read it."),
            file=str(path),
            reason=wrong.strerror or str(wrong),
        )
        raise invalid_file("open", said, file=str(path)) from wrong
    if source.total == 0:
        source.close()
        said = message(gettext_noop("{file} is empty. Fetch it again."), file=source.name)
        raise invalid_file("empty_file", said, file=source.name)
    return source


def _first_lines(head: bytes) -> list[str]:
    return [line.removesuffix("\r") for line in head.decode(errors="replace").removeprefix(_BOM).split("\n")]


def _format_of(source: TextSource, head: bytes) -> Format:
    lines = _first_lines(head)
    first = next((line for line in lines if line.strip()), "")
    words = first.split()
    if first.lstrip().startswith("{"):
        return Format.NDJSON
    if head.startswith(MAGIC):
        return Format.PARQUET
    if first.lstrip().startswith(";") or (len(words) == FIELDS and all(map(_NUMBER.fullmatch, words))):
        return Format.SWF
    if delimiter_of(lines[0]) is not None:
        return Format.SACCT
    for separator, form in ((",", Format.CSV), ("|", Format.SACCT), ("\x1f", Format.SACCT)):
        # Names in a row are a header: of which columns it lacks, the reader of that format tells.
        names = lines[0].split(separator)
        if len(names) > 1 and all(map(_NAME.fullmatch, names)):
            return form
    said = message(
        gettext_noop(
            "{file} is of no known format; it begins with “{value}”. It has to be sacct output with its header "
            "(--parsable2), the Standard Workload Format, Parquet, or the normal form in CSV or NDJSON."
        ),
        file=source.name,
        value=shortened(first, 80),
    )
    raise invalid_file("format", said, file=source.name, line=1, value=shortened(first, 80))


def _text_stream(source: TextSource, head: bytes, form: Format, options: UsageOptions) -> UsageStream:
    lines = _first_lines(head)
    if form is Format.SWF:
        swf = SwfReader(source.name, options)
        return UsageStream(source.path, form, source, read_lines(source, swf.parse, header=0, last_field=None))
    if form is Format.NDJSON:
        one_each = LinesReader(source.name, options)
        return UsageStream(source.path, form, source, read_lines(source, one_each.parse, header=0, last_field=None))
    if form is Format.CSV:
        normal = _csv_reader(source.name, lines[0], options)
        outcomes = read_lines(source, normal.parse, header=1, last_field=normal.last_field)
        return UsageStream(source.path, form, source, outcomes)
    sacct = SacctReader(source, lines[0], options)
    sacct.check_zone(lines[1:])
    outcomes = read_lines(source, sacct.parse, header=1, last_field=sacct.last_field)
    return UsageStream(source.path, form, source, outcomes, sacct.notes)


def _csv_reader(file: str, header: str, options: UsageOptions) -> CsvReader:
    try:
        return CsvReader(file, header, options)
    except Hold as hold:
        raise invalid_file("columns", hold.message, file=file, line=1, value=hold.value) from hold
