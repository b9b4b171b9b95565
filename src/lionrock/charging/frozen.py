"""The records of use as they stood when a bound was set: whatever arrives later is not seen.

A bound is the number of the newest record. Of each run the best record up to the bound counts: one that
stands, or one in whose place a later record stands now. So a month can be read in parts, at different
moments, and all of them see the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, Final

from django.db import connection

from lionrock.charging.domain.runs import Run
from lionrock.charging.models import RecordedRun
from lionrock.kernel.periods import Interval

CHUNK: Final = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """The runs of a month that end after one instant and not after another, and about how many they are."""

    after: datetime
    upto: datetime | None
    runs: int


def newest(programme: str) -> int:
    """Return the number of a programme's newest record; zero when there is none."""
    found = RecordedRun.objects.filter(programme=programme).order_by("-id").values_list("id", flat=True).first()
    return found or 0


def stream(programme: str, span: Interval) -> Iterator[Run]:
    """Yield the runs that stand now and have a part in a span; the caller holds the books."""
    rows = RecordedRun.objects.filter(
        programme=programme, standing=True, start__lt=span.end, end__gt=span.start
    ).values_list("site", "job", "start", "end", "account", "devices", "award", "device_seconds", "state", "revision")
    for row in rows.order_by().iterator(chunk_size=CHUNK):
        yield Run(*row)


def are_more_than(count: int, programme: str, spans: Iterable[Interval]) -> bool:
    """Tell whether more runs than that have a part in any of the spans, counted no further than needed."""
    left = count
    with connection.cursor() as cursor:
        for span in spans:
            cursor.execute(_COUNT_UP_TO, [programme, span.start, span.end, left + 1])
            left -= (cursor.fetchone() or (0,))[0]
            if left < 0:
                return True
    return False


_COUNT_UP_TO: Final = """
SELECT count(*) FROM (
    SELECT FROM charging_recordedrun
    WHERE programme = %s AND standing AND "end" > %s AND start < %s LIMIT %s
) AS found
"""


def touched_since(programme: str, since: int, bound: int, before: datetime) -> list[Interval]:
    """Return spans of time in which runs lie, or lay, that records after one number and up to another are about."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [programme, since, bound, bound, before])
        spans = cursor.fetchall()
    return [Interval(start.astimezone(UTC), end.astimezone(UTC)) for start, end in spans]


_TOUCHED: Final = """
SELECT min(earlier.start), max(earlier."end")
FROM charging_recordedrun newer
JOIN charging_recordedrun earlier USING (programme, site, job, start)
WHERE programme = %s AND newer.id > %s AND newer.id <= %s AND earlier.id <= %s
    AND start < %s AND earlier."end" > earlier.start
GROUP BY date_trunc('day', earlier.start), date_trunc('day', earlier."end")
"""


def parts_of(programme: str, span: Interval, bound: int, size: int) -> list[Part]:
    """Return a span's runs in parts of about so many, by the instant of their end."""
    given: dict[str, str | int | datetime] = {
        "programme": programme,
        "after": span.start,
        "before": span.end,
        "bound": bound,
        "size": size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)
        runs = (cursor.fetchone() or (0,))[0]
        cursor.execute(_EDGES, given)
        edges = {end.astimezone(UTC): place for end, place in cursor.fetchall() if place < runs}
    starts, ends = [(span.start, 0), *edges.items()], [*edges.items(), (None, runs)]
    return [Part(after, upto, place - before) for (after, before), (upto, place) in zip(starts, ends, strict=True)]


_COUNT: Final = """
SELECT count(*) FROM charging_recordedrun
WHERE programme = %(programme)s AND standing AND "end" > %(after)s AND start < %(before)s AND id <= %(bound)s
"""

_EDGES: Final = """
SELECT "end", place FROM (
    SELECT "end", row_number() OVER (ORDER BY "end") AS place
    FROM charging_recordedrun
    WHERE programme = %(programme)s AND standing AND "end" > %(after)s AND start < %(before)s AND id <= %(bound)s
) AS ordered
WHERE place %% %(size)s = 0
ORDER BY place
"""


def copy_part(programme: str, span: Interval, bound: int, part: Part, to: BinaryIO) -> None:
    """Write a part's runs as CSV: a row for each item, with instants in seconds since 1970. One statement, one view."""
    given = {
        "programme": programme,
        "bound": bound,
        "before": span.end,
        "after": part.after,
        "upto": part.upto or "infinity",
    }
    with connection.cursor() as cursor, cursor.copy(_COPY, given) as blocks:
        for block in blocks:
            to.write(block)


COLUMNS: Final = {
    "record": "BIGINT",
    "site": "VARCHAR",
    "job": "VARCHAR",
    "start": "BIGINT",
    "end": "BIGINT",
    "account": "VARCHAR",
    "award": "VARCHAR",
    "item": "VARCHAR",
    "count": "BIGINT",
    "device_seconds": "BIGINT",
    "state": "VARCHAR",
}
"""What `copy_part` writes, in order."""

_COPY: Final = """
COPY (
    WITH replaced AS (
        SELECT DISTINCT ON (earlier.site, earlier.job, earlier.start) earlier.*
        FROM charging_recordedrun later
        JOIN charging_recordedrun earlier USING (programme, site, job, start)
        WHERE programme = %(programme)s AND later.id > %(bound)s AND later.standing AND earlier.id <= %(bound)s
        ORDER BY earlier.site, earlier.job, earlier.start,
            earlier.interim, earlier.revision DESC, earlier.reaches DESC NULLS LAST
    ), run AS (
        SELECT id, site, job, start, "end", account, award, devices, device_seconds, state
        FROM charging_recordedrun
        WHERE programme = %(programme)s AND standing AND id <= %(bound)s
            AND "end" > %(after)s AND "end" <= %(upto)s AND start < %(before)s
        UNION ALL
        SELECT id, site, job, start, "end", account, award, devices, device_seconds, state
        FROM replaced
        WHERE "end" > %(after)s AND "end" <= %(upto)s AND start < %(before)s
    )
    SELECT id, site, job, extract(epoch FROM start)::bigint, extract(epoch FROM "end")::bigint, account, award,
        device.key, device.value::bigint, (device_seconds ->> device.key)::bigint, state
    FROM run CROSS JOIN LATERAL jsonb_each_text(devices) AS device
) TO STDOUT (FORMAT csv, FORCE_QUOTE (site, job, account, award, key, state))
"""
