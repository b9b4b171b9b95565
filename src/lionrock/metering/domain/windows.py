"""Which spans of time are asked for: they overlap, are bounded, and reach up to now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from lionrock.kernel.periods import Interval

OVERLAP: Final = timedelta(hours=1)
"""What was read before and is read again: records arrive late, and half-made ones become whole."""
LONGEST: Final = timedelta(days=1)
"""What is asked for at a time, so that catching up after days is many small answers, and can be interrupted."""
SETTLES_WITHIN: Final = timedelta(minutes=10)
"""A half-made record older than this will not become whole by itself."""


def windows(through: datetime, now: datetime, *, overlap: timedelta = OVERLAP) -> Iterator[Interval]:
    """Yield the spans to ask for: all was read up to `through`, and `now` is the end.

    None is longer than `LONGEST`. There is at least one, even where the clock went backwards.
    """
    start = min(through, now) - overlap
    while True:
        end = min(start + LONGEST, now)
        yield Interval(start, end)
        if end >= now:
            return
        start = end
