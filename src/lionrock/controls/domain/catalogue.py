"""An item of the catalogue: its first figures, and the source of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lionrock.controls.domain.figures import Figure, Figures


@dataclass(frozen=True, slots=True)
class Item:
    """A chip as it is offered, or as somebody describes it.

    `sources` holds an address for each figure that has one; `unverified` names figures that nobody has
    checked against their source. `line` is that of the catalogue, 0 for an item that is not in it.
    """

    id: str
    name: str
    vendor: str
    designer_in: str | None
    launch: str
    market: str
    datacentre: bool | None
    figures: Figures
    memory_type: str
    grade: str
    sources: Mapping[Figure, str]
    unverified: frozenset[Figure]
    note: str
    line: int = 0
