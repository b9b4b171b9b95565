"""The geometry of the picture of capacity, in integers: bands of each standing over time, and the goal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from lionrock.kernel.periods import Month
from lionrock.supply.domain.capacity import Capacity, Level, Standing
from lionrock.web.charts import nice_step

WIDTH: Final = 960
HEIGHT: Final = 300
LEFT: Final = 72
TOP: Final = 26
_LABEL_WIDTH: Final = 64


@dataclass(frozen=True, slots=True)
class Tick:
    """A rule across the picture, standing for so many petaflops."""

    y: int
    petaflops: int


@dataclass(frozen=True, slots=True)
class Band:
    """What one standing adds: a closed path from step to step."""

    standing: Standing
    path: str


@dataclass(frozen=True, slots=True)
class Aim:
    """Where the goal's level and day stand; the text goes to the left of the day where there is no room."""

    x: int
    y: int
    late: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture; `months` are labels with their place."""

    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    months: tuple[tuple[int, Month], ...]
    today: int
    aim: Aim | None
    width: int = WIDTH
    height: int = TOP + HEIGHT + 32
    left: int = LEFT
    top: int = TOP
    base: int = TOP + HEIGHT


def draw(capacity: Capacity, today: date) -> Picture:
    """Lay capacity out."""
    scale = _Scale(capacity)
    goal = capacity.goal
    aim = Aim(scale.x(goal.by), scale.y(goal.petaflops), scale.x(goal.by) > WIDTH * 2 // 3) if goal else None
    return Picture(
        ticks=tuple(Tick(scale.y(value), value) for value in range(0, scale.ceiling + 1, scale.step)),
        bands=tuple(Band(standing, _path(capacity, standing, scale)) for standing in Standing),
        months=tuple(_months(capacity, scale)),
        today=scale.x(today),
        aim=aim,
    )


class _Scale:
    """Days to the right, petaflops upwards; the ceiling is a whole number of steps."""

    def __init__(self, capacity: Capacity) -> None:
        self.first, self.last = capacity.first, capacity.last
        highest = max((level.total for level in capacity.levels), default=Fraction(0))
        highest = max(highest, Fraction(capacity.goal.petaflops if capacity.goal else 1))
        self.step = nice_step(-(-highest.numerator // highest.denominator))
        self.ceiling = self.step * -(-highest.numerator // (self.step * highest.denominator))

    def x(self, day: date) -> int:
        """Return the place of a day."""
        within = min(max(day, self.first), self.last)
        return LEFT + (WIDTH - LEFT) * (within - self.first).days // (self.last - self.first).days

    def y(self, petaflops: Fraction | int) -> int:
        """Return the place of a level."""
        value = Fraction(petaflops)
        return TOP + HEIGHT - HEIGHT * value.numerator // (value.denominator * self.ceiling)


def _path(capacity: Capacity, standing: Standing, scale: _Scale) -> str:
    """Return the outline of a band: its upper edge there, its lower edge back; empty where it has no height."""
    if not any(level.petaflops[standing] for level in capacity.levels):
        return ""
    upper, lower = [], []
    for level, until in _spans(capacity):
        start, end = scale.x(level.on), scale.x(until)
        high = level.up_to(standing)
        upper.append((start, end, scale.y(high)))
        lower.append((start, end, scale.y(high - level.petaflops[standing])))
    there = "".join(f"{'M' if at == 0 else 'L'}{start} {y}H{end}" for at, (start, end, y) in enumerate(upper))
    back = "".join(f"L{end} {y}H{start}" for start, end, y in reversed(lower))
    return f"{there}{back}Z"


def _spans(capacity: Capacity) -> Iterator[tuple[Level, date]]:
    levels = capacity.levels
    ends = [*(level.on for level in levels[1:]), capacity.last]
    yield from zip(levels, ends, strict=True)


def _months(capacity: Capacity, scale: _Scale) -> Iterator[tuple[int, Month]]:
    """Yield the first days of months that there is room to name."""
    last = -_LABEL_WIDTH
    month = Month(capacity.first.year, capacity.first.month).next
    while month.first_day < capacity.last:
        at = scale.x(month.first_day)
        if at - last >= _LABEL_WIDTH and at <= WIDTH - _LABEL_WIDTH // 2:
            yield at, month
            last = at
        month = month.next
