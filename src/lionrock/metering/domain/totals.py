"""Totals of a span of time, as Slurm reports them and as they are counted here, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.kernel.errors import Fault, Invalid, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Interval, local_date, local_midnight

Totals = Mapping[tuple[str, str], int]
"""Device-seconds by account on the cluster and device."""

SETTLED_AFTER: Final = timedelta(hours=2)
"""So long after a day its totals are asked for: Slurm adds an hour up when it is over, and late records come."""
LOOKED_BACK: Final = timedelta(days=35)
"""Days before this are asked for no more."""
_HOUR: Final = 3600
_FIELDS: Final = 4
_PROCESSORS: Final = "cpu"


@dataclass(frozen=True, slots=True)
class Difference:
    """An account and a device of which Slurm reports other seconds than are counted here."""

    account: str
    device: str
    reported: int
    counted: int


def read_report(text: str, cluster: str) -> Totals:
    """Read `sreport cluster AccountUtilizationByUser` (Account, Login, TRESName, Used; no header).

    Rows without a login are totals of parents, and are left out. Raises `Unavailable` for a line that
    is none of these: nothing is compared then.
    """
    totals: Counter[tuple[str, str]] = Counter()
    for line in text.splitlines():
        fields = line.split("|")
        if len(fields) != _FIELDS or not fields[3].isdecimal():
            raise _report(cluster, line)
        account, login, device, used = fields
        if login:
            totals[account, device] += int(used)
    return {key: seconds for key, seconds in totals.items() if seconds}


def add_up(rows: Iterable[tuple[str, str, int, int]], devices: Sequence[str]) -> Totals:
    """Add (account, AllocTRES, busy seconds, seconds) up by account and device; other devices are left out.

    A job that is suspended gives its processors back and keeps everything else: so Slurm adds it up.
    """
    totals: Counter[tuple[str, str]] = Counter()
    for account, tres, busy, seconds in rows:
        amounts = dict(part.rpartition("=")[::2] for part in tres.split(","))
        for device in devices:
            totals[account, device] += int(amounts.get(device, "0")) * (busy if device == _PROCESSORS else seconds)
    return {key: seconds for key, seconds in totals.items() if seconds}


def compare(reported: Totals, counted: Totals) -> list[Difference]:
    """Return where the two differ, by account and device; to the second."""
    keys = sorted(reported.keys() | counted.keys())
    pairs = [Difference(*key, reported.get(key, 0), counted.get(key, 0)) for key in keys]
    return [pair for pair in pairs if pair.reported != pair.counted]


def check_hours(span: Interval) -> None:
    """Check that a span is of whole hours, which is all that Slurm adds up; raises `Invalid`."""
    ends = (span.start, span.end)
    if span.seconds and not any(int(end.timestamp()) % _HOUR or end.microsecond for end in ends):
        return
    said = message(
        gettext_noop("Slurm adds up whole hours only, and {start} to {end} is not made of these. Say whole hours."),
        start=span.start,
        end=span.end,
    )
    code = "metering.reconcile.hours"
    raise Invalid(code, said, faults=[Fault(code, said, field="from", value=str(span.start))])


def days_to_compare(since: datetime, through: datetime, now: datetime, zone: ZoneInfo) -> list[Interval]:
    """Return the days of a site whose totals can be compared by now: whole, settled, and read to their end."""
    first: date = max(local_date(since, zone), local_date(now - LOOKED_BACK, zone))
    if local_midnight(first, zone) < since:
        first += timedelta(days=1)
    days: list[Interval] = []
    while True:
        day = Interval(local_midnight(first, zone), local_midnight(first + timedelta(days=1), zone))
        if day.end > through or day.end + SETTLED_AFTER > now:
            return days
        days.append(day)
        first += timedelta(days=1)


def _report(cluster: str, line: str) -> Unavailable:
    said = message(
        gettext_noop(
            "The cluster {cluster} reports its totals in a form that is not known (“{line}”). They are not compared."
        ),
        cluster=cluster,
        line=line[:80],
    )
    return Unavailable("metering.reconcile.report", said)
