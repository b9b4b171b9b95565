"""A file of answers, YAML or JSON: the answers, what was written on items, and the day that it is asked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lionrock.assurance.domain.answering import Answers, Sheet
from lionrock.assurance.domain.checking import check_answers
from lionrock.assurance.domain.rules import Book
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.yamltree import Listing, Node, read_yaml


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What a file of answers holds; `places` tells where each answer stands."""

    on: date | None
    answers: Answers
    items: Mapping[str, str]
    places: Mapping[str, Place]


def read_answers(path: Path) -> AnswerFile:
    """Read a file of answers; raises `Invalid` with every fault of its shape."""
    log = FaultLog()
    tree = read_yaml(path, log)
    if tree is not None:
        shape.check_keys(tree, path.name, log, required="answers", optional="on items")
    entries = {} if tree is None else tree.entries
    on = shape.day(entries["on"], "on", log) if "on" in entries else None
    answers = _mapping(entries.get("answers"), "answers", log)
    items = _mapping(entries.get("items"), "items", log)
    read = AnswerFile(
        on,
        {name: _chosen(node, name, log) for name, node in answers.items()},
        {name: shape.text(node, name, log) or "" for name, node in items.items()},
        {name: node.place for name, node in (answers | items).items()},
    )
    _refuse(log.faults, path)
    return read


def sheet_of(book: Book, file: AnswerFile, on: date, path: Path) -> Sheet:
    """Return the sheet of a file on a day; raises `Invalid` with file and line of every answer that cannot stand."""
    edition = book.at(on)
    faults = [_unknown_item(name) for name in file.items if name not in {item.id for item in book.items}]
    try:
        sheet = check_answers(edition, file.answers)
    except Invalid as wrong:
        faults += wrong.faults
    _refuse([_placed(fault, file.places) for fault in faults], path)
    return sheet


def _refuse(faults: list[Fault], path: Path) -> None:
    if faults:
        said = message(
            gettext_noop("{count} faults in {path}. Correct them; nothing was kept."), count=len(faults), path=path
        )
        raise Invalid("assurance.answers.file", said, faults=faults)


def _unknown_item(name: str) -> Fault:
    said = message(gettext_noop("“{value}” is no item of review. List them with lionrock assurance items."), value=name)
    return Fault("assurance.answers.item", said, field=name, value=name)


def _placed(fault: Fault, places: Mapping[str, Place]) -> Fault:
    place = places.get(fault.field or "")
    return replace(fault, file=place.file, line=place.line) if place else fault


def _mapping(node: Node | None, field: str, log: FaultLog) -> dict[str, Node]:
    held = None if node is None else shape.mapped(node, field, log)
    return {} if held is None else dict(held.entries)


def _chosen(node: Node, name: str, log: FaultLog) -> tuple[str, ...]:
    nodes = node.entries if isinstance(node, Listing) else (node,)
    found = (shape.text(each, name, log) for each in nodes)
    return tuple(each for each in found if each is not None)
