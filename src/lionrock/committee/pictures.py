"""The picture of devices by month, in integers; its table stands beside it on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lionrock.committee.board import Use
from lionrock.web.charts import CHART_HEIGHT, CHART_WIDTH, Box, Column, nice_step

LEFT: Final = 64
TOP: Final = 12
WIDEST: Final = 56
NAME_WIDTH: Final = 60


@dataclass(frozen=True, slots=True)
class Tick:
    """A rule across the picture at `y`, standing for so many devices."""

    y: int
    devices: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Columns of months: taken before, taken by this list, and at `limit` the capacity (None: not known)."""

    ticks: tuple[Tick, ...]
    columns: tuple[Column, ...]
    limit: int | None
    width: int = CHART_WIDTH
    height: int = CHART_HEIGHT + TOP + 32
    left: int = LEFT
    base: int = CHART_HEIGHT + TOP


def picture_of(use: Use) -> Picture:
    """Lay out one stacked column a month."""
    highest = max([use.capacity or 0, *(month.taken + month.proposed for month in use.months), 1])
    step = nice_step(highest)
    ceiling = step * -(-highest // step)
    pitch = (CHART_WIDTH - LEFT) // len(use.months)
    every = -(-NAME_WIDTH // pitch)
    columns = []
    for index, month in enumerate(use.months):
        parts = (("spent", month.taken), ("committed", month.proposed))
        x, width = LEFT + index * pitch, max(min(pitch * 6 // 10, WIDEST), 2)
        boxes = _stacked(parts, x + (pitch - width) // 2, width, ceiling)
        columns.append(Column(month.month, boxes, x + pitch // 2, named=index % every == 0))
    return Picture(
        ticks=tuple(Tick(_y(value, ceiling), value) for value in range(0, ceiling + 1, step)),
        columns=tuple(columns),
        limit=None if use.capacity is None else _y(use.capacity, ceiling),
    )


def _y(devices: int, ceiling: int) -> int:
    return TOP + CHART_HEIGHT - CHART_HEIGHT * devices // ceiling


def _stacked(parts: tuple[tuple[str, int], ...], x: int, width: int, ceiling: int) -> tuple[Box, ...]:
    boxes, below = [], 0
    for kind, devices in parts:
        top, ground = _y(below + devices, ceiling), _y(below, ceiling)
        boxes.append(Box(kind, x, top, width, ground - top))
        below += devices
    return tuple(boxes)
