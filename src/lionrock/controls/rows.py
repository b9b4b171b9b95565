"""A file of questions, one a row, and the answer to each; a row with faults does not stop the others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lionrock.controls.domain.answers import Determination, Question
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.rules import Book
from lionrock.controls.reading.described import catalogued
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message

COLUMNS: Final = (
    "case_id",
    "chip_id",
    "date",
    "destination",
    "exporting_from",
    "end_user_hq_country",
    "datacentre_marketed",
)
OPTIONAL: Final = ("end_use", "exporter")
_MARKETED: Final[Mapping[str, bool | None]] = MappingProxyType(
    {
        **dict.fromkeys(("yes", "y", "true", "1", "cloud_only"), True),
        **dict.fromkeys(("no", "n", "false", "0"), False),
        "": None,
    }
)
_NOT_TOLD: Final = frozenset({"-", "–", "?", "n/a", "none", "null", "unknown"})
"""What people write into a cell that they have nothing for; it reads as an empty one."""
_SEPARATORS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Answered:
    """A row and its answer, or what is wrong with it."""

    case: str
    answer: Determination | None
    faults: tuple[Fault, ...]


def read_questions(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a file with their lines; raises `Invalid` when it is no such file."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise _file_fault(path, gettext_noop("The file {file} cannot be read: {problem}."), problem=wrong) from wrong
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="…", restval="", strict=True, delimiter=separator)
    names = rows.fieldnames = [name.strip().casefold() for name in rows.fieldnames or ()]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise _file_fault(
            path,
            gettext_noop("The file {file} lacks the columns {missing}. Add them to its first line."),
            missing=", ".join(missing),
        )
    try:
        yield from ((rows.line_num, row) for row in rows if any(row.values()))
    except csv.Error as wrong:
        raise _file_fault(path, gettext_noop("The file {file} cannot be read: {problem}."), problem=wrong) from wrong


def _file_fault(path: Path, template: str, **more: object) -> Invalid:
    said = message(template, file=path.name, **more)
    return Invalid("controls.rows.file", said, faults=[Fault("controls.rows.file", said, file=str(path), line=1)])


def answer_rows(book: Book, path: Path) -> Iterator[Answered]:
    """Yield the answer to each row of a file."""
    for line, row in read_questions(path):
        yield _answer(book, row, str(path), line)


def _answer(book: Book, row: Mapping[str, str], file: str, line: int) -> Answered:
    case = _cell(row, "case_id")
    try:
        return Answered(case, determine(book, _question(book, row)), ())
    except Invalid as wrong:
        faults = wrong.faults or (Fault(wrong.code, wrong.message),)
        return Answered(case, None, tuple(replace(fault, file=file, line=line) for fault in faults))


def _cell(row: Mapping[str, str], name: str) -> str:
    text = (row.get(name) or "").strip()
    return "" if text.casefold() in _NOT_TOLD and name != "case_id" else text


def _question(book: Book, row: Mapping[str, str]) -> Question:
    """Return what a row asks; a server is written as its chips with “+” between them."""
    faults: list[Fault] = []
    items: tuple[Item, ...] = ()
    on, marketed = date.max, None
    with collecting(faults):
        items = catalogued(book.items, [name.strip() for name in _cell(row, "chip_id").split("+")])
    with collecting(faults):
        on = read_day(_cell(row, "date"))
    with collecting(faults):
        marketed = _word(_cell(row, "datacentre_marketed"))
    if not _cell(row, "destination"):
        faults.append(_empty("destination"))
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    return Question(
        items=items,
        on=on,
        destination=_cell(row, "destination").upper(),
        exporting_from=_cell(row, "exporting_from").upper() or None,
        headquarters=_cell(row, "end_user_hq_country").upper() or None,
        datacentre=marketed,
        uses=tuple(_cell(row, "end_use").split()),
        exporter=_cell(row, "exporter") or None,
    )


def _empty(field: str) -> Fault:
    return Fault(
        "controls.question.missing", message(gettext_noop("{field} is empty. Fill it."), field=field), field=field
    )


def read_day(text: str) -> date:
    """Return a day written as 2025-01-31; raises `Invalid`."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as wrong:
        said = message(
            gettext_noop("“{value}” in {field} is not a date. Write it as 2025-01-31."), value=text, field="date"
        )
        raise Invalid(
            "controls.date.unreadable", said, faults=[Fault("controls.date.unreadable", said, field="date", value=text)]
        ) from wrong


def _word(text: str) -> bool | None:
    if text.casefold() in _MARKETED:
        return _MARKETED[text.casefold()]
    said = message(gettext_noop("“{value}” in {field} is neither yes nor no."), value=text, field="datacentre_marketed")
    raise Invalid(
        "controls.question.marketing",
        said,
        faults=[Fault("controls.question.marketing", said, field="datacentre_marketed", value=text)],
    )
