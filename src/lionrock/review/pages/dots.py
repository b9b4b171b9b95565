"""Geometry of the picture that shows how far assessors lie apart, in integers; the templates draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

WIDTH: Final = 420
_LEFT: Final = 14
_ROOM: Final = WIDTH - 2 * _LEFT
_APART: Final = 23
"""Dots nearer than this would cover each other, and so stand one above the other."""
_STEP: Final = 24


@dataclass(frozen=True, slots=True)
class Dot:
    """One assessor's mark: where it stands, and the assessor's number, which is written in it."""

    number: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Strip:
    """A line from 0 to 100 with a dot for each assessor; `start` and `end` mark where they lie."""

    dots: tuple[Dot, ...]
    start: int
    end: int
    base: int
    height: int
    width: int = WIDTH
    left: int = _LEFT
    right: int = WIDTH - _LEFT


def place(mark: Fraction) -> int:
    """Return where a mark of 100 stands on the line."""
    return _LEFT + int(mark * _ROOM / 100)


def strip(marks: Mapping[int, Fraction]) -> Strip:
    """Return the strip of marks of 100 by the number of the assessor; dots that would touch are stacked."""
    levels: list[list[int]] = []
    found = []
    for number, mark in sorted(marks.items(), key=lambda each: (each[1], each[0])):
        x = place(mark)
        level = _level(levels, x)
        found.append((number, x, level))
    base = max(len(levels), 1) * _STEP
    dots = tuple(Dot(number, x, base - _STEP // 2 - level * _STEP) for number, x, level in found)
    places = [dot.x for dot in dots] or [_LEFT]
    return Strip(dots, min(places), max(places), base, base + 8)


def _level(levels: list[list[int]], x: int) -> int:
    """Take the lowest level that is free at `x`."""
    for number, taken in enumerate(levels):
        if all(abs(x - other) >= _APART for other in taken):
            taken.append(x)
            return number
    levels.append([x])
    return len(levels) - 1


def differ(marks: Sequence[int], scale_max: int, limit: Fraction) -> bool:
    """Tell whether marks for one point lie further apart than `limit`, in marks of 100."""
    return bool(marks) and Fraction((max(marks) - min(marks)) * 100, scale_max) > limit
