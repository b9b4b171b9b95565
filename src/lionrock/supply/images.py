"""`rulebook/supply/images.yaml`: images an hour, where somebody has stated them; all else is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lionrock.kernel.errors import Invalid
from lionrock.kernel.findings import Citation
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.rulebook import SOURCES
from lionrock.rules.sources import Sources, cited, load_sources
from lionrock.rules.yamltree import Mapped, Node, read_yaml

IMAGES: Final = Path("supply") / "images.yaml"
_KEPT: dict[Path, tuple[tuple[int, ...], Images]] = {}


@dataclass(frozen=True, slots=True)
class Stated:
    """So many images an hour, and who says so."""

    per_hour: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Images:
    """What is stated: of centres by their petaflops, of accelerators by their id."""

    centres: Mapping[int, Stated]
    chips: Mapping[str, Stated]


def images_stated(rulebook: Path) -> Images:
    """Return what a rulebook states, read again when a file has changed; raises `Invalid` with every fault."""
    files = [rulebook / SOURCES, rulebook / IMAGES]
    stamp = tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)
    kept = _KEPT.get(rulebook)
    if kept is None or kept[0] != stamp:
        kept = _KEPT[rulebook] = (stamp, _read(rulebook))
    return kept[1]


def _read(rulebook: Path) -> Images:
    if not (rulebook / IMAGES).is_file():
        return Images({}, {})
    log = FaultLog()
    sources = load_sources(rulebook / SOURCES, log)
    tree = read_yaml(rulebook / IMAGES, log)
    found = Images({}, {})
    if tree is not None and shape.check_keys(tree, str(IMAGES), log, required="centres chips"):
        centres = {shape.whole(node, "petaflops", log): said for node, said in _each(tree, "centres", sources, log)}
        chips = {shape.text(node, "chip", log): said for node, said in _each(tree, "chips", sources, log)}
        found = Images(
            {petaflops: said for petaflops, said in centres.items() if petaflops is not None},
            {chip: said for chip, said in chips.items() if chip is not None},
        )
    if log.faults:
        said = message(gettext_noop("{count} faults in {file}."), count=len(log), file=IMAGES)
        raise Invalid("supply.images.faults", said, faults=log.faults)
    return found


def _each(tree: Mapped, part: str, sources: Sources, log: FaultLog) -> Iterator[tuple[Node, Stated]]:
    """Yield what each entry of a part is about, and what is stated of it."""
    about = "petaflops" if part == "centres" else "chip"
    for node in shape.listed(tree.entries[part], part, log):
        held = shape.mapped(node, part, log)
        if held is None or not shape.check_keys(held, part, log, required=f"{about} images_per_hour source"):
            continue
        per_hour = shape.whole(held.entries["images_per_hour"], "images_per_hour", log)
        citation = cited(held, part, sources, log)
        if per_hour is not None and citation is not None:
            yield held.entries[about], Stated(per_hour, citation)
