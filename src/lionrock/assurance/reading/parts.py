"""What all files of the gate share: conditions, options, entries with their days and sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from lionrock.assurance.domain.rules import ALWAYS, Cited, Option, Test, When
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited
from lionrock.rules.yamltree import Listing, Mapped, Node


class Common(TypedDict):
    """The fields that every entry has."""

    id: str
    profile: str
    since: date
    until: date | None
    citations: tuple[Cited, ...]


@dataclass
class Context:
    """What the entries of one file are read against; `known` gives options by question and tiers under "tier"."""

    profile: str
    since: date
    sources: Sources
    known: dict[str, frozenset[str]]
    log: FaultLog
    by_tier: set[str]
    """The questions that are asked by tier, directly or through another."""

    def common(self, held: Mapped, kind: str) -> Common | None:
        """Return what every entry has; None when its id is missing."""
        name = shape.text(held.entries["id"], f"{kind}.id", self.log)
        since, until = self._day(held, "from"), self._day(held, "until")
        if name is None:
            return None
        return Common(
            id=name,
            profile=self.profile,
            since=since or self.since,
            until=until,
            citations=self._citations(held.entries["answers_to"], name),
        )

    def _day(self, held: Mapped, key: str) -> date | None:
        node = held.entries.get(key)
        return None if node is None else shape.day(node, key, self.log)

    def _citations(self, node: Node, name: str) -> tuple[Cited, ...]:
        nodes = shape.listed(node, f"{name}.answers_to", self.log)
        found = tuple(each for each in (self._cited(entry, name) for entry in nodes) if each)
        if isinstance(node, Listing) and not nodes:
            self.log.add(
                "assurance.file.source",
                gettext_noop("{field} names no source. Name what it answers to, or the decision that it is."),
                node.place,
                named=f"{name}.answers_to",
            )
        return found

    def _cited(self, node: Node, name: str) -> Cited | None:
        held = shape.mapped(node, f"{name}.answers_to", self.log)
        if held is None or not shape.check_keys(held, name, self.log, required="source", optional="at"):
            return None
        citation = cited(held, name, self.sources, self.log)
        return Cited(citation, shape.optional_text(held.entries.get("at"), name, self.log)) if citation else None

    def names(self, held: Mapped, key: str, name: str) -> Names:
        """Return names in all three languages; one that is missing is a fault."""
        found = shape.names(held.entries[key], f"{name}.{key}", self.log)
        if found is not None and len(found.languages) < len(shape.LANGUAGES):
            self.log.add(
                "assurance.file.language",
                gettext_noop("{field} is given in {value} alone. Give it in every language."),
                held.entries[key].place,
                named=f"{name}.{key}",
                value=", ".join(found.languages),
            )
        return found or Names("–")

    def options(self, node: Node, name: str) -> tuple[Option, ...]:
        """Return the answers that may be chosen."""
        found = []
        for entry in shape.listed(node, name, self.log):
            held = shape.mapped(entry, name, self.log)
            if held is not None and shape.check_keys(held, name, self.log, required="id names"):
                option = shape.text(held.entries["id"], name, self.log)
                found.append(Option(option or "–", self.names(held, "names", name)))
        return tuple(found)

    def when(self, held: Mapped, key: str, name: str, *, absent: When = ALWAYS) -> When:
        """Return a condition; `absent` when the key is not there."""
        node = held.entries.get(key)
        if node is None:
            return absent
        groups = shape.listed(node, f"{name}.{key}", self.log)
        return tuple(self._group(group, f"{name}.{key}") for group in groups)

    def _group(self, node: Node, field: str) -> tuple[Test, ...]:
        held = shape.mapped(node, field, self.log)
        entries = () if held is None else shape.pairs(held)
        return tuple(test for key, value, place in entries for test in self._tests(key, value, field, place))

    def _tests(self, question: str, node: Node, field: str, place: Place) -> tuple[Test, ...]:
        if question not in self.known:
            self.unknown(question, field, place, self.known)
            return ()
        if isinstance(node, Listing):
            return (Test(question, self._chosen(node, question, field)),)
        held = shape.mapped(node, field, self.log)
        if held is None:
            return ()
        shape.check_keys(held, field, self.log, optional="any lacks")
        return tuple(
            Test(question, self._chosen(options, question, field), lacks=key == "lacks")
            for key, options in held.entries.items()
        )

    def _chosen(self, node: Node, question: str, field: str) -> frozenset[str]:
        found = [(shape.text(entry, field, self.log), entry.place) for entry in shape.listed(node, field, self.log)]
        for option, place in found:
            if option is not None and option not in self.known[question]:
                self.unknown(option, field, place, self.known[question])
        return frozenset(option for option, _ in found if option)

    def unknown(self, word: str, field: str, place: Place, known: Iterable[str]) -> None:
        """Report a word that is not known where it stands."""
        self.log.add(
            "assurance.file.word",
            gettext_noop("“{value}” in {field} is not known at this place. Perhaps you meant: {known}."),
            place,
            named=field,
            value=word,
            known=shape.nearest(word, known),
        )
