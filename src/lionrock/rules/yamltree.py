"""Strict YAML: a tree of texts with line numbers, and nothing that YAML would guess.

Values stay as written; what a text means is decided by whoever knows its unit. So `no` is not a
country turned into false, `1.10` is not 1.1, and a date is not shifted by a zone.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from lionrock.kernel.messages import gettext_noop
from lionrock.rules.faultlog import FaultLog, Place

_FLOAT = re.compile(r"[-+]?(\d[\d_]*\.[\d_]*|\.\d[\d_]*|\d[\d_]*)([eE][-+]?\d+)?|[-+]?\.(inf|nan)", re.I)
_INTEGER = re.compile(r"-?\d+")
_NULLS = frozenset({"null", "~", ""})
MAX_BYTES = 2_000_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it stands in the file; `quoted` tells "12" from 12."""

    place: Place
    text: str
    quoted: bool

    @property
    def is_null(self) -> bool:
        """Whether this is YAML's null, which in a rulebook means: the owner has not set it."""
        return not self.quoted and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class Listing:
    """A YAML sequence."""

    place: Place
    entries: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A YAML mapping; `key_places` tells where each key stands."""

    place: Place
    entries: Mapping[str, Node]
    key_places: Mapping[str, Place]


Node = Scalar | Listing | Mapped


def is_null(node: Node) -> bool:
    """Tell whether a node is null."""
    return isinstance(node, Scalar) and node.is_null


def read_yaml(path: Path, log: FaultLog) -> Mapped | None:
    """Read a file whose top is a mapping; what is wrong with it goes into the log."""
    top = read_tree(path, log)
    if top is None or isinstance(top, Mapped):
        return top
    log.add(
        "rules.yaml.not_a_mapping",
        gettext_noop("The file holds no “key: value” pairs at its top level. Start it with one."),
        top.place,
        named="file",
        value=path.name,
    )
    return None


def read_tree(path: Path, log: FaultLog) -> Node | None:
    """Read a file as a tree; None when it could not be read, with the reason in the log."""
    before = len(log)
    text = _text(path, log)
    root = None if text is None else _compose(text, str(path), log)
    if len(log) > before:
        return None
    if root is None:
        log.add(
            "rules.yaml.empty",
            gettext_noop("The file {value} is empty. Fill it or remove it."),
            Place(str(path), 1),
            named="file",
            value=path.name,
        )
        return None
    return _Converter(str(path), log).convert(root)


def _text(path: Path, log: FaultLog) -> str | None:
    problem: str
    try:
        found = path.stat()
        if stat.S_ISREG(found.st_mode) and found.st_size <= MAX_BYTES:
            return path.read_text("utf-8")
        problem = f"more than {MAX_BYTES} bytes" if stat.S_ISREG(found.st_mode) else "it is not a plain file"
    except OSError as missing:
        problem = missing.strerror or str(missing)
    except UnicodeDecodeError as garbled:
        problem = f"not UTF-8 at byte {garbled.start}"
    log.add(
        "rules.yaml.unreadable",
        gettext_noop("The file {value} cannot be read: {problem}. Put a readable UTF-8 text there."),
        Place(str(path), 1),
        named="file",
        value=path.name,
        problem=problem,
    )
    return None


def _compose(text: str, file: str, log: FaultLog) -> yaml.Node | None:
    """Return the tree; malformed YAML and what hides where a value stands is put into the log."""
    try:
        if _flat_enough(text, file, log):
            return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as malformed:
        place = _at(file, malformed.problem_mark or malformed.context_mark)
        last = max(1, len(text.splitlines()))
        _malformed(log, Place(file, min(place.line, last)), malformed.problem or str(malformed))
    except yaml.reader.ReaderError as strange:
        line = text.count("\n", 0, strange.position) + 1
        _malformed(log, Place(file, line), f"the character #x{strange.character:04x} is not allowed")
    return None


def _flat_enough(text: str, file: str, log: FaultLog) -> bool:
    """Refuse tricks, and nesting so deep that reading it would exhaust the stack."""
    before = len(log)
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            _malformed(log, _at(file, event.start_mark), f"more than {MAX_DEPTH} levels of nesting")
            return False
        _refuse_tricks(event, file, log)
    return len(log) == before


def _malformed(log: FaultLog, place: Place, problem: str) -> None:
    log.add(
        "rules.yaml.malformed",
        gettext_noop("This is not well-formed YAML: {value}. Correct the line, or the one above it."),
        place,
        named="yaml",
        value=problem,
    )


def _at(file: str, mark: object) -> Place:
    """Return the place of a YAML mark, which counts lines from 0."""
    return Place(file, getattr(mark, "line", 0) + 1)


def _refuse_tricks(event: yaml.Event, file: str, log: FaultLog) -> None:
    anchor = getattr(event, "anchor", None)
    tag = getattr(event, "tag", None)
    place = _at(file, event.start_mark)
    if anchor:
        log.add(
            "rules.yaml.anchor",
            gettext_noop("“{value}” is an anchor or alias. Write the value out, so that each has its own line."),
            place,
            named="yaml",
            value=anchor,
        )
    if tag:
        log.add(
            "rules.yaml.tag",
            gettext_noop("“{value}” is a YAML tag. Remove it: the unit decides what a value is."),
            place,
            named="yaml",
            value=tag,
        )


@dataclass
class _Converter:
    file: str
    log: FaultLog

    def convert(self, node: yaml.Node, field: str = "file") -> Node:
        place = self._place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return Listing(place, tuple(self.convert(entry, field) for entry in node.value))
        return self._scalar(str(node.value), getattr(node, "style", None) is not None, place, field)

    def _place(self, node: yaml.Node) -> Place:
        return _at(self.file, node.start_mark)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> Mapped:
        entries: dict[str, Node] = {}
        places: dict[str, Place] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "…"
            if name in entries:
                self._twice(name, self._place(key), places[name])
            else:
                places[name] = self._place(key)
                entries[name] = self.convert(value, name)
        return Mapped(place, entries, places)

    def _twice(self, name: str, place: Place, first: Place) -> None:
        self.log.add(
            "rules.yaml.duplicate_key",
            gettext_noop("“{value}” is given twice; the first is on line {first}. Keep one of them."),
            place,
            named=name,
            value=name,
            first=first.line,
        )

    def _scalar(self, text: str, quoted: bool, place: Place, field: str) -> Scalar:
        if not quoted and _FLOAT.fullmatch(text) and not _INTEGER.fullmatch(text):
            self.log.add(
                "rules.yaml.bare_decimal",
                gettext_noop('{value} in {field} is a bare decimal, which computers round. Write it as "{value}".'),
                place,
                named=field,
                value=text,
            )
        return Scalar(place, text, quoted)
