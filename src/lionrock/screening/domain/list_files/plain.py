"""The plain form of a list: a CSV that anybody can write; `docs/explanation/screening.md` shows it.

Columns, of which only `name` must be there: key, kind (person, organisation, thing or empty), name,
alternatives, countries, addresses, identifiers, births, source, note, address. Several values in one
field are parted by ";". A last line "end,<number of entries>" proves that nothing is cut off.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from typing import Final

from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop, message
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import Entry

COLUMNS: Final = (
    "key", "kind", "name", "alternatives", "countries", "addresses", "identifiers", "births", "source", "note",
    "address",
)  # fmt: skip
END: Final = "end"
_KINDS: Final = {"": Kind.ANY, **{kind.value: kind for kind in Kind}}


def read_csv(text: str, file: str, faults: list[Fault]) -> list[Entry]:
    """Return the entries of a list in the plain form; what is wrong goes into `faults`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    entries: list[Entry] = []
    try:
        head = [name.strip() for name in next(reader)]
        if not _head_fits(head, file, faults):
            return []
        rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as wrong:
        said = message(
            gettext_noop(
                "Line {line} is not well-formed CSV: {problem}. The file is cut off or damaged. Fetch it again."
            ),
            line=reader.line_num,
            problem=str(wrong),
        )
        faults.append(Fault("screening.list.csv", said, file, reader.line_num))
        return []
    _check_end(rows, file, faults)
    for line, row in rows[:-1]:
        _add(row, head, file, line, entries, faults)
    return entries


def _head_fits(head: list[str], file: str, faults: list[Fault]) -> bool:
    strange = [name for name in head if name not in COLUMNS]
    if "name" in head and not strange:
        return True
    said = message(
        gettext_noop(
            "{file} has the columns {names}. A list in the plain form has “name”, and of the others only: {known}."
        ),
        file=file,
        names=", ".join(head),
        known=", ".join(COLUMNS),
    )
    faults.append(Fault("screening.list.head", said, file, 1, ", ".join(strange) or "name"))
    return False


def _check_end(rows: list[tuple[int, list[str]]], file: str, faults: list[Fault]) -> None:
    """Note a fault unless the last line says how many entries there are, and there are so many."""
    line, last = rows[-1] if rows else (1, [])
    said_to_be = last[1].strip() if len(last) > 1 and last[0].strip() == END else ""
    if said_to_be == str(len(rows) - 1):
        return
    said = message(
        gettext_noop("{file} does not end with “end,{count}”: it is cut off, or its last line counts otherwise."),
        file=file,
        count=len(rows) - 1 if said_to_be else len(rows),
    )
    faults.append(Fault("screening.list.end", said, file, line, END, said_to_be))


def _add(row: list[str], head: list[str], file: str, line: int, entries: list[Entry], faults: list[Fault]) -> None:
    if len(row) != len(head):
        said = message(
            gettext_noop(
                "Line {line} has {given} columns instead of {wanted}: the file is cut off or damaged. Fetch it again."
            ),
            line=line,
            given=len(row),
            wanted=len(head),
        )
        faults.append(Fault("screening.list.row", said, file, line))
        return
    held = dict(zip(head, (value.strip() for value in row), strict=True))
    kind = held.get("kind", "").casefold()
    if kind not in _KINDS:
        said = message(
            gettext_noop("“{value}” on line {line} is not a kind. Write one of {known}, or nothing."),
            value=kind,
            line=line,
            known=", ".join(Kind),
        )
        faults.append(Fault("screening.list.kind", said, file, line, "kind", kind))
    if not held["name"]:
        said = message(
            gettext_noop("Line {line} has no {field}, so nobody could be found by it. Fetch the file again."),
            line=line,
            field="name",
        )
        faults.append(Fault("screening.list.blank", said, file, line, "name", ""))
    if held["name"] and kind in _KINDS:
        entries.append(_entry(held, _KINDS[kind]))


def _entry(held: Mapping[str, str], kind: Kind) -> Entry:
    lists = {
        name: tuple(part.strip() for part in held.get(name, "").split(";") if part.strip())
        for name in ("alternatives", "countries", "addresses", "identifiers", "births")
    }
    named = {"remarks": held.get("note", ""), "source_list_url": held.get("address", "")}
    return Entry(
        key=held.get("key", "") or hashlib.sha256(held["name"].encode()).hexdigest()[:40],
        source=held.get("source", ""),
        kind=kind,
        name=held["name"],
        said={name: text for name, text in named.items() if text},
        **lists,
    )
