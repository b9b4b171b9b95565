"""Pieces of use, put together by whatever one asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from lionrock.usage.domain.capacity import Capacity, share_of


class By(StrEnum):
    """What the rows of a report are."""

    SITE = "site"
    POOL = "pool"
    PROGRAMME = "programme"
    CATEGORY = "category"
    AWARD = "award"


class Piece(NamedTuple):
    """Device-seconds that were used in one step, of one kind of device, in one pool, under one award.

    `pool` and `award` are empty where there is none; `lent` says that it was on nodes that others lend.
    """

    step: int
    site: str
    programme: str
    pool: str
    device: str
    award: str
    category: str
    lent: bool
    seconds: int


KEYS: Final[dict[By, Callable[[Piece], tuple[str, str, str]]]] = {
    By.SITE: lambda piece: (piece.programme, piece.site, ""),
    By.POOL: lambda piece: (piece.programme, piece.site, piece.pool),
    By.PROGRAMME: lambda piece: (piece.programme, "", ""),
    By.CATEGORY: lambda piece: (piece.programme, "", piece.category),
    By.AWARD: lambda piece: (piece.programme, "", piece.award),
}
"""Programme, site and name of the row to which a piece belongs."""


class Key(NamedTuple):
    """Which row it is; use of different devices is never added up."""

    programme: str
    site: str
    name: str
    device: str


@dataclass(frozen=True, slots=True)
class Used:
    """Device-seconds used, and how many of them on nodes that others lent."""

    seconds: int = 0
    lent: int = 0

    def __add__(self, other: Used) -> Used:
        return Used(self.seconds + other.seconds, self.lent + other.lent)


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of a report: what was used, of which capacity. Capacity None: not known."""

    key: Key
    used: Used
    capacity: Capacity | None

    @property
    def share(self) -> Fraction | None:
        """Utilisation: used ÷ capacity; None where it is not known."""
        return share_of(self.used.seconds, self.capacity.seconds if self.capacity else None)


def add_up(pieces: Iterable[Piece], by: By) -> dict[Key, Used]:
    """Return the use of each row."""
    found: dict[Key, Used] = defaultdict(Used)
    for piece in pieces:
        found[Key(*KEYS[by](piece), piece.device)] += _used(piece)
    return dict(found)


def by_step(pieces: Iterable[Piece], device: str, steps: int) -> list[Used]:
    """Return the use of a kind of device in each step, from the first on."""
    found = [Used()] * steps
    for piece in pieces:
        if piece.device == device:
            found[piece.step] += _used(piece)
    return found


def _used(piece: Piece) -> Used:
    return Used(piece.seconds, piece.seconds if piece.lent else 0)
