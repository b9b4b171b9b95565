"""Reading `concerns/` of the rulebook: kinds, severities with their deadlines, escalation, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar

from django.conf import settings

from lionrock.concerns.domain.rules import STEPS, Change, ConcernRules, Deadline, Kind, Severity
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.keeping import Kept
from lionrock.rules.rulebook import SOURCES, refusal
from lionrock.rules.sources import Sources, cited, load_sources
from lionrock.rules.yamltree import Mapped, Node, read_yaml

FOLDER: Final = "concerns"
FILE: Final = "rules.yaml"
_Made = TypeVar("_Made", Severity, Kind, Change)


def load_rules(rulebook: Path) -> ConcernRules:
    """Return what the rulebook says of concerns; raises `Invalid` with every fault of the file."""
    log = FaultLog()
    sources = load_sources(rulebook / SOURCES, log)
    tree = read_yaml(rulebook / FOLDER / FILE, log)
    if tree is None or not shape.check_keys(tree, FILE, log, required="severities kinds escalation changes"):
        raise refusal(rulebook / FOLDER, tuple(log))
    severities = {each.id: each for each in _all(tree, "severities", _severity, sources, log)}
    kinds = {each.id: each for each in _all(tree, "kinds", _kind, sources, log)}
    for kind in kinds.values():
        if kind.severity not in severities:
            template = gettext_noop("“{value}” is no severity. There are: {known}.")
            known = ", ".join(severities)
            log.add("concerns.rules.severity", template, tree.place, named=kind.id, value=kind.severity, known=known)
    changes = {each.id: each for each in _all(tree, "changes", _change, sources, log)}
    held = shape.mapped(tree.entries["escalation"], "escalation", log)
    complete = held is not None and shape.check_keys(held, "escalation", log, required="every_hours source")
    if held is None or not complete:
        raise refusal(rulebook / FOLDER, tuple(log))
    every, citation = (
        shape.whole(held.entries["every_hours"], "every_hours", log),
        cited(held, "escalation", sources, log),
    )
    if log or not every or citation is None:
        raise refusal(rulebook / FOLDER, tuple(log))
    return ConcernRules(severities, kinds, changes, every, citation)


def _all(
    tree: Mapped, field: str, make: Callable[[Mapped, int, Sources, FaultLog], _Made | None], sources: Sources,
    log: FaultLog,
) -> Iterable[_Made]:  # fmt: skip
    for rank, node in enumerate(shape.listed(tree.entries[field], field, log)):
        held = shape.mapped(node, field, log)
        made = make(held, rank, sources, log) if held else None
        if made is not None:
            yield made


def _severity(held: Mapped, rank: int, sources: Sources, log: FaultLog) -> Severity | None:
    if not shape.check_keys(held, "severities", log, required="id names deadlines"):
        return None
    name = shape.text(held.entries["id"], "severities.id", log)
    names = shape.names(held.entries["names"], f"{name}.names", log)
    nodes = shape.listed(held.entries["deadlines"], f"{name}.deadlines", log)
    deadlines = [_deadline(each, f"{name}", sources, log) for each in nodes]
    return None if name is None or names is None else Severity(name, rank, names, tuple(d for d in deadlines if d))


def _deadline(node: Node, name: str, sources: Sources, log: FaultLog) -> Deadline | None:
    held = shape.mapped(node, name, log)
    if held is None or not shape.check_keys(held, name, log, required="id source", optional="hours working_days"):
        return None
    step = shape.text(held.entries["id"], f"{name}.id", log)
    given = [key for key in ("hours", "working_days") if key in held.entries]
    if step not in STEPS or len(given) != 1:
        template = gettext_noop("{value} is no deadline: one of {known}, with hours or with working_days.")
        log.add("concerns.rules.deadline", template, held.place, named=name, value=step or "–", known=", ".join(STEPS))
        return None
    count = shape.whole(held.entries[given[0]], f"{name}.{given[0]}", log)
    citation = cited(held, name, sources, log)
    if count is None or citation is None:
        return None
    return Deadline(step, count if given == ["hours"] else None, count if given == ["working_days"] else None, citation)


def _kind(held: Mapped, _: int, sources: Sources, log: FaultLog) -> Kind | None:
    if not shape.check_keys(held, "kinds", log, required="id names severity source"):
        return None
    name, severity = (shape.text(held.entries[key], f"kinds.{key}", log) for key in ("id", "severity"))
    names, citation = shape.names(held.entries["names"], f"{name}.names", log), cited(held, f"{name}", sources, log)
    if name is None or severity is None or names is None or citation is None:
        return None
    return Kind(name, names, severity, citation)


def _change(held: Mapped, _: int, sources: Sources, log: FaultLog) -> Change | None:
    if not shape.check_keys(held, "changes", log, required="id names items source"):
        return None
    name = shape.text(held.entries["id"], "changes.id", log)
    names, citation = shape.names(held.entries["names"], f"{name}.names", log), cited(held, f"{name}", sources, log)
    nodes = shape.listed(held.entries["items"], f"{name}.items", log)
    items = tuple(item for each in nodes if (item := shape.text(each, f"{name}.items", log)))
    if name is None or names is None or citation is None:
        return None
    return Change(name, names, items, citation)


_RULES: Final = Kept(load_rules)


def rules_now() -> ConcernRules:
    """Return the rules of concerns of this installation; raises `Invalid`."""
    return _RULES.of(Path(settings.LIONROCK_RULEBOOK))
