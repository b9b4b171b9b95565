"""Keeping runs: a batch of readings is judged, told to charging and written down, in one transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from lionrock.charging.actions import record_usage
from lionrock.charging.usage_files import UsageRecord
from lionrock.charging.usage_files.rows import SKIP_WORDS, SkipReason
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import message
from lionrock.kernel.texts import storable
from lionrock.metering.domain.rows import Outcome as RowOutcome
from lionrock.metering.domain.rows import Passed, Reading, Unreadable
from lionrock.metering.domain.runs import Judged, Kept, Told, is_news, judge
from lionrock.metering.domain.terms import Outcome, Terms
from lionrock.metering.domain.windows import SETTLES_WITHIN
from lionrock.metering.models import HeldRow
from lionrock.sites.models import Site
from lionrock.sites.queries import site_as_actor


def keep(
    site: Site, outcomes: Sequence[RowOutcome], terms: Terms, *, asked_at: datetime, window_start: datetime | None
) -> Counter[str]:
    """Take in what a batch of lines says; return how many became what.

    The caller holds the lock of the site's collection, in whose transaction all of this is. A batch
    that comes twice, or whose rows come in several, changes nothing.
    """
    tally: Counter[str] = Counter(rows=len(outcomes))
    readings = {row.key: row for row in outcomes if isinstance(row, Reading)}
    tally["repeated"] += sum(isinstance(row, Reading) for row in outcomes) - len(readings)
    held = _unreadable(outcomes, asked_at, tally)
    judged = _judged(site, list(readings.values()), terms, asked_at, tally)
    held |= {
        each.kept.reading.key: Unreadable(each.kept.reading.key, each.fault, _told_of(each.kept.reading))
        for each in judged
        if each.fault
    }
    _hold(site, held, {row.key for row in outcomes if not isinstance(row, Unreadable)}, asked_at, window_start)
    return tally


def _unreadable(outcomes: Iterable[RowOutcome], asked_at: datetime, tally: Counter[str]) -> dict[str, Unreadable]:
    """Return what cannot be read, and half-made rows that should have become whole long ago."""
    held: dict[str, Unreadable] = {}
    for row in outcomes:
        if isinstance(row, Unreadable):
            held[row.key] = row
            tally["held"] += 1
        elif isinstance(row, Passed):
            tally[row.why.value] += 1
            if row.why is SkipReason.UNSETTLED and row.submitted and asked_at - row.submitted > SETTLES_WITHIN:
                held[row.key] = Unreadable(row.key, _unsettled(), "")
    return held


def _judged(
    site: Site, readings: Sequence[Reading], terms: Terms, asked_at: datetime, tally: Counter[str]
) -> list[Judged]:
    """Judge what is news, tell charging, write it down; return all that was judged."""
    digests = _digests(site, [reading.key for reading in readings])
    changed = [reading for reading in readings if digests.get(reading.key) != reading.digest or not reading.digest]
    known = _known(site, [reading.key for reading in changed if reading.key in digests])
    news = [reading for reading in changed if is_news(known.get(reading.key), reading)]
    tally["known"] += len(readings) - len(news)
    judged = [judge(known.get(reading.key), reading, terms, line) for line, reading in enumerate(news)]
    records = [record for each in judged for record in each.records]
    for line, fault in _tell(site, records, asked_at, terms.source).items():
        before = known.get(judged[line].kept.reading.key)
        kept = Kept(judged[line].kept.reading, Outcome.HELD, before.told if before else None)
        judged[line] = Judged(kept, (), fault)
    _write(site, [each.kept for each in judged], known.keys(), asked_at)
    tally.update(each.kept.outcome.value for each in judged)
    tally["told"] += len(records)
    return judged


def _tell(site: Site, records: Sequence[UsageRecord], now: datetime, source: str) -> dict[int, Fault]:
    """Hand records to charging; return why it holds some, by their place in the batch."""
    if not records:
        return {}
    intake = record_usage(records, actor=site_as_actor(site), programme=site.programme, now=now, source=source)
    return {record.origin.line: fault for record, fault in intake.held}


def _digests(site: Site, keys: Sequence[str]) -> dict[str, str]:
    """Return which of these runs are on file; each with its digest where the same line again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS, [list(keys), site.pk])
        return dict(cursor.fetchall())


def _known(site: Site, keys: Sequence[str]) -> dict[str, Kept]:
    """Return what is kept of these runs."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(keys), site.pk])
        return {row[0]: kept_of(row) for row in cursor.fetchall()}


def held_runs(site: Site) -> list[Kept]:
    """Return the runs of a site that could be read and not charged."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD_RUNS, [site.pk])
        return [kept_of(row) for row in cursor.fetchall()]


def kept_of(row: Sequence[Any]) -> Kept:
    """Return the run of a row of the columns `_KNOWN`."""
    told = None
    if row[16] != "":
        devices = tuple((item, units, seconds) for item, units, seconds in _devices(row[22]))
        told = Told(row[16], row[17], row[18], row[19], row[20], row[21], devices, row[23], row[24])
    return Kept(Reading(*row[:15]), Outcome(row[15]), told)


def _devices(text: str | list[list[Any]]) -> list[list[Any]]:
    return json.loads(text) if isinstance(text, str) else text


def _write(site: Site, kept: Sequence[Kept], known: Container[str], asked_at: datetime) -> None:
    """Write runs down: new ones straight into their table, as the site's lock keeps others from adding any."""
    _copy(_COPY_NEW, site, [one for one in kept if one.reading.key not in known], asked_at)
    if changed := [one for one in kept if one.reading.key in known]:
        with connection.cursor() as cursor:
            cursor.execute(_CREATE)
        _copy(_COPY_CHANGED, site, changed, asked_at)
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE)


def _copy(into: str, site: Site, kept: Sequence[Kept], asked_at: datetime) -> None:
    if not kept:
        return
    read_at = str(asked_at)
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for one in kept:
            copy.write_row((site.pk, *_columns(one), read_at))


def _columns(kept: Kept) -> tuple[object, ...]:
    """Return what is written of a run; an instant is made text once, as that takes the longest of all."""
    reading, outcome, told = kept
    start, end = str(reading.start), reading.end and str(reading.end)
    run = (*reading[:9], start, end, *reading[11:], outcome.value)
    if told is None:
        return (*run, "", None, None, "", "", "", "[]", False, -1)
    began = start if told.start == reading.start else told.start
    until = end if told.until == reading.end else told.until
    return (*run, told.job, began, until, *told[3:6], _json(told.devices), told.interim, told.revision)


@lru_cache(maxsize=4096)
def _json(devices: tuple[tuple[str, int, int], ...]) -> str:
    return json.dumps(devices)


def _hold(
    site: Site, held: Mapping[str, Unreadable], met: set[str], asked_at: datetime, window_start: datetime | None
) -> None:
    """Write down what is held, and forget what is so no more."""
    free = met - held.keys()
    on_file = HeldRow.objects.filter(site=site)
    if on_file.exists():
        on_file.filter(key__in=list(free)).exclude(code=RUNAWAY).delete()
    rows = [
        HeldRow(
            site=site,
            key=row.key,
            job=row.key.split("@")[0] if "@" in row.key else "",
            code=row.fault.code.replace("charging.usage_files.", "metering.row."),
            template=row.fault.message.template,
            fields={name: storable(str(value)) for name, value in row.fault.message.fields.items()},
            raw=storable(row.raw),
            since=asked_at,
            seen_at=asked_at,
            window_start=window_start,
        )
        for row in held.values()
    ]
    HeldRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["site", "key"],
        update_fields=["code", "template", "fields", "raw", "seen_at", "window_start"],
    )


RUNAWAY = "metering.run.runaway"


def _told_of(reading: Reading) -> str:
    end = reading.end.isoformat() if reading.end else "–"
    words = (reading.job, reading.account, reading.partition, reading.state, reading.start.isoformat(), end)
    return " ".join([*words, reading.tres])


def _unsettled() -> Fault:
    return Fault("metering.row.unsettled", message(SKIP_WORDS[SkipReason.UNSETTLED]))


_RUN = """key, row, job, account, username, partition, state, submitted, eligible, start, "end", busy, tres, nodes,
    digest, outcome, told_job, told_start, told_until, told_state, told_account, told_award, told_devices,
    told_interim, revision"""
"""The columns of a run, in the order of `Reading`, its outcome, and `Told`."""

# No text from outside is in these: values are parameters, and the columns are literals.
_HELD_RUNS = f"SELECT {_RUN} FROM metering_meteredrun WHERE outcome = 'held' AND site_id = %s"  # noqa: S608

_DIGESTS = """
SELECT key, CASE WHEN outcome = 'held' OR "end" IS NULL THEN '' ELSE digest END
FROM metering_meteredrun JOIN unnest(%s::text[]) AS asked (key) USING (key) WHERE site_id = %s
"""

_KNOWN = f"""
SELECT {_RUN} FROM metering_meteredrun JOIN unnest(%s::text[]) AS asked (key) USING (key) WHERE site_id = %s
"""  # noqa: S608

_CREATE = """
CREATE TEMPORARY TABLE IF NOT EXISTS metered ON COMMIT DELETE ROWS AS SELECT * FROM metering_meteredrun LIMIT 0;
TRUNCATE metered
"""

_COPY_NEW = f"COPY metering_meteredrun (site_id, {_RUN}, read_at) FROM STDIN"

_COPY_CHANGED = f"COPY metered (site_id, {_RUN}, read_at) FROM STDIN"

_READ = ", ".join(f"metered.{column.strip()}" for column in _RUN.split(","))

_UPDATE = f"""
UPDATE metering_meteredrun AS run SET ({_RUN}, read_at) = ROW ({_READ}, metered.read_at),
    missing_since = CASE WHEN metered."end" IS NULL THEN run.missing_since END
FROM metered WHERE run.site_id = metered.site_id AND run.key = metered.key
"""  # noqa: S608
