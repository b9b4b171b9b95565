"""The geometry of the picture of a story, in integers: a lane for each item, a column of time, a rule on each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from lionrock.controls.domain.choosing import Way
from lionrock.controls.domain.story import Lane, Story

WIDTH: Final = 960
LEFT: Final = 176
TOP: Final = 40
PITCH: Final = 30
_BAR: Final = 20
_PAD: Final = 4
INKS: Final = {
    Way.FREE: "open",
    Way.EXCEPTION: "open",
    Way.LIKELY: "open",
    Way.CASE_BY_CASE: "maybe",
    Way.LETTER: "shut",
    Way.DENIED: "shut",
    Way.UNKNOWN: "unsure",
    Way.BREACH: "shut",
}
"""Solid is to be had, hatched may be, an outline is not, dots are not known: it can be told without colour."""


@dataclass(frozen=True, slots=True)
class Block:
    """A span of a lane as drawn."""

    x: int
    y: int
    width: int
    height: int
    ink: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lane: where its name stands, and its blocks."""

    lane: Lane
    y: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule down the picture on a day."""

    x: int
    label_x: int
    number: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture."""

    lanes: tuple[Drawn, ...]
    marks: tuple[Mark, ...]
    years: tuple[tuple[int, int], ...]
    base: int
    height: int
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP


def draw(story: Story) -> Picture:
    """Lay a story out."""
    first, last = story.plot.first, story.plot.last
    lanes = tuple(_drawn(lane, at, first, last) for at, lane in enumerate(story.lanes))
    base = TOP + PITCH * len(lanes)
    marks = tuple(_mark(chapter.day.on, number, first, last) for number, chapter in enumerate(story.chapters, 1))
    years = tuple((_x(date(year, 1, 1), first, last), year) for year in range(first.year + 1, last.year + 1))
    return Picture(lanes, marks, years, base, base + 28)


def _x(day: date, first: date, last: date) -> int:
    return LEFT + (WIDTH - LEFT) * (day - first).days // (last - first).days


def _mark(day: date, number: int, first: date, last: date) -> Mark:
    x = _x(day, first, last)
    return Mark(x, x, number)


def _drawn(lane: Lane, at: int, first: date, last: date) -> Drawn:
    y = TOP + PITCH * at + _PAD
    blocks = tuple(
        Block(start, y, max(_x(span.until, first, last) - start, 2), _BAR, INKS[span.way])
        for span in lane.spans
        if span.way is not None
        for start in [_x(span.since, first, last)]
    )
    return Drawn(lane, y + _BAR - 6, blocks)
