"""The geometry of a picture of owners, in integers: who is owned at the foot, each owner above what it owns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lionrock.screening.domain.ownership import Stake, Standing

BOX_WIDTH: Final = 196
BOX_HEIGHT: Final = 52
PITCH: Final = 112
_GAP: Final = 36
_PAD: Final = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A party as drawn: its box, and whether it is listed itself or counts so."""

    party: str
    x: int
    y: int
    ink: str
    listed: bool
    standing: Standing

    @property
    def middle(self) -> int:
        """The middle of the box, across."""
        return self.x + BOX_WIDTH // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A stake as drawn, from the owner down to what it owns, and where its share is written."""

    stake: Stake
    x1: int
    y1: int
    x2: int
    y2: int
    ink: str

    @property
    def label_x(self) -> int:
        """Where the share stands, across: nearer to the owner, where lines lie apart."""
        return self.x1 + (self.x2 - self.x1) * 2 // 5

    @property
    def label_y(self) -> int:
        """Where the share stands, down."""
        return self.y1 + (self.y2 - self.y1) * 2 // 5 + 4


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


def draw(party: str, chain: Sequence[Stake], known: Mapping[str, Standing], listed: frozenset[str]) -> Picture:
    """Return the picture of who owns a party, through which others: a row for each step of the chain."""
    rows = _rows(party, chain)
    widest = max(len(row) for row in rows)
    width = widest * (BOX_WIDTH + _GAP) - _GAP + 2 * _PAD
    nodes: dict[str, Node] = {}
    for step, row in enumerate(reversed(rows)):
        left = (width - len(row) * (BOX_WIDTH + _GAP) + _GAP) // 2
        for place, name in enumerate(row):
            standing = known.get(name, Standing.FREE)
            x, y = left + place * (BOX_WIDTH + _GAP), _PAD + step * PITCH
            nodes[name] = Node(name, x, y, _ink(name, standing, listed), name in listed, standing)
    height = (len(rows) - 1) * PITCH + BOX_HEIGHT + 2 * _PAD
    return Picture(width, height, tuple(nodes.values()), tuple(_line(stake, nodes) for stake in chain))


def _rows(party: str, chain: Sequence[Stake]) -> list[list[str]]:
    """Return the parties by how many steps lie between; each stands where the shortest way leads."""
    rows, placed = [[party]], {party}
    while True:
        above = dict.fromkeys(stake.owner for stake in chain if stake.owned in rows[-1] and stake.owner not in placed)
        if not above:
            return rows
        rows.append(list(above))
        placed |= set(above)


def _ink(name: str, standing: Standing, listed: frozenset[str]) -> str:
    if name in listed:
        return "listed"
    return {Standing.OWNED: "counts", Standing.UNKNOWN: "unsure", Standing.FREE: "free"}[standing]


def _line(stake: Stake, nodes: Mapping[str, Node]) -> Line:
    """Return a line from the foot of the owner to the head of what it owns; a circle ends at its foot."""
    owner, owned = nodes[stake.owner], nodes[stake.owned]
    end = owned.y if owned.y > owner.y else owned.y + BOX_HEIGHT
    return Line(
        stake, owner.middle, owner.y + BOX_HEIGHT, owned.middle, end, "unknown" if stake.share is None else "known"
    )
