"""`sources.yaml`: who published what, when and where, and how good a source it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from lionrock.kernel.findings import Citation, Grade
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.yamltree import Mapped, Node, Scalar, is_null, read_yaml

Sources = Mapping[str, Citation]


def load_sources(path: Path, log: FaultLog) -> Sources:
    """Read every source that is well-formed; the others are in the log."""
    tree = read_yaml(path, log)
    if tree is None:
        return {}
    read = {key: _source(key, node, log) for key, node, _ in shape.pairs(tree)}
    return {key: citation for key, citation in read.items() if citation}


def _source(key: str, node: Node, log: FaultLog) -> Citation | None:
    held = shape.mapped(node, key, log)
    if held is None or not shape.check_keys(
        held, key, log, required="publisher title date address grade", optional="note"
    ):
        return None
    publisher = shape.text(held.entries["publisher"], f"{key}.publisher", log)
    title = shape.text(held.entries["title"], f"{key}.title", log)
    grade = _grade(held.entries["grade"], f"{key}.grade", log)
    dated = _optional_day(held.entries["date"], f"{key}.date", log)
    address = shape.optional_text(held.entries["address"], f"{key}.address", log)
    if publisher is None or title is None or grade is None:
        return None
    return Citation(key, publisher, title, dated, address, grade)


def _optional_day(node: Node, field: str, log: FaultLog) -> date | None:
    return None if is_null(node) else shape.day(node, field, log)


def _grade(node: Node, field: str, log: FaultLog) -> Grade | None:
    written = node.text if isinstance(node, Scalar) else ""
    if written in set(Grade):
        return Grade(written)
    log.add(
        "rules.source.grade",
        gettext_noop("“{value}” in {field} is not a grade of source. Write {known}."),
        node.place,
        named=field,
        value=written,
        known=" or ".join(Grade),
    )
    return None


def cited(held: Mapped, field: str, sources: Sources, log: FaultLog) -> Citation | None:
    """Return the source that a value names; a value without one, or with an unknown one, is a fault."""
    node = held.entries.get("source")
    if node is None or is_null(node):
        log.add(
            "rules.source.missing",
            gettext_noop("{field} has a value without a source. Add “source:” and an entry of sources.yaml."),
            held.place,
            named=field,
        )
        return None
    name = shape.text(node, f"{field}.source", log)
    if name is not None and name not in sources:
        _unknown(name, field, sources, node.place, log)
    return sources.get(name or "")


def _unknown(name: str, field: str, sources: Sources, place: Place, log: FaultLog) -> None:
    log.add(
        "rules.source.unknown",
        gettext_noop("“{value}”, the source of {field}, is not in sources.yaml. Add it there, or write {known}."),
        place,
        named=field,
        value=name,
        known=shape.nearest(name, sources),
    )
