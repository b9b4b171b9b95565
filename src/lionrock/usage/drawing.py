"""The geometry of the chart of use over time, in integers: columns of use under the line of capacity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lionrock.usage.queries.utilisation import Bar
from lionrock.web.charts import nice_step

WIDTH: Final = 960
HEIGHT: Final = 240
LEFT: Final = 84
TOP: Final = 12
_WIDEST: Final = 44
_LABEL_WIDTH: Final = 56
_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Tick:
    """A rule across the chart at `y`, standing for so many device-hours."""

    y: int
    hours: int


@dataclass(frozen=True, slots=True)
class Column:
    """A step: its rectangle, and whether there is room for its name at `centre`."""

    bar: Bar
    x: int
    y: int
    width: int
    height: int
    centre: int
    named: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The chart; `capacity` is the path of its line, broken where capacity is not known."""

    ticks: tuple[Tick, ...]
    columns: tuple[Column, ...]
    capacity: str
    width: int = WIDTH
    height: int = HEIGHT + TOP + 32
    left: int = LEFT
    base: int = HEIGHT + TOP


def draw(bars: Sequence[Bar]) -> Drawing | None:
    """Lay the steps out; None when there is nothing above zero to draw."""
    highest = max((max(bar.used.seconds, _capacity(bar) or 0) for bar in bars), default=0)
    if not highest:
        return None
    step = nice_step(-(-highest // _SECONDS))
    ceiling = step * -(-highest // (step * _SECONDS)) * _SECONDS
    pitch = (WIDTH - LEFT) // len(bars)
    every = -(-_LABEL_WIDTH // pitch)
    ticks = tuple(Tick(_y(hours * _SECONDS, ceiling), hours) for hours in range(0, ceiling // _SECONDS + 1, step))
    columns = tuple(_column(bar, at, pitch, ceiling, named=at % every == 0) for at, bar in enumerate(bars))
    return Drawing(ticks, columns, _line(bars, pitch, ceiling))


def _y(seconds: int, ceiling: int) -> int:
    return TOP + HEIGHT - HEIGHT * seconds // ceiling


def _column(bar: Bar, at: int, pitch: int, ceiling: int, *, named: bool) -> Column:
    x, width = LEFT + at * pitch, max(min(pitch * 7 // 10, _WIDEST), 2)
    y = _y(bar.used.seconds, ceiling)
    return Column(bar, x + (pitch - width) // 2, y, width, TOP + HEIGHT - y, x + pitch // 2, named)


def _line(bars: Sequence[Bar], pitch: int, ceiling: int) -> str:
    """Return the path of capacity: a level for each step, joined where the one before is known too."""
    path, joined = [], False
    for at, bar in enumerate(bars):
        capacity = _capacity(bar)
        if capacity is None:
            joined = False
            continue
        x, y = LEFT + at * pitch, _y(capacity, ceiling)
        path.append(f"V{y}H{x + pitch}" if joined else f"M{x} {y}H{x + pitch}")
        joined = True
    return "".join(path)


def _capacity(bar: Bar) -> int | None:
    return bar.capacity.seconds if bar.capacity else None
