"""`rulebook/assurance`: the core, further profiles and the zones, with every fault of every file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from lionrock.assurance.domain.rules import (
    CORE,
    TIER,
    Book,
    Contradiction,
    Entry,
    Item,
    Oversight,
    Question,
    Tier,
    Trigger,
)
from lionrock.assurance.domain.zones import Zone
from lionrock.assurance.reading.choices import read_choices
from lionrock.assurance.reading.entries import contradiction, item, oversight, question, tier, trigger
from lionrock.assurance.reading.parts import Context
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.keeping import Kept
from lionrock.rules.rulebook import SOURCES
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited, load_sources
from lionrock.rules.yamltree import Mapped, Node, Scalar, read_tree, read_yaml

FOLDER: Final = "assurance"
ZONES: Final = "zones.yaml"
CHOICES: Final = "programmes.yaml"
_KINDS: Final = "questions tiers triggers oversight items contradictions"
Read = TypeVar("Read", bound=Entry)


@dataclass
class _Shelf:
    """What has been read so far, file by file."""

    profiles: dict[str, Names] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    tiers: list[Tier] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    oversight: list[Oversight] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    by_tier: set[str] = field(default_factory=set)

    def book(self) -> Book:
        return Book(
            self.profiles,
            tuple(self.questions),
            tuple(self.tiers),
            tuple(self.triggers),
            tuple(self.oversight),
            tuple(self.items),
            tuple(self.contradictions),
        )


def load_book(rulebook: Path) -> Book:
    """Return the rules of the gate, read again when a file of them changes; a rulebook without any has no gate.

    Raises `Invalid` with every fault of every file.
    """
    return _KEPT.of(rulebook / FOLDER)[0]


def load_zones(rulebook: Path) -> dict[str, Zone]:
    """Return the zones of data, the strictest first, as `load_book` does."""
    return _KEPT.of(rulebook / FOLDER)[1]


def _read_whole(folder: Path) -> tuple[Book, dict[str, Zone]]:
    if not folder.exists():
        return _Shelf().book(), {}
    book, zones, log = read_book(folder.parent)
    _refuse(log, folder.parent)
    return book, zones


_KEPT: Final = Kept(_read_whole)


def _refuse(log: FaultLog, rulebook: Path) -> None:
    if log.faults:
        said = message(
            gettext_noop("{count} faults in the assurance rules of {path}. Nothing of them is used until corrected."),
            count=len(log),
            path=rulebook,
        )
        raise Invalid("assurance.file.faults", said, faults=log.faults)


def read_book(rulebook: Path) -> tuple[Book, dict[str, Zone], FaultLog]:
    """Read what can be read, and every fault. The core comes first; a profile may ask about its questions."""
    log, folder, shelf = FaultLog(), rulebook / FOLDER, _Shelf()
    sources = load_sources(rulebook / SOURCES, log)
    further = sorted(path for path in folder.glob("*.yaml") if path.name not in (ZONES, CHOICES, f"{CORE}.yaml"))
    for path in (folder / f"{CORE}.yaml", *further):
        tree = read_yaml(path, log)
        if tree is not None:
            _profile(tree, path, shelf, sources, log)
    book = replace(shelf.book(), choices=read_choices(folder / CHOICES, shelf.profiles, sources, log))
    _check_days(book, folder, log)
    return book, _zones(folder / ZONES, sources, log), log


def _profile(tree: Mapped, path: Path, shelf: _Shelf, sources: Sources, log: FaultLog) -> None:
    if not shape.check_keys(tree, path.name, log, required="profile names from", optional=_KINDS):
        return
    profile = shape.text(tree.entries["profile"], "profile", log)
    since = shape.day(tree.entries["from"], "from", log)
    if profile is None or since is None:
        return
    context = Context(profile, since, sources, shelf.known, log, shelf.by_tier)
    shelf.profiles[profile] = context.names(tree, "names", profile)
    _look_ahead(tree, shelf, log)
    shelf.questions += _entries(tree, "questions", context, question)
    shelf.tiers += _entries(tree, "tiers", context, tier)
    shelf.triggers += _entries(tree, "triggers", context, trigger)
    shelf.oversight += _entries(tree, "oversight", context, oversight)
    shelf.items += _entries(tree, "items", context, item)
    shelf.contradictions += _entries(tree, "contradictions", context, contradiction)


def _look_ahead(tree: Mapped, shelf: _Shelf, log: FaultLog) -> None:
    """Note the tiers, which the questions may already name; what is wrong with them is told when they are read."""
    node = tree.entries.get("tiers")
    held = [entry for entry in shape.listed(node, "tiers", log) if isinstance(entry, Mapped)] if node else []
    ids = (entry.entries.get("id") for entry in held)
    named = {each.text for each in ids if isinstance(each, Scalar)}
    shelf.known[TIER] = shelf.known.get(TIER, frozenset()) | named


def _entries(
    tree: Mapped, kind: str, context: Context, read: Callable[[Mapped, Context], Read | None]
) -> Iterable[Read]:
    node = tree.entries.get(kind)
    for entry in () if node is None else shape.listed(node, kind, context.log):
        held = shape.mapped(entry, kind, context.log)
        found = None if held is None else read(held, context)
        if found is not None:
            yield found


def _check_days(book: Book, folder: Path, log: FaultLog) -> None:
    """Report two entries of one id that stand on the same day: one of them has to end before the other begins."""
    for entries in (book.questions, book.tiers, book.triggers, book.oversight, book.items, book.contradictions):
        by_id: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_id[entry.id].append(entry)
        for name, same in by_id.items():
            for first, second in pairwise(sorted(same, key=lambda each: each.since)):
                if first.until is None or second.since < first.until:
                    log.add(
                        "assurance.file.twice",
                        gettext_noop("Two entries “{value}” stand on {on}. End the earlier one on that day."),
                        Place(str(folder / f"{second.profile}.yaml"), 1),
                        named="until",
                        value=name,
                        on=second.since.isoformat(),
                    )


def _zones(path: Path, sources: Sources, log: FaultLog) -> dict[str, Zone]:
    tree = read_tree(path, log)
    nodes = () if tree is None else shape.listed(tree, path.name, log)
    found = (_zone(node, rank, sources, log) for rank, node in enumerate(nodes))
    return {zone.id: zone for zone in found if zone}


def _zone(node: Node, rank: int, sources: Sources, log: FaultLog) -> Zone | None:
    held = shape.mapped(node, "zone", log)
    needed = "id names sites partners change source"
    if held is None or not shape.check_keys(held, "zone", log, required=needed, optional="duty"):
        return None
    name, citation = shape.text(held.entries["id"], "zone.id", log), cited(held, "zone", sources, log)
    names, change = (shape.names(held.entries[key], f"zone.{key}", log) for key in ("names", "change"))
    partners = shape.flag(held.entries["partners"], "zone.partners", log)
    sites = [shape.text(entry, "zone.sites", log) for entry in shape.listed(held.entries["sites"], "zone.sites", log)]
    duty = shape.names(held.entries["duty"], "zone.duty", log) if "duty" in held.entries else None
    if name is None or citation is None or names is None or change is None or partners is None:
        return None
    return Zone(name, rank, names, frozenset(site for site in sites if site), partners, duty, change, citation)
