"""What all files of the controls share: exact numbers, sets of words, conditions on places, tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeVar

from lionrock.controls.domain.figures import Quantity
from lionrock.controls.domain.lines import Side, Test
from lionrock.controls.domain.places import ANYWHERE, Where
from lionrock.kernel.findings import Citation, ParameterRead
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.money import parse_decimal
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited
from lionrock.rules.yamltree import Mapped, Node, Scalar, is_null

PLACES: Final = 4
"""Decimals that a figure or a line may have."""
Chosen = TypeVar("Chosen", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Context:
    """What entries are read against: the sources, and every country and group that a condition may name."""

    sources: Sources
    known_places: frozenset[str]
    log: FaultLog

    def cited(self, held: Mapped, field: str, inherited: Citation | None = None) -> Citation | None:
        """Return the source that an entry names, or the one of what it stands in."""
        if inherited is not None and "source" not in held.entries:
            return inherited
        return cited(held, field, self.sources, self.log)


def one_of(node: Node, words: type[Chosen], field: str, log: FaultLog) -> Chosen | None:
    """Return one of a closed list of words."""
    written = node.text if isinstance(node, Scalar) else ""
    if written in {word.value for word in words}:
        return words(written)
    log.add(
        "controls.file.word",
        gettext_noop("“{value}” in {field} is not known. Write one of: {known}."),
        node.place,
        named=field,
        value=written,
        known=", ".join(word.value for word in words),
    )
    return None


def words(node: Node | None, field: str, log: FaultLog) -> tuple[str, ...]:
    """Return a list of texts; empty when it is absent."""
    entries = () if node is None else shape.listed(node, field, log)
    found = (shape.text(entry, field, log) for entry in entries)
    return tuple(text for text in found if text is not None)


def places(node: Node | None, field: str, context: Context) -> frozenset[str]:
    """Return countries and groups; a name that is neither is a fault."""
    found = words(node, field, context.log)
    for name in found:
        if name not in context.known_places and name != ANYWHERE and node is not None:
            context.log.add(
                "controls.file.place",
                gettext_noop("“{value}” in {field} is neither a country nor a group in countries.yaml."),
                node.place,
                named=field,
                value=name,
            )
    return frozenset(found)


def wheres(node: Node, field: str, context: Context) -> tuple[Where, ...]:
    """Return the conditions on places of an entry."""
    return tuple(_where(each, field, context) for each in shape.listed(node, field, context.log))


def _where(node: Node, field: str, context: Context) -> Where:
    held = shape.mapped(node, field, context.log)
    if held is None:
        return Where()
    shape.check_keys(held, field, context.log, optional="to of from except within")
    entries = held.entries
    within = entries.get("within")
    return Where(
        to=places(entries.get("to"), f"{field}.to", context),
        of=places(entries.get("of"), f"{field}.of", context),
        exporting_from=places(entries.get("from"), f"{field}.from", context),
        besides=places(entries.get("except"), f"{field}.except", context),
        within=bool(within and shape.flag(within, f"{field}.within", context.log)),
    )


def tests(node: Node | None, path: str, since: date, citation: Citation | None, context: Context) -> tuple[Test, ...]:
    """Return the tests of an entry; each carries where it stands, since when, and its source."""
    entries = () if node is None else shape.listed(node, path, context.log)
    return tuple(test for entry in entries for test in _test(entry, path, since, citation, context))


def _test(node: Node, path: str, since: date, citation: Citation | None, context: Context) -> Iterator[Test]:
    log = context.log
    held = shape.mapped(node, path, log)
    sides = " ".join(Side)
    if held is None or not shape.check_keys(held, path, log, required="quantity", optional=f"{sides} source"):
        return
    quantity = one_of(held.entries["quantity"], Quantity, f"{path}.quantity", log)
    own = context.cited(held, path, citation)
    for side in Side:
        line = held.entries.get(side.value)
        value = None if line is None else number(line, f"{path}.{side.value}", log)
        if value is not None and quantity is not None and isinstance(line, Scalar):
            read = ParameterRead(f"{path}.{quantity.value}.{side.value}", line.text, since, own)
            yield Test(quantity, side, value, read)


def number(node: Node, field: str, log: FaultLog) -> Fraction | None:
    """Return a quoted decimal as an exact number."""
    written = shape.quoted(node, field, log)
    if written is None:
        return None
    found = log.attempt(node.place, lambda: parse_decimal(written, places=PLACES, field=field))
    return None if found is None else Fraction(found)


def optional_flag(held: Mapped, key: str, path: str, log: FaultLog) -> bool | None:
    """Return a yes or no; None when it is absent."""
    node = held.entries.get(key)
    return None if node is None else shape.flag(node, f"{path}.{key}", log)


def optional_day(held: Mapped, key: str, path: str, log: FaultLog) -> date | None:
    """Return a day; None when it is absent or null."""
    node = held.entries.get(key)
    return None if node is None or is_null(node) else shape.day(node, f"{path}.{key}", log)


def named(held: Mapped, path: str, log: FaultLog, key: str = "names") -> Names:
    """Return the names of an entry; an empty one stands for a fault."""
    found = shape.names(held.entries[key], f"{path}.{key}", log) if key in held.entries else None
    return found or Names("–")
