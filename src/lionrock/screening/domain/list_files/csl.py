"""The US Consolidated Screening List of the International Trade Administration, as CSV and as JSON.

Columns and quirks: https://www.trade.gov/consolidated-screening-list. Lists within a field are parted
by "; ", the country is the last part of an address, the type is often blank, and older files have
no `_id`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop, message
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import LEAST_IDENTIFIER, Entry, plain_identifier

NEEDED: Final = ("source", "name", "addresses", "alt_names", "ids", "source_list_url")
_SAID: Final = (
    "programs", "title", "federal_register_notice", "start_date", "end_date", "standard_order",
    "license_requirement", "license_policy", "remarks", "source_list_url", "source_information_url",
)  # fmt: skip
_KINDS: Final = {
    "individual": Kind.PERSON, "entity": Kind.ORGANISATION, "vessel": Kind.THING, "aircraft": Kind.THING,
}  # fmt: skip
_BOILERPLATE: Final = re.compile(r"[,;]?\s+and any (successor|sub-?unit|affiliate).*$", re.I)
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LARGEST_FIELD: Final = 2**22


def is_csv(text: str) -> bool:
    """Tell whether a text begins with the head of the consolidated list."""
    head = text.partition("\n")[0]
    return "source_list_url" in head and "alt_names" in head


def read_csv(text: str, file: str, faults: list[Fault]) -> list[Entry]:
    """Return the entries of the CSV; what is wrong goes into `faults`."""
    csv.field_size_limit(_LARGEST_FIELD)
    if not text.endswith("\n"):
        faults.append(_cut(file, text.count("\n") + 1))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    entries: list[Entry] = []
    try:
        head = [name.strip() for name in next(reader)]
        missing = [name for name in NEEDED if name not in head]
        if missing:
            faults.append(_missing(file, missing))
            return []
        for row in reader:
            if len(row) != len(head):
                faults.append(_short(file, reader.line_num, len(row), len(head)))
                continue
            _add(dict(zip(head, row, strict=True)), file, reader.line_num, entries, faults)
    except csv.Error as wrong:
        said = message(
            gettext_noop(
                "Line {line} is not well-formed CSV: {problem}. The file is cut off or damaged. Fetch it again."
            ),
            line=reader.line_num,
            problem=str(wrong),
        )
        faults.append(Fault("screening.list.csv", said, file, reader.line_num))
    return entries


def _add(row: Mapping[str, str], file: str, line: int, entries: list[Entry], faults: list[Fault]) -> None:
    name, source = _BOILERPLATE.sub("", row["name"]).strip(), row["source"].strip()
    for field, value in (("name", name), ("source", source)):
        if not value:
            said = message(
                gettext_noop("Line {line} has no {field}, so nobody could be found by it. Fetch the file again."),
                line=line,
                field=field,
            )
            faults.append(Fault("screening.list.blank", said, file, line, field, ""))
    if name and source:
        entries.append(_entry(row, name, source))


def _entry(row: Mapping[str, str], name: str, source: str) -> Entry:
    addresses = _addresses(row["addresses"])
    countries = [part.rpartition(",")[2].strip() for part in addresses]
    countries += [*_parted(row.get("citizenships", "")), *_parted(row.get("nationalities", ""))]
    return Entry(
        key=_key(row, name, source),
        source=source,
        kind=_KINDS.get(row.get("type", "").strip().casefold(), Kind.ANY),
        name=name,
        alternatives=tuple(dict.fromkeys(each for each in _parted(row["alt_names"]) if each != name)),
        countries=_once(each for each in countries if _COUNTRY.fullmatch(each)),
        addresses=tuple(addresses),
        identifiers=_once(_identifiers(_parted(row["ids"]))),
        births=_once(_parted(row.get("dates_of_birth", ""))),
        said={field: row[field].strip() for field in _SAID if row.get(field, "").strip()},
    )


def _key(row: Mapping[str, str], name: str, source: str) -> str:
    own = row.get("_id", "").strip() or row.get("entity_number", "").strip()
    if own:
        return own
    said = "|".join((source, name, "; ".join(_addresses(row["addresses"])), row.get("start_date", "").strip()))
    return hashlib.sha256(said.encode()).hexdigest()[:40]


def _addresses(text: str) -> list[str]:
    """Return the addresses of a field, each without empty parts and blanks about its commas, which only the CSV has."""
    return [", ".join(filter(None, map(str.strip, part.split(",")))) for part in _parted(text)]


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _identifiers(parts: Iterable[str]) -> Iterable[str]:
    """Yield the numbers of "country, number, kind": those with a digit and long enough to tell one from another."""
    for part in parts:
        for piece in part.split(","):
            number = piece.strip()
            telling = any(map(str.isdecimal, number)) and number.count(" ") < 3
            if telling and len(plain_identifier(number)) >= LEAST_IDENTIFIER:
                yield number
                break


def read_json(text: str, file: str, faults: list[Fault]) -> list[Entry]:
    """Return the entries of the JSON; what is wrong goes into `faults`."""
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as wrong:
        said = message(
            gettext_noop(
                "Line {line} is not well-formed JSON: {problem}. The file is cut off or damaged. Fetch it again."
            ),
            line=wrong.lineno,
            problem=wrong.msg,
        )
        faults.append(Fault("screening.list.json", said, file, wrong.lineno))
        return []
    found = tree.get("results") if isinstance(tree, dict) else tree
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        said = message(gettext_noop("{file} has no list “results” of entries. Fetch the list's own JSON."), file=file)
        faults.append(Fault("screening.list.shape", said, file, 1))
        return []
    entries: list[Entry] = []
    for number, each in enumerate(found, 1):
        _add(_flat(each), file, number, entries, faults)
    return entries


def _flat(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return an entry of the JSON as the CSV would have it."""
    row = {name: _as_text(value) for name, value in entry.items()}
    row["_id"] = row.get("_id") or row.get("id", "")
    return {**dict.fromkeys(NEEDED, ""), **row}


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_as_text(each).replace(";", ",") for each in value)
    if isinstance(value, dict):
        order = ("address", "city", "state", "postal_code", "country") if "number" not in value else (
            "country", "number", "type")  # fmt: skip
        return ", ".join(str(value[name]).strip() for name in order if value.get(name))
    return str(value)


def _cut(file: str, line: int) -> Fault:
    said = message(
        gettext_noop("{file} ends in the middle of line {line}: it is cut off. Fetch it again."), file=file, line=line
    )
    return Fault("screening.list.cut", said, file, line)


def _missing(file: str, names: list[str]) -> Fault:
    said = message(
        gettext_noop("{file} lacks the columns {names} of the consolidated list. Fetch the list's own CSV."),
        file=file,
        names=", ".join(names),
    )
    return Fault("screening.list.columns", said, file, 1, ", ".join(names))


def _short(file: str, line: int, given: int, wanted: int) -> Fault:
    said = message(
        gettext_noop(
            "Line {line} has {given} columns instead of {wanted}: the file is cut off or damaged. Fetch it again."
        ),
        line=line,
        given=given,
        wanted=wanted,
    )
    return Fault("screening.list.row", said, file, line)
