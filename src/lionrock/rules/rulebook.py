"""A rulebook: a folder of units, sources and programmes, read whole and refused whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from lionrock.kernel.errors import Fault, Invalid, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.drafts import IDENTITY, Shelf, stray_files
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.gates import check_programme
from lionrock.rules.keeping import Kept
from lionrock.rules.programme import Programme
from lionrock.rules.sources import Sources, load_sources
from lionrock.rules.units import Units, load_units

UNITS = "units.yaml"
SOURCES = "sources.yaml"
PROGRAMMES = "programmes"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The programmes of a folder, with the units and sources that they share."""

    folder: Path
    programmes: Mapping[str, Programme]
    sources: Sources
    units: Units

    def programme(self, programme: str) -> Programme:
        """Return a programme; raises `NotFound` naming those that exist."""
        if programme in self.programmes:
            return self.programmes[programme]
        raise NotFound(
            "rules.programme.unknown",
            message(
                gettext_noop("There is no programme “{value}” in {folder}. Those that exist: {known}."),
                value=programme,
                folder=self.folder,
                known=", ".join(self.programmes) or "–",
            ),
        )


_LOOKED: ContextVar[dict[Path, Rulebook] | None] = ContextVar("rulebooks", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Look only once whether a rulebook has changed: what is done within is done by one edition of it."""
    token = _LOOKED.set({})
    try:
        yield
    finally:
        _LOOKED.reset(token)


def load_rulebook(folder: Path) -> Rulebook:
    """Return the rulebook in a folder, read again whenever a file of it has changed; see `one_look`.

    Raises `Invalid` with every fault of every file.
    """
    looked = _LOOKED.get()
    if looked is None:
        return _KEPT.of(folder)
    if folder not in looked:
        looked[folder] = _KEPT.of(folder)
    return looked[folder]


def _read_whole(folder: Path) -> Rulebook:
    rulebook, log = read_rulebook(folder)
    if log:
        raise refusal(folder, tuple(log))
    return rulebook


_KEPT = Kept(_read_whole)


def read_rulebook(folder: Path) -> tuple[Rulebook, FaultLog]:
    """Read what can be read, and every fault."""
    log = FaultLog()
    units, sources = load_units(folder / UNITS, log), load_sources(folder / SOURCES, log)
    programmes = _programmes(folder / PROGRAMMES, units, sources, log)
    return Rulebook(folder, programmes, sources, units), log


def _programmes(folder: Path, units: Units, sources: Sources, log: FaultLog) -> dict[str, Programme]:
    names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not names:
        log.add(
            "rules.rulebook.empty",
            gettext_noop("There is no programme in {value}. Make a folder with a programme.yaml there."),
            Place(str(folder), 1),
            named="programmes",
            value=folder,
        )
        return {}
    shelf = Shelf(folder, units, sources, log)
    read = {name: shelf.programme(name) for name in names}
    for name, programme in read.items():
        stray_files(folder / name, log)
        if programme is not None:
            check_programme(programme, Place(str(folder / name / IDENTITY), 1), log)
    return {name: programme for name, programme in read.items() if programme}


def refusal(path: Path, faults: tuple[Fault, ...]) -> Invalid:
    """Return the error that lists the faults of a rulebook."""
    said = message(
        gettext_noop("{count} faults in {path}. Nothing of it is used until they are corrected."),
        count=len(faults),
        path=path,
    )
    return Invalid("rules.rulebook.faults", said, faults=faults)
