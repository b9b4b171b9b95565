"""`versions.yaml`: versions of the rules, each with what it takes over from another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

from lionrock.controls.domain.figures import Kind
from lionrock.controls.domain.rules import Authorisation, Outcome, Outside, Paragraph, Review, Version
from lionrock.controls.reading.entries import Context, named, one_of, optional_day, optional_flag, tests, wheres, words
from lionrock.kernel.findings import Citation
from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.yamltree import Mapped, Node, is_null

Part = TypeVar("Part", bound=Paragraph | Outside | Outcome)
_OPTIONAL = "published not_enforced_from same_as drop paragraphs outside outcomes note"


def read_versions(top: Node | None, context: Context) -> tuple[Version, ...]:
    """Return the versions in the order of their days; what is wrong with them goes into the log."""
    found: dict[str, Version] = {}
    for node in () if top is None else shape.listed(top, "versions.yaml", context.log):
        version = _version(node, found, context)
        if version is not None:
            found[version.id] = version
    return tuple(sorted(found.values(), key=lambda version: version.since))


def _version(node: Node, before: dict[str, Version], context: Context) -> Version | None:
    log = context.log
    held = shape.mapped(node, "version", log)
    if held is None or not shape.check_keys(
        held, "version", log, required="id names did from source", optional=_OPTIONAL
    ):
        return None
    name = shape.text(held.entries["id"], "version.id", log)
    since, citation = shape.day(held.entries["from"], "version.from", log), context.cited(held, "version")
    if name is None or since is None or citation is None:
        return None
    if name in before:
        log.add(
            "controls.file.twice",
            gettext_noop("“{value}” is there twice. Give each its own id."),
            held.place,
            named="id",
            value=name,
        )
    base = _base(held, before, context)
    dropped = frozenset(words(held.entries.get("drop"), "drop", log))
    reader = _Parts(since, citation, context)
    return Version(
        id=name,
        names=named(held, name, log),
        did=named(held, name, log, "did"),
        since=since,
        published=optional_day(held, "published", name, log) or since,
        not_enforced=optional_day(held, "not_enforced_from", name, log),
        paragraphs=_merged(base.paragraphs if base else (), reader.read(held, "paragraphs", reader.paragraph), dropped),
        outside=_merged(base.outside if base else (), reader.read(held, "outside", reader.outside), dropped),
        outcomes=_merged(
            base.outcomes if base else (), reader.read(held, "outcomes", reader.outcome), dropped, first=True
        ),
        citation=citation,
    )


def _base(held: Mapped, before: dict[str, Version], context: Context) -> Version | None:
    node = held.entries.get("same_as")
    wanted = None if node is None else shape.text(node, "same_as", context.log)
    if node is None or wanted is None or wanted in before:
        return before.get(wanted or "")
    context.log.add(
        "controls.file.same_as",
        gettext_noop("“{value}” in {field} is no version above this one. Those that are: {known}."),
        node.place,
        named="same_as",
        value=wanted,
        known=", ".join(before),
    )
    return None


def _merged(
    base: tuple[Part, ...], own: list[Part], dropped: frozenset[str], *, first: bool = False
) -> tuple[Part, ...]:
    """Return what is taken over with its own in place of the same id; new ones first or last."""
    mine = {part.id: part for part in own}
    kept = [mine.get(part.id, part) for part in base if part.id not in dropped]
    there = {part.id for part in base}
    added = [part for part in own if part.id not in there]
    return (*added, *kept) if first else (*kept, *added)


class _Parts:
    """Reads the parts of one version."""

    def __init__(self, since: date, citation: Citation, context: Context) -> None:
        self.since, self.citation, self.context, self.log = since, citation, context, context.log

    def read(self, held: Mapped, key: str, read: Callable[[Mapped, str], Part | None]) -> list[Part]:
        """Return the parts of one list of the version."""
        return [part for part in self._each(held, key, read) if part is not None]

    def _each(self, held: Mapped, key: str, read: Callable[[Mapped, str], Part | None]) -> Iterator[Part | None]:
        node = held.entries.get(key)
        for entry in () if node is None else shape.listed(node, key, self.log):
            part = shape.mapped(entry, key, self.log)
            name = (
                None
                if part is None or "id" not in part.entries
                else shape.text(part.entries["id"], f"{key}.id", self.log)
            )
            if part is not None:
                yield read(part, f"{key}.{name or '?'}")

    def paragraph(self, held: Mapped, path: str) -> Paragraph | None:
        """Return a paragraph with its tests."""
        if not shape.check_keys(held, path, self.log, required="id of all", optional="joined source note"):
            return None
        cited = self.context.cited(held, path, self.citation)
        kind = one_of(held.entries["of"], Kind, f"{path}.of", self.log)
        joined = shape.optional_text(held.entries.get("joined"), f"{path}.joined", self.log)
        lines = tests(held.entries["all"], path, self.since, cited, self.context)
        return None if kind is None or cited is None else Paragraph(_id(path), kind, joined, lines, self.since, cited)

    def outside(self, held: Mapped, path: str) -> Outside | None:
        """Return a note that leaves items outside."""
        if not shape.check_keys(held, path, self.log, required="id of cites all", optional="datacentre source note"):
            return None
        cited = self.context.cited(held, path, self.citation)
        kind = one_of(held.entries["of"], Kind, f"{path}.of", self.log)
        cites = shape.text(held.entries["cites"], f"{path}.cites", self.log)
        lines = tests(held.entries["all"], path, self.since, cited, self.context)
        marketed = optional_flag(held, "datacentre", path, self.log)
        if cited is None or cites is None or kind is None:
            return None
        return Outside(_id(path), kind, cites, marketed, lines, self.since, cited)

    def outcome(self, held: Mapped, path: str) -> Outcome | None:
        """Return what is required on some journeys."""
        needed, more = "id paragraphs any authorisation review cites source", "datacentre all certify note"
        if not shape.check_keys(held, path, self.log, required=needed, optional=more):
            return None
        entries = held.entries
        cited = self.context.cited(held, path)
        authorisation = one_of(entries["authorisation"], Authorisation, f"{path}.authorisation", self.log)
        review = None if is_null(entries["review"]) else one_of(entries["review"], Review, f"{path}.review", self.log)
        cites = shape.text(entries["cites"], f"{path}.cites", self.log)
        if cited is None or authorisation is None or cites is None:
            return None
        certify = (shape.names(each, f"{path}.certify", self.log) for each in self._listed(held, "certify"))
        return Outcome(
            id=_id(path),
            paragraphs=words(entries["paragraphs"], f"{path}.paragraphs", self.log),
            datacentre=optional_flag(held, "datacentre", path, self.log),
            wheres=wheres(entries["any"], f"{path}.any", self.context),
            tests=tests(entries.get("all"), path, self.since, cited, self.context),
            authorisation=authorisation,
            review=review,
            cites=cites,
            certify=tuple(names for names in certify if names),
            since=self.since,
            citation=cited,
        )

    def _listed(self, held: Mapped, key: str) -> tuple[Node, ...]:
        node = held.entries.get(key)
        return () if node is None else shape.listed(node, key, self.log)


def _id(path: str) -> str:
    return path.split(".", 1)[1]
