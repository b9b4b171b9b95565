"""Scenario files: small YAML, one an option; every fault of a file at once. `docs/reference/scenarios.md` has it all.

A file may build on another (`extends`): it then has all of its entries but those that it has itself.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.reading.catalogue import CATALOGUE, read_catalogue
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.planning.scenarios.entries import Context, Entries
from lionrock.planning.scenarios.parts import read_parts
from lionrock.planning.scenarios.values import Scenario
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.rulebook import SOURCES
from lionrock.rules.sources import load_sources
from lionrock.rules.yamltree import Mapped, Scalar, read_yaml

RULES: Final = "1"
"""Raised when the same file with the same seed would come to something else, so that no kept result is mixed in."""
_MOST_BASES: Final = 5


def read_scenario(path: Path, rulebook: Path) -> Scenario:
    """Read a scenario file; raises `Invalid` with every fault. Sources and accelerators are those of the rulebook."""
    log = FaultLog()
    read: list[Path] = []
    tree = _with_bases(path, log, read)
    found = None
    if tree is not None:
        sources = load_sources(rulebook / SOURCES, log)
        items = read_catalogue(rulebook / CATALOGUE, log)
        context = Context(sources, items, log, path, rulebook, read)
        found = read_parts(Entries(tree, "", context), path.stem)
    if found is None or log.faults:
        said = message(gettext_noop("{count} faults in the scenario {file}."), count=len(log), file=path.name)
        raise Invalid("planning.scenario.faults", said, faults=log.faults)
    return replace(found, digest=_digest(found, read))


def _with_bases(path: Path, log: FaultLog, read: list[Path]) -> Mapped | None:
    """Return the entries of a file and of those that it builds on."""
    read.append(path)
    tree = read_yaml(path, log)
    base = None if tree is None else tree.entries.get("extends")
    if tree is None or base is None:
        return tree
    beside = path.parent / base.text if isinstance(base, Scalar) else path
    if beside in read or len(read) > _MOST_BASES:
        log.add(
            "planning.scenario.circle",
            gettext_noop("“{value}” builds on itself, or on too many others. Name a file that does not."),
            base.place,
            named="extends",
            value=beside.name,
        )
        return None
    below = _with_bases(beside, log, read)
    if below is None:
        return None
    entries = {**below.entries, **{name: node for name, node in tree.entries.items() if name != "extends"}}
    return Mapped(tree.place, entries, {**below.key_places, **tree.key_places})


def _digest(scenario: Scenario, read: list[Path]) -> str:
    """Return what tells results of this scenario from those of any other: the bytes of its files, its figures."""
    kept = sha256(RULES.encode())
    for path in read:
        kept.update(b"\0" + path.read_bytes())
    for item in _items(scenario):
        figures = sorted((figure.value, str(value)) for figure, value in item.figures.known.items())
        kept.update(repr((item.id, figures)).encode())
    return kept.hexdigest()


def _items(scenario: Scenario) -> list[Item]:
    return [scenario.reference, *(delivery.item for delivery in scenario.fleet)]
