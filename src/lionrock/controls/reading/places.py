"""`countries.yaml`: codes, readings and groups."""

from __future__ import annotations

from collections.abc import Iterator

from lionrock.controls.domain.places import Atlas, Change, ReadAs
from lionrock.controls.reading.entries import Context, words
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited
from lionrock.rules.yamltree import Mapped, Node


def read_atlas(tree: Mapped | None, sources: Sources, log: FaultLog) -> Atlas:
    """Return the countries; what is wrong with them goes into the log."""
    if tree is None or not shape.check_keys(tree, "countries.yaml", log, required="read_as groups countries"):
        return Atlas({}, {}, ())
    names = _names(tree.entries["countries"], sources, log)
    context = Context(sources, frozenset(names), log)
    groups = shape.mapped(tree.entries["groups"], "groups", log)
    found = (
        {} if groups is None else {name: tuple(_changes(name, node, context)) for name, node, _ in shape.pairs(groups)}
    )
    readings = tuple(
        reading for node in shape.listed(tree.entries["read_as"], "read_as", log) for reading in _reading(node, context)
    )
    return Atlas(names, found, readings)


def _names(node: Node, sources: Sources, log: FaultLog) -> dict[str, Names]:
    held = shape.mapped(node, "countries", log)
    if held is None or not shape.check_keys(held, "countries", log, required="names source"):
        return {}
    cited(held, "countries", sources, log)
    listed = shape.mapped(held.entries["names"], "countries.names", log)
    read = (
        {}
        if listed is None
        else {code: shape.names(entry, f"countries.{code}", log) for code, entry, _ in shape.pairs(listed)}
    )
    return {code: names for code, names in read.items() if names}


def _changes(group: str, node: Node, context: Context) -> Iterator[Change]:
    before = None
    for entry in shape.listed(node, group, context.log):
        held = shape.mapped(entry, group, context.log)
        if held is None or not shape.check_keys(
            held, group, context.log, required="from source", optional="add remove note"
        ):
            continue
        since, citation = shape.day(held.entries["from"], group, context.log), context.cited(held, group)
        if since is None or citation is None:
            continue
        if before is not None and since <= before:
            context.log.add(
                "controls.file.order",
                gettext_noop("{field}: {value} does not come after the entry above it. Put them in order of date."),
                held.place,
                named=group,
                value=since,
            )
        before = since
        yield Change(since, _codes(held, "add", group, context), _codes(held, "remove", group, context), citation)


def _codes(held: Mapped, key: str, group: str, context: Context) -> frozenset[str]:
    found = words(held.entries.get(key), f"{group}.{key}", context.log)
    for code in found:
        if code not in context.known_places:
            context.log.add(
                "controls.file.country",
                gettext_noop("“{value}” in {field} is no country of countries.yaml."),
                held.place,
                named=group,
                value=code,
            )
    return frozenset(found)


def _reading(node: Node, context: Context) -> Iterator[ReadAs]:
    log = context.log
    held = shape.mapped(node, "read_as", log)
    if held is None or not shape.check_keys(
        held, "read_as", log, required="country as from source", optional="unanswered_before note"
    ):
        return
    country, other = (shape.text(held.entries[key], f"read_as.{key}", log) for key in ("country", "as"))
    since, citation = shape.day(held.entries["from"], "read_as.from", log), context.cited(held, "read_as")
    unanswered = held.entries.get("unanswered_before")
    if country and other and since and citation:
        yield ReadAs(country, other, since, citation, bool(unanswered and shape.flag(unanswered, "read_as", log)))
