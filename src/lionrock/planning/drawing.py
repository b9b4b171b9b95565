"""The geometry of a study's charts, in integers: means with their intervals, and sums that grow over months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lionrock.web.charts import nice_step

WIDTH: Final = 960
LEFT: Final = 96
TOP: Final = 14
BAR: Final = 26
PITCH: Final = 62
HEIGHT: Final = 240
DASHES: Final = ("", "10 5", "3 4", "14 4 3 4")
"""How the lines of options differ, without colour."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A rule at a place of the axis, and what it stands for."""

    at: int
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A mean as a bar from zero to `end`, and its interval from `low` to `high`; None where nobody knows it."""

    y: int
    end: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar for each option."""

    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    height: int
    base: int
    width: int = WIDTH


def bars(values: Sequence[tuple[Decimal, Decimal | None]]) -> Bars | None:
    """Lay means with their margins out, from zero; None when there is nothing above zero to draw."""
    highest = max((mean + (margin or 0) for mean, margin in values), default=Decimal(0))
    if highest <= 0:
        return None
    ceiling, ticks = _scale(-(-highest // 1))
    room = WIDTH - 40

    def x(value: Decimal) -> int:
        return max(0, min(room, int(value * room // ceiling)))

    drawn = tuple(
        Bar(
            TOP + at * PITCH + PITCH - BAR - 4,
            x(mean),
            None if margin is None else x(mean - margin),
            None if margin is None else x(mean + margin),
        )
        for at, (mean, margin) in enumerate(values)
    )
    base = TOP + len(values) * PITCH + 6
    return Bars(tuple(Tick(x(Decimal(tick)), tick) for tick in ticks), drawn, base + 26, base)


@dataclass(frozen=True, slots=True)
class Line:
    """A path through a value for each month, and how it is dashed."""

    path: str
    dash: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over months; `labels` are places of names of months, by their number."""

    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    labels: tuple[tuple[int, int], ...]
    width: int = WIDTH
    height: int = HEIGHT + TOP + 32
    left: int = LEFT
    base: int = HEIGHT + TOP


def lines(series: Sequence[Sequence[Decimal]]) -> Lines | None:
    """Lay series of the same months out; None when nothing is above zero, or there is one month alone."""
    highest = max((value for values in series for value in values), default=Decimal(0))
    months = len(series[0]) if series else 0
    if highest <= 0 or months <= 1:
        return None
    ceiling, ticks = _scale(-(-highest // 1))
    step = (WIDTH - LEFT - 30) // (months - 1)

    def y(value: Decimal) -> int:
        return TOP + HEIGHT - int(value * HEIGHT // ceiling)

    drawn = []
    for at, values in enumerate(series):
        points = " ".join(f"{LEFT + place * step} {y(value)}" for place, value in enumerate(values))
        drawn.append(Line(f"M{points}", DASHES[at % len(DASHES)]))
    every = -(-72 // step)
    labels = tuple((LEFT + place * step, place) for place in range(0, months, every))
    return Lines(tuple(Tick(y(Decimal(tick)), tick) for tick in ticks), tuple(drawn), labels)


def _scale(highest: Decimal) -> tuple[int, range]:
    """Return where the axis ends, and the values of its ticks."""
    step = nice_step(int(highest))
    ceiling = step * -(-int(highest) // step)
    return ceiling, range(0, ceiling + 1, step)
