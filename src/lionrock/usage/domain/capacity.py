"""What could have been used: devices × time, less what was out of service where that is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from lionrock.kernel.periods import Interval


@dataclass(frozen=True, slots=True)
class Reading:
    """From an instant on there were so many devices; `down` of them were out of service, None: nobody knows."""

    since: datetime
    devices: int
    down: int | None


@dataclass(frozen=True, slots=True)
class Capacity:
    """Device-seconds of a span: installed, and of these out of service.

    `watched` are the seconds of the span in which it is known what was out of service.
    """

    installed: int
    down: int = 0
    watched: int = 0

    @property
    def seconds(self) -> int:
        """What could have been used."""
        return self.installed - self.down

    def __add__(self, other: Capacity) -> Capacity:
        return Capacity(self.installed + other.installed, self.down + other.down, min(self.watched, other.watched))


def capacity_in(readings: Sequence[Reading], whole: Interval, since: datetime | None = None) -> Capacity | None:
    """Return the capacity of a span by readings in their order; None when nothing is known.

    Each reading holds until the next. What was there before the first, from `since` on where that is
    said, is taken to be as the first found it, and nothing is known of what was out of service then.
    """
    if not readings or not any(reading.devices for reading in readings):
        return None
    span = whole if since is None else Interval(min(max(whole.start, since), whole.end), whole.end)
    installed = down = watched = 0
    for at, reading in enumerate(readings):
        start = span.start if at == 0 else max(span.start, reading.since)
        end = readings[at + 1].since if at + 1 < len(readings) else span.end
        end = min(end, span.end)
        if start < end:
            installed += reading.devices * Interval(start, end).seconds
        known = max(start, reading.since)
        if reading.down is not None and known < end:
            watched += Interval(known, end).seconds
            down += min(reading.down, reading.devices) * Interval(known, end).seconds
    return Capacity(installed, down, watched)


def together(parts: Iterable[Capacity | None]) -> Capacity | None:
    """Return the sum; None as soon as one part is not known, for then the whole is not."""
    found = list(parts)
    known = [part for part in found if part is not None]
    if not found or len(known) < len(found):
        return None
    total = known[0]
    for part in known[1:]:
        total += part
    return total


def granted_in(device_seconds: int, of: Interval, span: Interval) -> int:
    """Return what a quota gives in a span when it is spread evenly over its time, cut to whole device-seconds.

    Parts that follow each other add up to the whole.
    """
    return part(device_seconds, of, span)


def part(weight: int, of: Interval, span: Interval) -> int:
    """Return how much of a weight, spread evenly over `of`, lies in `span`.

    Cut so that the parts of spans that follow each other add up to the weight: what lies before the
    end, less what lies before the start, each cut to a whole. The same stands in `reading.py` as SQL.
    """
    common = of.overlap(span)
    if common is None:
        return 0
    return weight * _since(of, common.end) // of.seconds - weight * _since(of, common.start) // of.seconds


def _since(of: Interval, instant: datetime) -> int:
    return Interval(of.start, instant).seconds


def share_of(used: int, capacity: int | None) -> Fraction | None:
    """Return used ÷ capacity; None where there was none, or it is not known."""
    return Fraction(used, capacity) if capacity and capacity > 0 else None
