"""What a reading changes: what is kept of the run, and what charging is told.

A run is one row of the cluster's accounting, by the cluster's own key. Charging knows it by site, job
and start. Each later finding about a run is a higher revision of it; where its start or its job's
number changed, what was told before is taken back by a revision of no length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from lionrock.allocations.domain.naming import award_of
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.charging.usage_files.hold import Hold
from lionrock.charging.usage_files.rows import NONE_LESS
from lionrock.kernel.errors import Fault
from lionrock.metering.domain.rows import Reading
from lionrock.metering.domain.terms import Outcome, Payer, Terms, Used, no_award


class Told(NamedTuple):
    """What charging was last told of a run: its identity, up to when, who pays, and for what.

    `devices` are (item, units, unit-seconds). `interim` says that only its beginning was told, while it
    went on. `revision` counts what was told of the run, from 0.
    """

    job: str
    start: datetime
    until: datetime
    state: str
    organisation: str
    award: str
    devices: tuple[tuple[str, int, int], ...]
    interim: bool
    revision: int


class Kept(NamedTuple):
    """A run as we keep it: the newest reading, what became of it, and what charging was told."""

    reading: Reading
    outcome: Outcome
    told: Told | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a reading comes to: what is kept, the records for charging in their order, why it is held."""

    kept: Kept
    records: tuple[UsageRecord, ...] = ()
    fault: Fault | None = None


def is_news(old: Kept | None, reading: Reading) -> bool:
    """Tell whether a reading can change anything.

    What has ended goes on no more, whatever an older answer says. What is held is judged again each
    time, as awards and pools come on file; so is what runs, as months end.
    """
    if old is None or old.outcome is Outcome.HELD:
        return True
    if old.reading.end is not None and reading.end is None:
        return False
    return reading.end is None or old.reading != reading


def judge(old: Kept | None, reading: Reading, terms: Terms, line: int) -> Judged:
    """Return what a reading that is news comes to; `line` is its place in the batch, kept in the records."""
    told = old.told if old else None
    try:
        outcome, payer, used = _charge(reading, terms)
    except Hold as hold:
        return Judged(Kept(reading, Outcome.HELD, told), (), hold.row("sacct", 0, "").fault)
    want = _wanted(reading, payer, used, terms, told.revision if told else 0)
    records = []
    if told is not None and _replaced(told, want, reading):
        told = _taken_back(told)
        records.append(_record(told, terms.site, terms.source, reading.key, line))
    if want is not None and want != told:
        told = want._replace(revision=told.revision + 1) if told else want
        records.append(_record(told, terms.site, terms.source, reading.key, line))
    return Judged(Kept(reading, outcome, told), tuple(records))


def _charge(reading: Reading, terms: Terms) -> tuple[Outcome, Payer | None, tuple[Used, ...]]:
    """Return who pays for a run and for what; raises `Hold`."""
    if reading.end == reading.start:
        return Outcome.EMPTY, None, ()
    payer = terms.payers.get(reading.account)
    if payer is None:
        return _unpaid(reading.account, terms), None, ()
    used = terms.used(reading.account, reading.partition, reading.tres) if reading.tres else ()
    if not used:
        return Outcome.NO_DEVICES, None, ()
    return (Outcome.RUNNING if reading.end is None else Outcome.CHARGED), payer, used


def _unpaid(account: str, terms: Terms) -> Outcome:
    if account in terms.leases:
        return Outcome.LEASED
    if award_of(account) is not None and account not in terms.elsewhere:
        raise no_award(account)
    return Outcome.OUTSIDE


def _wanted(reading: Reading, payer: Payer | None, used: tuple[Used, ...], terms: Terms, revision: int) -> Told | None:
    """Return what charging is to know of a run; None for nothing (yet)."""
    if payer is None:
        return None
    interim = reading.end is None
    until = reading.end or min(terms.month_began, reading.start + timedelta(seconds=reading.busy))
    if interim and (until <= reading.start or reading.key in terms.missing):
        return None
    span = _seconds(reading.start, until)
    busy = span if interim else min(reading.busy, span)
    devices = tuple((each.item, each.units, each.seconds(busy)) for each in used)
    return Told(reading.job, reading.start, until, reading.state, *payer, devices, interim, revision)


def _replaced(told: Told, want: Told | None, reading: Reading) -> bool:
    """Tell whether what was told is to be taken back: it is no use any more, or stands under another name."""
    if told.until == told.start:
        return False
    if want is None:
        return reading.end is not None
    return (told.job, told.start) != (want.job, want.start)


def _taken_back(told: Told) -> Told:
    devices = tuple((item, units, 0) for item, units, _ in told.devices)
    return told._replace(until=told.start, devices=devices, interim=False, revision=told.revision + 1)


def _record(told: Told, site: str, source: str, key: str, line: int) -> UsageRecord:
    span = _seconds(told.start, told.until)
    less = {item: seconds for item, units, seconds in told.devices if seconds < units * span}
    return UsageRecord(
        site,
        told.job,
        told.start,
        told.until,
        told.organisation,
        told.award,
        {item: units for item, units, _ in told.devices},
        less or NONE_LESS,
        told.state,
        told.revision,
        told.interim,
        Origin(source, line),
        key,
    )


def _seconds(start: datetime, end: datetime) -> int:
    length = end - start
    return length.days * 86400 + length.seconds
