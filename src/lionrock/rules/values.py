"""Parameters as written: a label, a unit, and values by date, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lionrock.kernel.findings import Citation, ParameterRead
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.parameters import KNOWN, Known, known_parameter
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited
from lionrock.rules.units import Unit, Units, Value, find_unit, read_value, written
from lionrock.rules.yamltree import Mapped, Node, is_null


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from a day on; None means that the owner has not set it, and `citation` where one looked."""

    since: date
    value: Value | None
    citation: Citation
    note: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a programme with its values in order of date."""

    path: str
    names: Names | None
    unit: Unit
    values: tuple[DatedValue, ...]
    place: Place

    @property
    def label(self) -> Names | Message:
        """Its name for people: the programme's own, or that of the engine."""
        known = known_parameter(self.path)
        return self.names or message(known.label if known else self.path)

    def on(self, day: date) -> DatedValue | None:
        """Return the version in force on that day; None before the first."""
        current = [version for version in self.values if version.since <= day]
        return current[-1] if current else None

    def read(self, day: date) -> ParameterRead:
        """Return the record of what is in force on that day."""
        version = self.on(day)
        if version is None:
            return ParameterRead(self.path, None, None, None)
        return ParameterRead(self.path, written(version.value), version.since, version.citation)


@dataclass(frozen=True, slots=True)
class Context:
    """What the values of a programme are read against."""

    units: Units
    sources: Sources
    currency: str
    inherited: Mapping[str, Parameter]
    log: FaultLog


def read_parameters(tree: Mapped, into: dict[str, Parameter], context: Context) -> None:
    """Read a file of parameters into a table; a path that another file gave is a fault."""
    for path, node, place in shape.pairs(tree):
        if path in into:
            _given_twice(path, into[path].place, place, context.log)
            continue
        parameter = _parameter(path, node, place, context)
        if parameter is not None:
            into[path] = parameter


def _given_twice(path: str, first: Place, place: Place, log: FaultLog) -> None:
    log.add(
        "rules.parameter.twice",
        gettext_noop("{field} is already given in {value}, line {line}. Keep one of the two."),
        place,
        named=path,
        value=first.file,
        line=first.line,
    )


def _parameter(path: str, node: Node, place: Place, context: Context) -> Parameter | None:
    log = context.log
    known = known_parameter(path)
    if known is None:
        _unknown(path, place, log)
        return None
    held = shape.mapped(node, path, log)
    parent = context.inherited.get(path)
    if held is None or not shape.check_keys(held, path, log, required="values", optional="label unit"):
        return None
    names = _label(path, known, held, parent, log)
    unit = _unit(path, known, held, parent, context)
    if unit is None:
        return None
    values = _values(path, held.entries["values"], unit, context)
    merged = _merge(path, parent.values, values, log) if parent else values
    return Parameter(path, names, unit, merged, place) if merged else None


def _unknown(path: str, place: Place, log: FaultLog) -> None:
    log.add(
        "rules.parameter.unknown",
        gettext_noop(
            "“{value}” is not a parameter. Perhaps you meant: {known}. Facts that no rule reads go below “facts.”."
        ),
        place,
        named=path,
        value=path,
        known=shape.nearest(path, (known.path for known in KNOWN)),
    )


def _label(path: str, known: Known, held: Mapped, parent: Parameter | None, log: FaultLog) -> Names | None:
    if "label" in held.entries:
        return shape.names(held.entries["label"], f"{path}.label", log)
    if parent is not None:
        return parent.names
    if known.named:
        log.add(
            "rules.parameter.label",
            gettext_noop("{field} has no label. Give it one in English and, where you can, in Chinese."),
            held.place,
            named=path,
        )
    return None


def _unit(path: str, known: Known, held: Mapped, parent: Parameter | None, context: Context) -> Unit | None:
    node = held.entries.get("unit")
    if node is None:
        if parent is None:
            context.log.add(
                "rules.unit.missing",
                gettext_noop("{field} has no unit. Add “unit:” with one of units.yaml."),
                held.place,
                named=path,
            )
        return parent.unit if parent else None
    unit = find_unit(node, path, context.units, context.log)
    if unit is None or known.kind in (None, unit.kind):
        return unit if unit is None or _can_act_on(unit, known, node, context.log) else None
    context.log.add(
        "rules.unit.unfit",
        gettext_noop("{field} takes a unit of kind {kind}, and “{value}” is of kind {found}. Choose another."),
        node.place,
        named=path,
        value=unit.id,
        kind=known.kind,
        found=unit.kind,
    )
    return None


def _can_act_on(unit: Unit, known: Known, node: Node, log: FaultLog) -> bool:
    beyond = [option for option in unit.options if known.options and option not in known.options]
    if beyond:
        log.add(
            "rules.unit.options",
            gettext_noop("The unit {value} offers {beyond} for {field}; Lionrock can act on {known} only."),
            node.place,
            named=known.path,
            value=unit.id,
            beyond=", ".join(beyond),
            known=", ".join(known.options),
        )
    return not beyond


def _values(path: str, node: Node, unit: Unit, context: Context) -> tuple[DatedValue, ...]:
    entries = shape.listed(node, f"{path}.values", context.log)
    if not entries:
        context.log.add(
            "rules.value.none",
            gettext_noop("{field} has no value. Add “- from: …” with a value, or null, and a source."),
            node.place,
            named=path,
        )
    read = [_dated(path, entry, unit, context) for entry in entries]
    values = tuple(version for version in read if version is not None)
    check_order(path, [(version.since, version.place) for version in values], context.log)
    return values


def _dated(path: str, node: Node, unit: Unit, context: Context) -> DatedValue | None:
    log = context.log
    held = shape.mapped(node, path, log)
    if held is None:
        return None
    complete = shape.check_keys(held, path, log, required="from value", optional="source note")
    citation = cited(held, path, context.sources, log)
    if not complete:
        return None
    since = shape.day(held.entries["from"], f"{path}.from", log)
    note = shape.optional_text(held.entries.get("note"), f"{path}.note", log)
    entry = held.entries["value"]
    value = None if is_null(entry) else read_value(entry, unit, context.currency, path, log)
    if since is None or citation is None or (value is None and not is_null(entry)):
        return None
    return DatedValue(since, value, citation, note, entry.place)


def check_order(field: str, dated: list[tuple[date, Place]], log: FaultLog) -> None:
    """Report dates that are not each later than the one before."""
    for (earlier, _), (later, place) in pairwise(dated):
        if later <= earlier:
            log.add(
                "rules.value.order",
                gettext_noop("{field} has {value} after {earlier}. Put the versions in order, one per date."),
                place,
                named=field,
                value=later,
                earlier=earlier,
            )


def _merge(
    path: str, parent: tuple[DatedValue, ...], own: tuple[DatedValue, ...], log: FaultLog
) -> tuple[DatedValue, ...]:
    """Return both in order of date; what the parent has set cannot be rewritten, only followed."""
    fitting = [version for version in own if _may_follow(path, parent, version, log)]
    replaced = {version.since for version in fitting}
    kept = [version for version in parent if version.since not in replaced]
    return tuple(sorted([*kept, *fitting], key=lambda version: version.since))


def _may_follow(path: str, parent: tuple[DatedValue, ...], own: DatedValue, log: FaultLog) -> bool:
    before = [version for version in parent if version.since <= own.since]
    fills_null = not before or before[-1].value is None
    follows_all = own.since > parent[-1].since
    if fills_null or follows_all:
        return True
    log.add(
        "rules.value.rewritten",
        gettext_noop(
            "{field} is already set from {since} in the programme that this one extends. "
            "{value} would rewrite it: give a date after {last}."
        ),
        own.place,
        named=path,
        value=own.since,
        since=before[-1].since,
        last=parent[-1].since,
    )
    return False
