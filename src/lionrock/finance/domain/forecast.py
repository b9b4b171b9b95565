"""What a fund may come to: futures drawn from its own past months, and the band that most of them lie in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from lionrock.kernel.periods import Month

FEWEST: Final = 3
"""Closed months without which nothing is forecast: fewer say nothing about how much months differ."""

LOOKED_AT: Final = 12
"""The latest closed months that futures are drawn from: a year, so that each season counts once."""

FUTURES: Final = 1000
LOW, MIDDLE, HIGH = 100, 500, 900
"""Places of the futures, sorted, that are told: eight of ten futures lie between the low and the high one."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A month to come: what will be left unspent at its end, in minor units.

    Of ten futures one leaves less than `low`, and one more than `high`. `exhausted` counts, of a
    thousand futures, those in which nothing is left by then.
    """

    month: Month
    low: int
    middle: int
    high: int
    exhausted: int


def forecast(spent: Sequence[int], left: int, last: Month, months: int) -> list[Ahead]:
    """Return what will be left of a fund at the end of each month to come; empty with too few closed months.

    `spent` is what each closed month took, up to `last`, in minor units; `left` is unspent now. A
    future is a row of months drawn at random, with replacement, from the latest year of them (the
    bootstrap of Efron, 1979), the first months ahead the first drawn. No future spends more than
    there is. The draws are always the same for the same figures, so that a page does not flicker.
    """
    if len(spent) < FEWEST:
        return []
    past = list(spent[-LOOKED_AT:])
    draw = random.Random(f"{left} {last} {past}")  # noqa: S311 - a forecast, no secret
    futures = [list(accumulate(draw.choices(past, k=months))) for _ in range(FUTURES)]
    found, month = [], last
    for ahead in range(months):
        month = month.next
        remaining = sorted(max(0, left - future[ahead]) for future in futures)
        found.append(
            Ahead(
                month=month,
                low=remaining[LOW],
                middle=remaining[MIDDLE],
                high=remaining[HIGH],
                exhausted=sum(not each for each in remaining),
            )
        )
    return found
