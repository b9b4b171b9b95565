"""`accelerators.csv`: a row for each accelerator; what is missing stays missing."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.figures import BITS, Figure, Figures, Rates
from lionrock.controls.domain.sparsity import sparse_within
from lionrock.controls.reading.entries import PLACES
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import parse_decimal
from lionrock.rules.faultlog import FaultLog, Place

CATALOGUE = "accelerators.csv"
Word = TypeVar("Word")
_FIGURES: Final = tuple(figure for figure in Figure if figure not in (Figure.STACK, Figure.STACK_AREA))
_SOURCES: Final = MappingProxyType(
    {
        "source_rates": (*BITS, Figure.POWER),
        "source_die": (Figure.DIE_AREA,),
        "source_memory_io": (Figure.MEMORY_GB, Figure.MEMORY, Figure.LINK, Figure.PCIE),
    }
)
_TEXTS: Final = ("chip_id", "vendor", "designer_in", "name", "launch", "market", "datacentre_marketed", "rates")
_MORE: Final = ("nonplanar", "memory_type", "grade", *_SOURCES, "unverified", "note")
COLUMNS: Final = (*_TEXTS, *(figure.value for figure in _FIGURES), *_MORE)
_FLAGS: Final[Mapping[str, bool | None]] = MappingProxyType({"yes": True, "cloud_only": True, "no": False, "": None})
"""What is only used through a cloud stands in data centres."""


def read_catalogue(path: Path, log: FaultLog) -> dict[str, Item]:
    """Return the items by id; what is wrong with a row goes into the log."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, restkey="…", restval="")
            if _columns(rows.fieldnames or (), path, log):
                return _items(rows, path, log)
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        log.add(
            "controls.catalogue.unreadable",
            gettext_noop("The catalogue {value} cannot be read: {problem}."),
            Place(str(path), 1),
            named="file",
            value=path.name,
            problem=wrong,
        )
    return {}


def _columns(names: object, path: Path, log: FaultLog) -> bool:
    found = list(names) if isinstance(names, (list, tuple)) else []
    missing = [name for name in COLUMNS if name not in found]
    unknown = [name for name in found if name not in COLUMNS]
    for template, wrong in (
        (gettext_noop("The catalogue lacks the column {value}."), missing),
        (gettext_noop("The catalogue has the column {value}, which is not known."), unknown),
    ):
        for name in wrong:
            log.add("controls.catalogue.column", template, Place(str(path), 1), named="columns", value=name)
    return not missing


def _items(rows: csv.DictReader[str], path: Path, log: FaultLog) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for row in rows:
        place = Place(str(path), rows.line_num)
        item = _Row(row, place, log).item()
        if item is None:
            continue
        if item.id in found:
            log.add(
                "controls.catalogue.twice",
                gettext_noop("“{value}” is there twice; the first is on line {first}."),
                place,
                named="chip_id",
                value=item.id,
                first=found[item.id].line,
            )
        found[item.id] = item
    return found


class _Row:
    """Reads one row."""

    def __init__(self, row: Mapping[str, str], place: Place, log: FaultLog) -> None:
        self.row, self.place, self.log = row, place, log

    def item(self) -> Item | None:
        before = len(self.log)
        known = dict(self._known())
        for fault in sparse_within(known):
            self.log.faults.append(replace(fault, file=self.place.file, line=self.place.line))
        rates = self._word("rates", {rate.value: rate for rate in Rates})
        nonplanar = self._word("nonplanar", {"yes": True, "no": False, "": None})
        datacentre = self._word("datacentre_marketed", _FLAGS)
        self._texts()
        if len(self.log) > before or rates is None:
            return None
        row = self.row
        unverified = row["unverified"].split()
        return Item(
            id=row["chip_id"],
            name=row["name"],
            vendor=row["vendor"],
            designer_in=row["designer_in"] or None,
            launch=row["launch"],
            market=row["market"],
            datacentre=datacentre,
            figures=Figures(MappingProxyType(known), rates, nonplanar),
            memory_type=row["memory_type"],
            grade=row["grade"],
            sources=MappingProxyType(self._sources(known)),
            unverified=frozenset(figure for figure in known if figure.value in unverified),
            note=row["note"],
            line=self.place.line,
        )

    def _known(self) -> Iterator[tuple[Figure, Fraction]]:
        for figure in _FIGURES:
            written = self.row[figure.value]
            value = self.log.attempt(self.place, partial(figure_value, written, figure.value)) if written else None
            if value is not None:
                yield figure, value

    def _word(self, column: str, words: Mapping[str, Word]) -> Word | None:
        written = self.row[column]
        if written in words:
            return words[written]
        self.log.add(
            "controls.catalogue.word",
            gettext_noop("“{value}” in {field} is not known. Write one of: {known}."),
            self.place,
            named=column,
            value=written,
            known=", ".join(words),
        )
        return None

    def _texts(self) -> None:
        for column in ("chip_id", "vendor", "name", "grade"):
            if not self.row[column].strip():
                self.log.add(
                    "controls.catalogue.empty", gettext_noop("{field} is empty. Fill it."), self.place, named=column
                )
        for column, figures in _SOURCES.items():
            if not self.row[column] and any(self.row[figure.value] for figure in figures if figure is not Figure.POWER):
                self.log.add(
                    "controls.catalogue.source",
                    gettext_noop("{field} is empty, and the row has figures from there. Add the address."),
                    self.place,
                    named=column,
                )

    def _sources(self, known: Mapping[Figure, Fraction]) -> dict[Figure, str]:
        return {
            figure: self.row[column]
            for column, figures in _SOURCES.items()
            for figure in figures
            if figure in known and self.row[column]
        }


def figure_value(text: str, field: str) -> Fraction:
    """Return a figure as an exact number of zero or more; raises `Invalid`."""
    value = parse_decimal(text, places=PLACES, field=field)
    if value < 0:
        said = message(
            gettext_noop("{value} for {field} is below zero. Give what is published."), value=text, field=field
        )
        raise Invalid(
            "controls.figure.negative", said, faults=[Fault("controls.figure.negative", said, field=field, value=text)]
        )
    return Fraction(value)
