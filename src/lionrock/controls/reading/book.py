"""The whole of the controls of a rulebook, read once and again when a file of it has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lionrock.controls.domain.rules import Book
from lionrock.controls.reading.catalogue import CATALOGUE, read_catalogue
from lionrock.controls.reading.entries import Context
from lionrock.controls.reading.notices import read_notices, read_uses
from lionrock.controls.reading.places import read_atlas
from lionrock.controls.reading.versions import read_versions
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.rulebook import SOURCES
from lionrock.rules.sources import load_sources
from lionrock.rules.yamltree import read_tree, read_yaml

FOLDER: Final = "controls"
_FILES: Final = ("versions.yaml", "notices.yaml", "uses.yaml", "countries.yaml")
Fingerprint = tuple[tuple[str, int, int], ...]
_KEPT: dict[Path, tuple[Fingerprint, Book]] = {}


def load_book(rulebook: Path) -> Book:
    """Return the controls of a rulebook; raises `Invalid` with every fault of every file."""
    seen = _fingerprint(rulebook)
    kept = _KEPT.get(rulebook)
    if kept and kept[0] == seen:
        return kept[1]
    book, log = read_book(rulebook)
    if log.faults:
        said = message(
            gettext_noop("{count} faults in the controls of {path}. Nothing of them is used until they are corrected."),
            count=len(log),
            path=rulebook,
        )
        raise Invalid("controls.file.faults", said, faults=log.faults)
    _KEPT[rulebook] = (seen, book)
    return book


def read_book(rulebook: Path) -> tuple[Book, FaultLog]:
    """Read what can be read, and every fault."""
    log, folder = FaultLog(), rulebook / FOLDER
    sources = load_sources(rulebook / SOURCES, log)
    atlas = read_atlas(read_yaml(folder / "countries.yaml", log), sources, log)
    context = Context(sources, frozenset(atlas.names) | frozenset(atlas.groups), log)
    versions = read_versions(read_tree(folder / "versions.yaml", log), context)
    notices = read_notices(read_tree(folder / "notices.yaml", log), context)
    uses, watched, until = read_uses(read_yaml(folder / "uses.yaml", log), context)
    items = read_catalogue(rulebook / CATALOGUE, log)
    book = Book(versions, notices, uses, watched, until, atlas, items)
    _check_chips(book, folder, log)
    return book, log


def _check_chips(book: Book, folder: Path, log: FaultLog) -> None:
    for notice in book.notices:
        for chip in sorted({chip for applies in notice.applies for chip in applies.chips} - set(book.items)):
            log.add(
                "controls.file.chip",
                gettext_noop("“{value}”, which {field} names, is not in the catalogue."),
                Place(str(folder / "notices.yaml"), 1),
                named=notice.id,
                value=chip,
            )


def _fingerprint(rulebook: Path) -> Fingerprint:
    paths = [rulebook / SOURCES, rulebook / CATALOGUE, *(rulebook / FOLDER / name for name in _FILES)]
    return tuple(
        (str(path), found.st_mtime_ns, found.st_size) for path in paths if path.is_file() for found in [path.stat()]
    )
