"""Export controls and names on lists."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPMethod
from pathlib import Path

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, File, Given, Nothing
from lionrock.api.domain.tokens import Scope
from lionrock.api.problems import invalid
from lionrock.api.registry import operation
from lionrock.api.shapes import Code, Day, Line, Plain
from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.determining import determine
from lionrock.controls.pages.asking import book_seen_by, today
from lionrock.controls.reading.described import catalogued, with_figures
from lionrock.controls.rows import COLUMNS, OPTIONAL, Answered, answer_rows
from lionrock.controls.showing import full_data, row_data
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.screening.commands import found_data
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import Party
from lionrock.screening.queries.searching import search
from lionrock.terminal.output import to_json, to_json_line

NDJSON = "application/x-ndjson"
MOST_ROWS = 10_000
_COLUMNS = (*COLUMNS, *OPTIONAL)


class Asked(Given):
    """What is shipped, when, from where to where, for whom."""

    chips: list[Code] = Field([], max_length=20, description="Chips on file; several for a server.")
    figures: dict[str, Line] = Field({}, max_length=40, description="First figures of a described chip: name to value.")
    planar: bool | None = None
    on: Day | None = Field(None, description="The day of shipment; today without it.")
    destination: str = Field(min_length=2, max_length=2)
    exporting_from: str | None = Field(None, min_length=2, max_length=2)
    headquarters: str | None = Field(None, min_length=2, max_length=2, description="Country of the ultimate parent.")
    datacentre: bool | None = Field(None, description="Whether it is designed or marketed for data centres.")
    uses: list[Code] = Field([], max_length=20)
    exporter: str | None = Field(None, pattern="^foundry$")


class Determined(BaseModel):
    """The determination, as `lionrock controls determine --json` has it, with every source."""

    determination: Plain


class NamesAsked(Given):
    """Names to look up, and what is known of all of them."""

    names: list[str] = Field(min_length=1, max_length=50)
    kind: Kind = Kind.ANY
    countries: list[str] = Field([], max_length=20, description="By two letters.")
    identifiers: list[Line] = Field([], max_length=20)
    addresses: list[Line] = Field([], max_length=20)


class Met(BaseModel):
    """What one name meets on the lists."""

    name: str
    says: str = Field(description="none, review or block.")
    review: int
    block: int
    versions: dict[str, int]
    matches: list[Plain]


class Screened(BaseModel):
    """The answer for each name, in their order."""

    items: list[Met]


@operation(
    HTTPMethod.POST,
    "controls/determinations",
    Scope.COMPLIANCE,
    pages=("controls:list", "controls:file"),
    commands=("controls determine",),
)
def determine_controls(call: Call[Nothing, Asked]) -> Determined:
    """Say which paragraph, which authorisation and which review policy, with every source; nothing is kept."""
    book, asked = book_seen_by(call.actor), call.body
    items = catalogued(book.items, asked.chips)
    if asked.figures:
        nonplanar = None if asked.planar is None else not asked.planar
        figures = list(asked.figures.items())
        described = with_figures(items[0] if items else None, figures, datacentre=asked.datacentre, nonplanar=nonplanar)
        items = (described, *items[1:])
    question = Question(
        items=items,
        on=asked.on or today(),
        destination=asked.destination.upper(),
        exporting_from=asked.exporting_from.upper() if asked.exporting_from else None,
        headquarters=asked.headquarters.upper() if asked.headquarters else None,
        datacentre=asked.datacentre,
        uses=tuple(asked.uses),
        exporter=asked.exporter,
    )
    return Determined(determination=json.loads(to_json(full_data(determine(book, question)))))


@operation(
    HTTPMethod.POST,
    "controls/determinations/rows",
    Scope.COMPLIANCE,
    takes=("text/csv", NDJSON),
    produces=(NDJSON,),
    commands=("controls determine",),
)
def determine_rows(call: Call[Nothing, Path]) -> File:
    """Answer a file of questions, one a row (CSV or NDJSON): a JSON object a row, with its faults if any."""
    book, file = book_seen_by(call.actor), call.body
    lines = _as_table(file)
    answered = (_of_line(row) if lines else row for row in answer_rows(book, file))
    rows = [row_data(row) for row, _ in zip(answered, range(MOST_ROWS), strict=False)]
    return File("".join(f"{to_json_line(row)}\n" for row in rows).encode(), NDJSON)


def _as_table(file: Path) -> bool:
    """Turn a file of JSON objects, one a line, into the table of questions; tell whether it was one."""
    with file.open("rb") as content:
        if content.read(1) != b"{":
            return False
    rows = list(_objects(file))
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, _COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return True


def _objects(file: Path) -> Iterator[dict[str, str]]:
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            row = json.loads(line)
        except ValueError as wrong:
            raise _no_object(number, str(wrong)) from wrong
        if not isinstance(row, dict) or not set(row) <= set(_COLUMNS):
            raise _no_object(number, f"{', '.join(_COLUMNS)}")
        yield {name: " ".join(str(value).split()) for name, value in row.items() if value is not None}


def _no_object(line: int, reason: str) -> Invalid:
    said = message(
        gettext_noop("Line {line} is no JSON object with the known names: {reason}."), line=line, reason=reason
    )
    return invalid("api.rows.no_object", said, f"line {line}")


def _of_line(row: Answered) -> Answered:
    """Return a row whose faults name the line of the objects, which have no heading above them."""
    return replace(row, faults=tuple(replace(each, line=(each.line or 1) - 1) for each in row.faults))


@operation(
    HTTPMethod.POST,
    "screening/searches",
    Scope.COMPLIANCE,
    pages=("screening_search:list",),
    commands=("screening screen",),
)
def screen_names(call: Call[Nothing, NamesAsked]) -> Screened:
    """Look names up in all lists as they stand; nothing of it is kept."""
    asked = call.body
    known = Party(
        names=(),
        kind=asked.kind,
        countries=frozenset(each.upper() for each in asked.countries),
        identifiers=frozenset(asked.identifiers),
        addresses=tuple(asked.addresses),
    )
    found = [search(call.actor, replace(known, names=(name,)), call.now) for name in asked.names]
    return Screened(items=[Met.model_validate(found_data(each)) for each in found])
