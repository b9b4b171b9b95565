"""Geometry of the charts, in integers; the templates draw what is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.money import Money, split
from lionrock.kernel.periods import Month

_FULL = 10_000
_SLIVER = 40
"""The least width of a part that is not zero, in ten-thousandths, so that it can be seen."""

CHART_WIDTH = 960
CHART_HEIGHT = 250
_LEFT = 104
_TOP = 12
_TICKS = 4
_MAX_COLUMN = 44


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: what it is (`spent`, `committed` or `free`), how it is named, how much."""

    kind: str
    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Segment:
    """A part as drawn: `start` and `width` in per cent of the bar; `share` in tenths of a per cent."""

    part: Part
    start: str
    width: str
    share: int

    @property
    def tiny(self) -> bool:
        """Tell whether there is something that rounds to nothing."""
        return self.share == 0 and self.part.amount.minor > 0

    @property
    def share_decimal(self) -> Decimal:
        """The share between 0 and 1."""
        return Decimal(self.share) / 1000


def bar(parts: Sequence[Part]) -> tuple[Segment, ...]:
    """Lay the parts end to end: shares add up to the whole, and no part that exists is too thin to see."""
    weights = {str(index): max(part.amount.minor, 0) for index, part in enumerate(parts)}
    total = sum(weights.values())
    if not total:
        return ()
    shares = split(1000, weights)
    seen = {key: max(weight, total * _SLIVER // _FULL + 1) if weight else 0 for key, weight in weights.items()}
    widths = split(_FULL, seen)
    segments, start = [], 0
    for index, part in enumerate(parts):
        width = widths[str(index)]
        segments.append(Segment(part, _percent(start), _percent(width), shares[str(index)]))
        start += width
    return tuple(segments)


def _percent(ten_thousandths: int) -> str:
    return f"{ten_thousandths // 100}.{ten_thousandths % 100:02d}%"


@dataclass(frozen=True, slots=True)
class Tick:
    """A rule across the chart at `y`, standing for `amount`."""

    y: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the units of the chart."""

    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """One month: its boxes from the ground up, and where its name stands (None where there is no room)."""

    month: Month
    boxes: tuple[Box, ...]
    centre: int
    named: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of months."""

    ticks: tuple[Tick, ...]
    columns: tuple[Column, ...]
    width: int = CHART_WIDTH
    height: int = CHART_HEIGHT + _TOP + 32
    left: int = _LEFT
    base: int = CHART_HEIGHT + _TOP


@dataclass(frozen=True, slots=True)
class MonthParts:
    """What is stacked for one month, from the ground up."""

    month: Month
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """Minor units of all parts that are above zero."""
        return sum(max(part.amount.minor, 0) for part in self.parts)


def columns(months: Sequence[MonthParts]) -> Columns | None:
    """Lay out one stacked column a month; None when there is nothing above zero to draw."""
    highest = max((month.total for month in months), default=0)
    if not highest:
        return None
    currency = months[0].parts[0].amount.currency
    step = nice_step(highest, 10 ** DECIMALS[currency])
    ceiling = step * -(-highest // step)
    pitch = (CHART_WIDTH - _LEFT) // len(months)
    ticks = tuple(
        Tick(_TOP + CHART_HEIGHT - CHART_HEIGHT * value // ceiling, Money(value, currency))
        for value in range(0, ceiling + 1, step)
    )
    every = -(-60 // pitch)
    drawn = tuple(
        _column(month, _LEFT + index * pitch, pitch, ceiling, named=index % every == 0)
        for index, month in enumerate(months)
    )
    return Columns(ticks, drawn)


def _column(month: MonthParts, x: int, pitch: int, ceiling: int, *, named: bool) -> Column:
    width = max(min(pitch * 6 // 10, _MAX_COLUMN), 2)
    ground, boxes = CHART_HEIGHT + _TOP, []
    for part in month.parts:
        height = CHART_HEIGHT * max(part.amount.minor, 0) // ceiling
        ground -= height
        boxes.append(Box(part.kind, x + (pitch - width) // 2, ground, width, height))
    return Column(month.month, tuple(boxes), x + pitch // 2, named)


def nice_step(highest: int, unit: int = 1) -> int:
    """Return the smallest 1, 2 or 5 times a power of ten of the unit that needs at most four ticks."""
    power = unit
    while True:
        for factor in (1, 2, 5):
            if highest <= factor * power * _TICKS:
                return factor * power
        power *= 10
