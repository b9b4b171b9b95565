"""Reading pieces of use, and waits, in SQL: a year of a million runs is added up by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from lionrock.kernel.periods import Interval


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose use is read: all of these programmes, and these awards and organisations beside, but for `hidden` awards.

    `everything` is for the person at the machine's own terminal.
    """

    everything: bool
    programmes: frozenset[str]
    organisations: frozenset[str]
    accounts: frozenset[str]
    hidden: frozenset[str] = frozenset()

    @property
    def given(self) -> dict[str, Any]:
        """The scope as parameters of SQL."""
        return {
            "everything": self.everything,
            "programmes": sorted(self.programmes),
            "organisations": sorted(self.organisations),
            "accounts": sorted(self.accounts),
            "hidden": sorted(self.hidden),
        }


class Metered(NamedTuple):
    """Device-seconds that runs of an account on a cluster held in a pool; `pool` is None outside all pools.

    Outside pools they are seconds of runs: what these hold is not known to be anything that is offered.
    """

    step: int
    site: int
    pool: int | None
    account: str
    seconds: int


class Recorded(NamedTuple):
    """Unit-seconds of a price item that is on file for charging, at a site that does not account itself."""

    step: int
    programme: str
    site: str
    award: str
    item: str
    seconds: int


def metered(edges: Sequence[datetime], scope: Scope) -> list[Metered]:
    """Return what clusters' own accounting has between the edges, added up by step, pool and account."""
    return [Metered(*row) for row in _rows(_METERED, _given(edges) | scope.given)]


def recorded(edges: Sequence[datetime], scope: Scope) -> list[Recorded]:
    """Return what charging has between the edges and no cluster accounts for; leases are no use."""
    return [Recorded(*row) for row in _rows(_RECORDED, _given(edges) | scope.given)]


def _given(edges: Sequence[datetime]) -> dict[str, Any]:
    return {
        "edges": [int(edge.timestamp()) for edge in edges],
        "first": int(edges[0].timestamp()),
        "last": int(edges[-1].timestamp()),
        "start": edges[0],
        "end": edges[-1],
    }


def _rows(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


# A run's part of a step is cut as `domain/capacity.py:part` cuts it. A run that goes on is known to have run
# up to where its cluster was read. Processors of a suspended job are given back, all else is kept (sreport too).
# OFFSET 0 keeps what is inside from being worked out again for each use of it; most runs lie in one step alone.
_METERED = """
WITH run AS MATERIALIZED (
    SELECT *, width_bucket(lower, %(edges)s::bigint[]) AS first, width_bucket(upper - 1, %(edges)s::bigint[]) AS last
    FROM (
        SELECT site, pool, account, began, reached - began AS span, devices,
            CASE WHEN gives_back THEN busy ELSE reached - began END AS weight,
            greatest(began, known, %(first)s) AS lower, least(reached, %(last)s) AS upper
        FROM (
            SELECT run.site_id AS site, pool.id AS pool, run.account, run.busy,
                floor(date_part('epoch', run.start))::bigint AS began,
                floor(date_part('epoch', coalesce(run."end", read.through)))::bigint AS reached,
                floor(date_part('epoch', read.since))::bigint AS known,
                pool.device IS NOT DISTINCT FROM 'cpu' AND run."end" IS NOT NULL AS gives_back,
                CASE WHEN pool.id IS NULL THEN 1 ELSE coalesce(substring(split_part(
                    ',' || run.tres, ',' || pool.device || '=', 2) FROM '^[0-9]{1,9}')::bigint, 0) END AS devices
            FROM metering_meteredrun run
            JOIN metering_collection read ON read.site_id = run.site_id
            JOIN sites_site site ON site.id = run.site_id
            LEFT JOIN sites_pool pool ON pool.site_id = run.site_id AND pool.partition = run.partition
            WHERE run.start < %(end)s AND (run."end" > %(start)s OR run."end" IS NULL)
                AND (%(everything)s OR site.programme = ANY(%(programmes)s) OR run.account = ANY(%(accounts)s))
            OFFSET 0
        ) AS run
        OFFSET 0
    ) AS run
    WHERE lower < upper AND devices > 0
)
SELECT step - 1, site, pool, account, sum(devices * CASE WHEN weight = span THEN till - since
    ELSE weight * (till - began) / span - weight * (since - began) / span END)::bigint
FROM (
    SELECT site, pool, account, devices, weight, span, began, first AS step, lower AS since, upper AS till
    FROM run
    WHERE first = last
    UNION ALL
    SELECT site, pool, account, devices, weight, span, began, step, greatest(lower, (%(edges)s::bigint[])[step]),
        least(upper, (%(edges)s::bigint[])[step + 1])
    FROM run CROSS JOIN LATERAL generate_series(first, last) AS step
    WHERE first < last
) AS piece
GROUP BY step, site, pool, account
"""

# From where a cluster's accounting is read on, that alone counts; before, what is on file for charging.
_RECORDED = """
WITH run AS MATERIALIZED (
    SELECT *, width_bucket(lower, %(edges)s::bigint[]) AS first, width_bucket(upper - 1, %(edges)s::bigint[]) AS last
    FROM (
        SELECT *, ended - began AS span, greatest(began, %(first)s) AS lower, least(ended, %(last)s, known) AS upper
        FROM (
            SELECT run.programme, run.site, run.award, held.item, held.units::bigint AS units,
                (run.device_seconds ->> held.item)::numeric AS weight,
                floor(date_part('epoch', run.start))::bigint AS began,
                floor(date_part('epoch', run."end"))::bigint AS ended,
                floor(date_part('epoch', read.since))::bigint AS known
            FROM charging_recordedrun run
            CROSS JOIN LATERAL jsonb_each_text(run.devices) AS held(item, units)
            LEFT JOIN sites_site site ON site.code = run.site
            LEFT JOIN metering_collection read ON read.site_id = site.id
            WHERE run.standing AND run.start < %(end)s AND run."end" > %(start)s AND run.state <> 'LEASE'
                AND (%(everything)s OR run.programme = ANY(%(programmes)s) OR run.account = ANY(%(organisations)s)
                    AND NOT coalesce(run.award, '') = ANY(%(hidden)s))
            OFFSET 0
        ) AS run
        OFFSET 0
    ) AS run
    WHERE lower < upper
)
SELECT step - 1, programme, site, coalesce(award, ''), item, sum(CASE WHEN weight IS NULL THEN units * (till - since)
    ELSE div(weight * (till - began), span) - div(weight * (since - began), span) END)::bigint
FROM (
    SELECT programme, site, award, item, units, weight, span, began, first AS step, lower AS since, upper AS till
    FROM run
    WHERE first = last
    UNION ALL
    SELECT programme, site, award, item, units, weight, span, began, step,
        greatest(lower, (%(edges)s::bigint[])[step]), least(upper, (%(edges)s::bigint[])[step + 1])
    FROM run CROSS JOIN LATERAL generate_series(first, last) AS step
    WHERE first < last
) AS piece
GROUP BY step, programme, site, award, item
"""


class Waited(NamedTuple):
    """Runs that started, by where and by how many hours were asked for: how many, median and ninth tenth in seconds.

    `asked` is the longest time of the class in hours, 0 for longer ones, None where nobody knows what was asked.
    """

    site: str
    pool: str
    asked: int | None
    runs: int
    median: int
    most: int


def waits(span: Interval, scope: Scope, classes: Sequence[int]) -> list[Waited]:
    """Return the waits from submission to start of what started in a span, by pool and time asked for.

    Median and ninth tenth are waits that somebody had: the nearest rank, nothing in between.
    """
    given = {"start": span.start, "end": span.end, "hours": list(classes)} | scope.given
    return [Waited(*row) for row in _rows(_WAITS, given)]


# A job of the portal is known to the cluster by the number and the instant in its handle, "CLUSTER/NUMBER/SUBMITTED".
_WAITS = """
SELECT site, place, asked, count(*)::int, percentile_disc(0.5) WITHIN GROUP (ORDER BY waited),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY waited)
FROM (
    SELECT site, place, waited, CASE WHEN seconds IS NULL THEN NULL ELSE coalesce(
        (SELECT min(hours) FROM unnest(%(hours)s::int[]) AS hours WHERE seconds <= hours * 3600), 0) END AS asked
    FROM (
        SELECT site.code AS site, run.partition AS place, job.time_limit_seconds AS seconds,
            greatest(0, extract(epoch FROM run.start - run.submitted))::bigint AS waited
        FROM metering_meteredrun run
        JOIN sites_site site ON site.id = run.site_id
        LEFT JOIN jobs_job job ON job.site_id = run.site_id AND job.handle <> ''
            AND split_part(job.handle, '/', 2) = substring(run.job FROM '^[0-9]+')
            AND split_part(job.handle, '/', 3) = split_part(run.key, '@', 2)
        WHERE run.start >= %(start)s AND run.start < %(end)s
            AND (%(everything)s OR site.programme = ANY(%(programmes)s) OR run.account = ANY(%(accounts)s))
        UNION ALL
        SELECT site.code, '', job.time_limit_seconds,
            greatest(0, floor(extract(epoch FROM job.started_at - job.submitted_at)))::bigint
        FROM jobs_job job
        JOIN sites_site site ON site.id = job.site_id
        JOIN awards_award award ON award.id = job.award_id
        JOIN people_organisation organisation ON organisation.id = award.organisation_id
        WHERE NOT job.accounted_by_site AND job.started_at >= %(start)s AND job.started_at < %(end)s
            AND (%(everything)s OR award.programme = ANY(%(programmes)s) OR organisation.code = ANY(%(organisations)s)
                AND NOT award.code = ANY(%(hidden)s))
    ) AS run
) AS run
GROUP BY site, place, asked
ORDER BY site, place, asked NULLS LAST
"""


def last_used(scope: Scope) -> dict[str, datetime]:
    """Return up to when each award was last used: by its account on clusters, and by its code on file."""
    return dict(_rows(_LAST, scope.given))


_LAST = """
SELECT lower(name), max(used) FROM (
    SELECT regexp_replace(run.account, '[.]lent$', '') AS name, max(coalesce(run."end", read.through)) AS used
    FROM metering_meteredrun run
    JOIN metering_collection read ON read.site_id = run.site_id
    JOIN sites_site site ON site.id = run.site_id
    WHERE run.start < coalesce(run."end", read.through)
        AND (%(everything)s OR site.programme = ANY(%(programmes)s) OR run.account = ANY(%(accounts)s))
    GROUP BY run.account
    UNION ALL
    SELECT award, max("end")
    FROM charging_recordedrun
    WHERE standing AND award IS NOT NULL AND start < "end" AND state <> 'LEASE'
        AND (%(everything)s OR programme = ANY(%(programmes)s) OR account = ANY(%(organisations)s)
            AND NOT award = ANY(%(hidden)s))
    GROUP BY award
) AS each
GROUP BY lower(name)
"""


class Efficient(NamedTuple):
    """How well the jobs of an award that ended used what they held.

    Of `jobs`, the processors of `cpu_jobs` and the memory of `memory_jobs` are known: milliseconds of
    processors used and held, byte-seconds of memory used (each job's peak, for all its time) and asked for.
    """

    site: str
    award: str
    organisation: str
    jobs: int
    cpu_jobs: int
    cpu_used: int
    cpu_held: int
    memory_jobs: int
    memory_used: int
    memory_held: int


def efficiencies(span: Interval, scope: Scope) -> list[Efficient]:
    """Return how well jobs of the portal that ended in a span used processors and memory, by site and award."""
    rows = _rows(_EFFICIENT, {"start": span.start, "end": span.end} | scope.given)
    return [Efficient(*row[:3], *map(int, row[3:])) for row in rows]


# least() passes over what is not known, so each sum says itself of which jobs it is.
_EFFICIENT = """
SELECT site, award, organisation, count(*), count(cpu),
    coalesce(sum(least(cpu, held)) FILTER (WHERE cpu IS NOT NULL), 0),
    coalesce(sum(held) FILTER (WHERE cpu IS NOT NULL), 0), count(peak),
    coalesce(sum(least(peak, asked)::numeric * seconds) FILTER (WHERE peak IS NOT NULL), 0),
    coalesce(sum(asked::numeric * seconds) FILTER (WHERE peak IS NOT NULL), 0)
FROM (
    SELECT site, award, organisation, seconds, held, asked, CASE WHEN held > 0 THEN cpu END AS cpu,
        CASE WHEN asked > 0 AND seconds > 0 THEN peak END AS peak
    FROM (
        SELECT site.code AS site, award.code AS award, organisation.name AS organisation,
            job.cpu_milliseconds AS cpu, job.peak_memory_bytes AS peak, job.asked_memory_bytes AS asked,
            floor(extract(epoch FROM job.ended_at - job.started_at))::bigint AS seconds,
            floor(extract(epoch FROM job.ended_at - job.started_at))::bigint * job.allocated_cpus * 1000 AS held
        FROM jobs_job job
        JOIN sites_site site ON site.id = job.site_id
        JOIN awards_award award ON award.id = job.award_id
        JOIN people_organisation organisation ON organisation.id = award.organisation_id
        WHERE job.ended_at >= %(start)s AND job.ended_at < %(end)s AND job.started_at IS NOT NULL
            AND (%(everything)s OR award.programme = ANY(%(programmes)s) OR organisation.code = ANY(%(organisations)s)
                AND NOT award.code = ANY(%(hidden)s))
    ) AS job
) AS job
GROUP BY site, award, organisation
ORDER BY site, award
"""
