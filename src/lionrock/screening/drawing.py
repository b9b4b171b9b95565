"""The geometry of a picture of owners, in integers: who is owned at the foot, each owner above all that it owns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from lionrock.screening.domain.ownership import Stake, Standing

BOX_WIDTH: Final = 196
BOX_HEIGHT: Final = 52
PITCH: Final = 116
_LANE: Final = 56
"""The width kept in a row for a line that passes through it."""
_GAP: Final = 36
_PAD: Final = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A party as drawn: its box, and whether it is listed itself or counts so."""

    party: str
    x: int
    y: int
    ink: str

    @property
    def middle(self) -> int:
        """The middle of the box, across."""
        return self.x + BOX_WIDTH // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A stake as drawn, from the foot of the owner to the head of what it owns, past the boxes between."""

    stake: Stake
    points: tuple[tuple[int, int], ...]
    ink: str

    @property
    def path(self) -> str:
        """The line as the data of an SVG path."""
        return "M" + "L".join(f"{x} {y}" for x, y in self.points)

    @property
    def label(self) -> tuple[int, int]:
        """Where its share stands: nearer to the owner, where lines lie apart."""
        (x1, y1), (x2, y2) = self.points[:2]
        return x1 + (x2 - x1) * 2 // 5, y1 + (y2 - y1) * 2 // 5 + 4


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


Place = str | tuple[Stake, int]
"""What stands in a row: a party, or the lane of a stake that passes through it."""


def draw(party: str, chain: Sequence[Stake], known: Mapping[str, Standing], listed: frozenset[str]) -> Picture:
    """Return the picture of who owns a party, through which others: each row lies above all that it owns."""
    steps = _steps(party, chain)
    rows = _rows(steps, chain)
    width = max(_width(row) for row in rows) + 2 * _PAD
    middles = _across(rows, chain, width)
    top = len(rows) - 1
    down = {name: _PAD + (top - step) * PITCH for name, step in steps.items()}
    nodes = [
        Node(name, middles[name] - BOX_WIDTH // 2, down[name], _ink(name, known.get(name, Standing.FREE), listed))
        for name in steps
    ]
    lines = [_line(stake, steps, middles, down, top) for stake in chain]
    return Picture(width, top * PITCH + BOX_HEIGHT + 2 * _PAD, tuple(nodes), tuple(lines))


def _steps(party: str, chain: Sequence[Stake]) -> dict[str, int]:
    """Return how many rows above the party each owner stands: by the longest way that meets nobody twice."""
    steps = {party: 0}
    waiting: list[tuple[str, frozenset[str]]] = [(party, frozenset([party]))]
    while waiting:
        owned, way = waiting.pop()
        for stake in chain:
            if stake.owned == owned and stake.owner not in way and steps.get(stake.owner, 0) <= steps[owned]:
                steps[stake.owner] = steps[owned] + 1
                waiting.append((stake.owner, way | {stake.owner}))
    return steps


def _rows(steps: Mapping[str, int], chain: Sequence[Stake]) -> list[list[Place]]:
    """Return what stands in each row, the party itself first: its parties, and lanes of what passes through."""
    rows: list[list[Place]] = [[] for _ in range(max(steps.values()) + 1)]
    for name, step in steps.items():
        rows[step].append(name)
    for stake in chain:
        for step in _between(stake, steps):
            rows[step].append((stake, step))
    return rows


def _between(stake: Stake, steps: Mapping[str, int]) -> range:
    """Return the rows that a stake passes through, from the owner down."""
    return range(steps[stake.owner] - 1, steps[stake.owned], -1)


def _room(place: Place) -> int:
    return BOX_WIDTH if isinstance(place, str) else _LANE


def _width(row: Sequence[Place]) -> int:
    return sum(_room(place) + _GAP for place in row) - _GAP


def _across(rows: Sequence[Sequence[Place]], chain: Sequence[Stake], width: int) -> dict[Place, int]:
    """Return the middle of each place: rows from the top down, each ordered by what stands above it."""
    above = _above(rows, chain)
    middles: dict[Place, int] = {}
    for row in reversed(rows):
        ordered = sorted(row, key=lambda place: _mean([middles[each] for each in above[place] if each in middles]))
        left = (width - _width(row)) // 2
        for place in ordered:
            middles[place] = left + _room(place) // 2
            left += _room(place) + _GAP
    return middles


def _mean(numbers: Sequence[int]) -> Fraction:
    return Fraction(sum(numbers), len(numbers)) if numbers else Fraction(0)


def _above(rows: Sequence[Sequence[Place]], chain: Sequence[Stake]) -> dict[Place, list[Place]]:
    """Return what lies right above each place, along the lines."""
    found: dict[Place, list[Place]] = defaultdict(list)
    lanes = {place for row in rows for place in row if not isinstance(place, str)}
    for stake in chain:
        way: list[Place] = [
            stake.owner,
            *sorted((each for each in lanes if each[0] == stake), key=_row_of),
            stake.owned,
        ]
        for upper, lower in pairwise(way):
            found[lower].append(upper)
    return found


def _row_of(lane: tuple[Stake, int]) -> int:
    return -lane[1]


def _ink(name: str, standing: Standing, listed: frozenset[str]) -> str:
    if name in listed:
        return "listed"
    return {Standing.OWNED: "counts", Standing.UNKNOWN: "unsure", Standing.FREE: "free"}[standing]


def _line(
    stake: Stake, steps: Mapping[str, int], middles: Mapping[Place, int], down: Mapping[str, int], top: int
) -> Line:
    """Return a line past the boxes between; one that closes a circle ends at the foot of what stands above."""
    points = [(middles[stake.owner], down[stake.owner] + BOX_HEIGHT)]
    points += list(_lanes(stake, steps, middles, top))
    below = down[stake.owned] > down[stake.owner]
    points.append((middles[stake.owned], down[stake.owned] + (0 if below else BOX_HEIGHT)))
    return Line(stake, tuple(points), "unknown" if stake.share is None else "known")


def _lanes(stake: Stake, steps: Mapping[str, int], middles: Mapping[Place, int], top: int) -> Iterator[tuple[int, int]]:
    for step in _between(stake, steps):
        y = _PAD + (top - step) * PITCH
        yield middles[stake, step], y
        yield middles[stake, step], y + BOX_HEIGHT
