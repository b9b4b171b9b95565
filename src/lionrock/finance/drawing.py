"""The geometry of the burn-down, in integers: what is left at the end of each month, and the band ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lionrock.finance.domain.forecast import Ahead
from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.web.charts import Tick, nice_step

WIDTH: Final = 960
HEIGHT: Final = 260
LEFT: Final = 104
TOP: Final = 12
_LABEL_WIDTH: Final = 64


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a month below the chart, at `x`."""

    x: int
    month: Month


@dataclass(frozen=True, slots=True)
class BurnDown:
    """Paths of the past, of the middle future and of the band around it; `today` is where the one becomes the other."""

    ticks: tuple[Tick, ...]
    names: tuple[Name, ...]
    past: str
    middle: str
    band: str
    today: int
    width: int = WIDTH
    height: int = HEIGHT + TOP + 32
    left: int = LEFT
    base: int = HEIGHT + TOP


def burn_down(past: Sequence[tuple[Month, Money]], ahead: Sequence[Ahead]) -> BurnDown | None:
    """Lay out what was left at the end of each month, and what will be; None when there is nothing to draw."""
    highest = max((left.minor for _, left in past), default=0)
    if highest <= 0:
        return None
    currency = past[0][1].currency
    step = nice_step(highest, 10 ** DECIMALS[currency])
    ceiling = step * -(-highest // step)
    months = [month for month, _ in past] + [one.month for one in ahead]
    xs = [LEFT + (WIDTH - LEFT - 24) * place // max(1, len(months) - 1) for place in range(len(months))]
    behind = list(zip(xs, (_y(left.minor, ceiling) for _, left in past), strict=False))
    coming = xs[len(past) :]
    lows, middles, highs = (
        [behind[-1], *zip(coming, (_y(value, ceiling) for value in values), strict=True)]
        for values in ([one.low for one in ahead], [one.middle for one in ahead], [one.high for one in ahead])
    )
    every = -(-_LABEL_WIDTH * len(months) // (WIDTH - LEFT))
    return BurnDown(
        ticks=tuple(Tick(_y(value, ceiling), Money(value, currency)) for value in range(0, ceiling + 1, step)),
        names=tuple(Name(x, month) for x, month in list(zip(xs, months, strict=True))[::every]),
        past=_path(behind),
        middle=_path(middles) if ahead else "",
        band=_path([*highs, *reversed(lows)]) + "Z" if ahead else "",
        today=behind[-1][0],
    )


def _y(value: int, ceiling: int) -> int:
    return TOP + HEIGHT - HEIGHT * max(0, value) // ceiling


def _path(points: Sequence[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)
