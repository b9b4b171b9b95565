"""`notices.yaml` and `uses.yaml`: what is no rule, and what an officer has to judge."""

from __future__ import annotations

from datetime import date

from lionrock.controls.domain.rules import Applies, Authorisation, Effect, Notice, Use, Watched
from lionrock.controls.reading.entries import (
    Context,
    named,
    one_of,
    optional_day,
    optional_flag,
    places,
    tests,
    wheres,
    words,
)
from lionrock.kernel.findings import Citation
from lionrock.rules import shape
from lionrock.rules.yamltree import Mapped, Node


def read_notices(top: Node | None, context: Context) -> tuple[Notice, ...]:
    """Return the notices in the order of their days; what is wrong with them goes into the log."""
    nodes = () if top is None else shape.listed(top, "notices.yaml", context.log)
    found = [notice for notice in (_notice(node, context) for node in nodes) if notice]
    return tuple(sorted(found, key=lambda notice: notice.since))


def _notice(node: Node, context: Context) -> Notice | None:
    log = context.log
    held = shape.mapped(node, "notice", log)
    needed, more = "id names binding_on source effect applies any", "ends over exporter note"
    if held is None or not shape.check_keys(held, "notice", log, required=needed, optional=more):
        return None
    name = shape.text(held.entries["id"], "notice.id", log)
    since, citation = shape.day(held.entries["binding_on"], "notice.binding_on", log), context.cited(held, "notice")
    effect = one_of(held.entries["effect"], Effect, f"{name}.effect", log)
    if name is None or since is None or citation is None or effect is None:
        return None
    return Notice(
        id=name,
        names=named(held, name, log),
        since=since,
        ends=optional_day(held, "ends", name, log),
        effect=effect,
        over=_over(held, name, context),
        applies=tuple(
            _applies(each, name, since, citation, context) for each in shape.listed(held.entries["applies"], name, log)
        ),
        wheres=wheres(held.entries["any"], f"{name}.any", context),
        exporter=shape.optional_text(held.entries.get("exporter"), f"{name}.exporter", log),
        citation=citation,
    )


def _over(held: Mapped, name: str, context: Context) -> frozenset[Authorisation]:
    node = held.entries.get("over")
    entries = () if node is None else shape.listed(node, f"{name}.over", context.log)
    found = (one_of(entry, Authorisation, f"{name}.over", context.log) for entry in entries)
    return frozenset(word for word in found if word)


def _applies(node: Node, name: str, since: date, citation: Citation, context: Context) -> Applies:
    log, path = context.log, f"notices.{name}"
    held = shape.mapped(node, path, log)
    if held is None:
        return Applies()
    shape.check_keys(held, path, log, optional="chips designer_in vendor paragraphs datacentre reaching all")
    entries = held.entries
    return Applies(
        chips=frozenset(words(entries.get("chips"), f"{path}.chips", log)),
        designer_in=places(entries.get("designer_in"), f"{path}.designer_in", context),
        vendor=shape.optional_text(entries.get("vendor"), f"{path}.vendor", log),
        paragraphs=words(entries.get("paragraphs"), f"{path}.paragraphs", log),
        datacentre=optional_flag(held, "datacentre", path, log),
        reaching=tests(entries.get("reaching"), path, since, citation, context),
        tests=tests(entries.get("all"), path, since, citation, context),
    )


def read_uses(tree: Mapped | None, context: Context) -> tuple[dict[str, Use], tuple[Watched, ...], date]:
    """Return end uses by id, what is watched, and until when the facts on file were checked."""
    log = context.log
    if tree is None or not shape.check_keys(tree, "uses.yaml", log, required="checked_until uses watched"):
        return {}, (), date.min
    listed = shape.mapped(tree.entries["uses"], "uses", log)
    uses = [] if listed is None else [_use(key, node, context) for key, node, _ in shape.pairs(listed)]
    watched = [_watched(node, context) for node in shape.listed(tree.entries["watched"], "watched", log)]
    until = shape.mapped(tree.entries["checked_until"], "checked_until", log)
    day = None
    if until is not None and shape.check_keys(until, "checked_until", log, required="value source"):
        day = shape.day(until.entries["value"], "checked_until", log) if context.cited(until, "checked_until") else None
    return {use.id: use for use in uses if use}, tuple(each for each in watched if each), day or date.min


def _use(key: str, node: Node, context: Context) -> Use | None:
    held = shape.mapped(node, key, context.log)
    if held is None or not shape.check_keys(held, key, context.log, required="names cites source"):
        return None
    cites, citation = shape.text(held.entries["cites"], key, context.log), context.cited(held, key)
    return Use(key, named(held, key, context.log), cites, citation) if cites and citation else None


def _watched(node: Node, context: Context) -> Watched | None:
    held = shape.mapped(node, "watched", context.log)
    if held is None or not shape.check_keys(held, "watched", context.log, required="names source"):
        return None
    citation = context.cited(held, "watched")
    return Watched(named(held, "watched", context.log), citation) if citation else None
