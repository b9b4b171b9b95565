"""Leases that pause: time in which nothing is billed, because what was leased was not there."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from lionrock.kernel.periods import Interval, Month, local_date, local_midnight
from lionrock.rules.proration import Proration


def billed_spans(span: Interval, pauses: Collection[Interval]) -> list[Interval]:
    """Return what of a span lies in no pause, in order; pauses may overlap."""
    edges = [instant for pause in pauses for instant in (pause.start, pause.end)]
    return [part for part in span.cut(edges) if not any(pause.overlap(part) for pause in pauses)]


def is_countable(pause: Interval, rule: Proration, zone: ZoneInfo) -> bool:
    """Tell whether the rule can leave exactly the pause out: seconds, or whole days, or whole months.

    Where a day begun, or a month, counts whole, a lease that pauses within one would owe it twice.
    """
    if rule is Proration.BY_SECOND:
        return True
    whole = _begins_month if rule is Proration.WHOLE_MONTHS else _begins_day
    return whole(pause, zone)


def _begins_day(pause: Interval, zone: ZoneInfo) -> bool:
    return all(local_midnight(local_date(edge, zone), zone) == edge for edge in (pause.start, pause.end))


def _begins_month(pause: Interval, zone: ZoneInfo) -> bool:
    return all(Month.of(edge, zone).interval(zone).start == edge for edge in (pause.start, pause.end))
