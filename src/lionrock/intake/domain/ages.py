"""How long applications have been waiting: counted in bands of working days, and drawn as small columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

EDGES: Final = (5, 10, 20, 40, 60)
"""The last working day of each band; one band more is for all beyond."""

WIDTH: Final = 240
HEIGHT: Final = 56
_PITCH: Final = WIDTH // (len(EDGES) + 1)
_GAP: Final = 6


@dataclass(frozen=True, slots=True)
class Waited:
    """So many applications of one age, in working days, and whether their pledge is broken."""

    age: int
    count: int
    late: bool


@dataclass(frozen=True, slots=True)
class Band:
    """The applications whose age lies in one band: all of them, and those among them that are late."""

    first: int
    last: int | None
    count: int
    late: int


def bands(waited: Iterable[Waited]) -> tuple[Band, ...]:
    """Return all bands, empty ones too, from the youngest on."""
    known = list(waited)
    edges = [(-1, EDGES[0]), *pairwise(EDGES), (EDGES[-1], None)]
    return tuple(_band(below, last, known) for below, last in edges)


def _band(below: int, last: int | None, waited: Sequence[Waited]) -> Band:
    inside = [each for each in waited if each.age > below and (last is None or each.age <= last)]
    late = sum(each.count for each in inside if each.late)
    return Band(below + 1, last, sum(each.count for each in inside), late)


@dataclass(frozen=True, slots=True)
class Column:
    """A band as drawn: two boxes on each other, in time below and late above; `centre` is where its name stands."""

    band: Band
    x: int
    width: int
    top: int
    middle: int
    base: int
    centre: int

    @property
    def in_time_height(self) -> int:
        """Height of the lower box."""
        return self.base - self.middle

    @property
    def late_height(self) -> int:
        """Height of the upper box."""
        return self.middle - self.top


def drawn(all_bands: Sequence[Band], highest: int) -> tuple[Column, ...]:
    """Lay the bands out side by side; `highest` is the count that takes the whole height.

    What is not zero can always be seen: a box is at least two units high.
    """
    return tuple(_column(number, band, highest) for number, band in enumerate(all_bands))


def _column(number: int, band: Band, highest: int) -> Column:
    in_time, late = (_height(count, highest) for count in (band.count - band.late, band.late))
    x = number * _PITCH + _GAP // 2
    return Column(
        band=band,
        x=x,
        width=_PITCH - _GAP,
        top=HEIGHT - in_time - late,
        middle=HEIGHT - in_time,
        base=HEIGHT,
        centre=x + (_PITCH - _GAP) // 2,
    )


def _height(count: int, highest: int) -> int:
    return max(count * (HEIGHT - 2) // highest, 2) if count else 0
