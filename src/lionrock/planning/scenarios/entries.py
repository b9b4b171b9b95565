"""What the parts of a scenario file share: entries with their place, numbers, sources, accelerators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.reading.described import catalogued
from lionrock.controls.reading.entries import number, one_of
from lionrock.kernel.findings import Citation
from lionrock.kernel.messages import gettext_noop
from lionrock.planning.scenarios.values import Stated
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited
from lionrock.rules.yamltree import Mapped, Node, is_null

Chosen = TypeVar("Chosen")


@dataclass(frozen=True, slots=True)
class Context:
    """What a file is read against; `read` takes further files that its result depends on."""

    sources: Sources
    items: Mapping[str, Item]
    log: FaultLog
    path: Path
    rulebook: Path
    read: list[Path]


class Entries:
    """The entries of one mapping; what is wrong goes into the log, and something harmless stands in for it."""

    def __init__(self, held: Mapped, field: str, context: Context) -> None:
        self.held = held
        self.field = field
        self.context = context
        self.log = context.log

    def keys(self, required: str, optional: str = "") -> bool:
        """Report unknown and missing keys; tell whether none is missing."""
        return shape.check_keys(
            self.held, self.field or self.context.path.name, self.log, required=required, optional=optional
        )

    def __contains__(self, key: str) -> bool:
        node = self.held.entries.get(key)
        return node is not None and not is_null(node)

    def node(self, key: str) -> Node:
        """Return an entry that is there."""
        return self.held.entries[key]

    def named(self, key: str) -> str:
        """Return how an entry is called in sentences."""
        return f"{self.field}.{key}" if self.field else key

    def part(self, key: str, required: str, optional: str = "") -> Entries | None:
        """Return a mapping below this one; None if it is absent, or lacks what it needs."""
        if key not in self:
            return None
        held = shape.mapped(self.node(key), self.named(key), self.log)
        below = None if held is None else Entries(held, self.named(key), self.context)
        return below if below and below.keys(required, optional) else None

    def parts(self, key: str, required: str, optional: str = "") -> Iterator[Entries]:
        """Yield the mappings of a list."""
        nodes = shape.listed(self.node(key), self.named(key), self.log) if key in self else ()
        for node in nodes:
            held = shape.mapped(node, self.named(key), self.log)
            below = None if held is None else Entries(held, self.named(key), self.context)
            if below and below.keys(required, optional):
                yield below

    def under(self, key: str, required: str, optional: str = "") -> Iterator[tuple[str, Entries]]:
        """Yield the mappings of a mapping, by their keys."""
        held = shape.mapped(self.node(key), self.named(key), self.log) if key in self else None
        for name in () if held is None else held.entries:
            below = Entries(held, self.named(key), self.context).part(name, required, optional) if held else None
            if below:
                yield name, below

    def text(self, key: str) -> str:
        """Return a text."""
        return shape.text(self.node(key), self.named(key), self.log) or "–"

    def whole(self, key: str, usual: int = 0, least: int = 0) -> int:
        """Return a whole number of at least so many."""
        if key not in self:
            return usual
        found = shape.whole(self.node(key), self.named(key), self.log)
        if found is not None and found < least:
            self.wrong(key, gettext_noop("{field} is {value}, and has to be {least} or more."), found, least=least)
        return usual if found is None else found

    def number(self, key: str, usual: Fraction = Fraction(0), most: int | None = None) -> Fraction:
        """Return a quoted decimal of zero or more."""
        if key not in self:
            return usual
        found = number(self.node(key), self.named(key), self.log)
        if found is not None and (found < 0 or (most is not None and found > most)):
            said = gettext_noop("{field} is {value}, which is below zero or more than it can be.")
            self.wrong(key, said, found)
        return usual if found is None else found

    def above_zero(self, key: str) -> Fraction:
        """Return a quoted decimal of more than zero."""
        found = self.number(key, Fraction(1))
        if not found:
            self.wrong(key, gettext_noop("{field} is {value}, and has to be more than that."), found)
        return found or Fraction(1)

    def flag(self, key: str) -> bool:
        """Return a yes or no; no when it is absent."""
        return bool(key in self and shape.flag(self.node(key), self.named(key), self.log))

    def names(self, key: str) -> Names:
        """Return names or sentences by language."""
        return shape.names(self.node(key), self.named(key), self.log) or Names("–")

    def citation(self) -> Citation | None:
        """Return the source of these entries; that there is none is a fault."""
        return cited(self.held, self.field, self.context.sources, self.log)

    def stated(self, key: str = "value", most: int | None = None) -> Stated:
        """Return a number with the source that stands beside it."""
        return Stated(self.number(key, most=most), self.citation())

    def item(self, key: str) -> Item | None:
        """Return an accelerator of the catalogue."""
        return self.item_named(self.text(key), key)

    def item_named(self, name: str, key: str) -> Item | None:
        """Return an accelerator by its id."""
        found = self.log.attempt(self.node(key).place, lambda: catalogued(self.context.items, [name]))
        return found[0] if found else None

    def wrong(self, key: str, template: str, value: object, **more: object) -> None:
        """Note that an entry is well-formed and still cannot be."""
        self.log.add(
            "planning.scenario.value", template, self.node(key).place, named=self.named(key), value=value, **more
        )

    one_of = staticmethod(one_of)
