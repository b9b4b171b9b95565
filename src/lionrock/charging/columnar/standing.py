"""Which rows of a file stand: of several records of a run the highest, and none that cannot be rated.

Nearly every run has one record, and nearly every record is sound. A first look finds the few runs of
which that is not so, by a hash of their key; only those are then worked out, exactly. Two runs whose
hashes meet are both worked out, which costs a little time and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import duckdb

from lionrock.charging.domain.awards import AwardTerms
from lionrock.charging.domain.runs import MOST_DEVICES, UNBILLED_STATES

ROWS_AT_ONCE: Final = 4_000_000
"""How many rows are looked through for several records of a run at a time, where the file is in order of time."""


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A run of which a record is held. `reason` is the last word of the fault's code."""

    record: int
    site: str
    job: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a look through a file found: the runs with a held record, in order of arrival, and the span of its use.

    `start` and `end` are seconds since 1970; None where there is no sound record.
    """

    held: list[HeldRecord]
    start: int | None
    end: int | None


def find_standing(database: duckdb.DuckDBPyConnection, awards: Iterable[AwardTerms], *, settled: bool) -> Found:
    """Make the view `standing`, and `billed`: its rows that are billed, with `s` and `e` in seconds since 1970.

    `settled` says that the file has only what stands: one sound record of each run, as the books hold
    them. Then nobody looks for others.
    """
    _make_usage(database)
    if settled:
        known = database.execute(_BOUNDS).fetchall()
        found = Found([], *known[0]) if known else _survey(database)[0]
        database.execute(_ALL_STAND)
    else:
        found = _look_through(database, awards)
    _make_billed(database)
    return found


_ALL_STAND: Final = "CREATE VIEW standing AS SELECT * FROM usage"

# What the file's own statistics say, where its instants are whole numbers; else nothing.
_BOUNDS: Final = """
SELECT min(low) FILTER (name = 'start'), max(high) FILTER (name = 'end')
FROM (
  SELECT name, try_cast(low AS BIGINT) AS low, try_cast(high AS BIGINT) AS high
  FROM statistic WHERE name IN ('start', 'end')
)
HAVING bool_and(low IS NOT NULL AND high IS NOT NULL)
"""


def _survey(database: duckdb.DuckDBPyConnection) -> tuple[Found, bool]:
    """Return the span of sound use, and whether there is a record that is not sound."""
    [(start, end, odd)] = database.execute(_SURVEY).fetchall()
    return Found([], start, end), bool(odd)


def _look_through(database: duckdb.DuckDBPyConnection, awards: Iterable[AwardTerms]) -> Found:
    """Look for runs with several records and for records that cannot be rated, and work those out."""
    holders = [(award.code, award.account) for award in awards]
    database.execute(_HOLDERS, [[code for code, _ in holders], [account for _, account in holders]])
    database.execute("CREATE TEMP TABLE doubt (hash UBIGINT)")
    found, odd = _survey(database)
    if odd:
        database.execute(_DOUBT_ODD)
    if database.execute("SELECT count(award) FROM usage").fetchall()[0][0]:
        database.execute(_DOUBT_AWARDS)
    if not _is_rising(database):
        for first, until in _spans(database):
            database.execute(_DOUBT_SEVERAL, [first, until])
    if database.execute("SELECT count(*) FROM doubt").fetchall()[0][0]:
        return replace(found, held=_work_out(database))
    database.execute(_ALL_STAND)
    return found


def _make_usage(database: duckdb.DuckDBPyConnection) -> None:
    """Make the view `usage`. A column of which the file's statistics know no value is a constant in it."""
    seconds = database.execute("SELECT column_type FROM (DESCRIBE arrived) WHERE column_name = 'start'").fetchall()
    in_seconds = seconds == [("BIGINT",)]
    empty = {name for (name,) in database.execute(_EMPTY).fetchall()}
    for name, meaning in (
        ("seconds(x)", "x" if in_seconds else "epoch_us(x) // 1000000"),
        ("part_second(x)", "false" if in_seconds else "epoch_us(x) % 1000000 <> 0"),
        ("if_awards(x)", "NULL::VARCHAR" if "award" in empty else "x"),
        ("if_metered(x)", "NULL::BIGINT" if "device_seconds" in empty else "x"),
        ("most_devices()", MOST_DEVICES),
    ):
        database.execute(f"CREATE MACRO {name} AS ({meaning})")
    for step in (_USAGE, _IS_ODD):
        database.execute(step)


_EMPTY: Final = "SELECT name FROM statistic GROUP BY name HAVING bool_and(is_empty)"

_USAGE: Final = """
CREATE VIEW usage AS
SELECT record, coalesce(site, '') AS site, job, start, "end", seconds(start) AS s, seconds("end") AS e,
  account, if_awards(award) AS award, item, count, if_metered(device_seconds) AS device_seconds,
  state, revision, interim
FROM arrived
"""

_HOLDERS: Final = "CREATE TEMP TABLE holder AS SELECT unnest($1::VARCHAR[]) AS code, unnest($2::VARCHAR[]) AS account"

_IS_ODD: Final = """
CREATE VIEW seen AS
SELECT *, NOT coalesce("end" >= start AND count BETWEEN 1 AND most_devices()
    AND job IS NOT NULL AND account IS NOT NULL AND item IS NOT NULL AND state IS NOT NULL
    AND revision IS NOT NULL AND interim IS NOT NULL, false)
  OR part_second(start) OR part_second("end")
  OR NOT coalesce(device_seconds BETWEEN 0 AND count::HUGEINT * (e - s), true) AS odd
FROM usage
"""

_SURVEY: Final = """
SELECT min(CASE WHEN NOT odd THEN s END), max(CASE WHEN NOT odd THEN e END), bool_or(odd) FROM seen
"""

_DOUBT_ODD: Final = "INSERT INTO doubt SELECT DISTINCT hash(site, job, start) FROM seen WHERE odd"

_DOUBT_AWARDS: Final = """
INSERT INTO doubt
SELECT DISTINCT hash(site, job, start) FROM usage SEMI JOIN (
  SELECT DISTINCT account, award FROM usage
  WHERE award IS NOT NULL AND (account, award) NOT IN (SELECT account, code FROM holder)
) AS unheld ON unheld.account = usage.account AND unheld.award = usage.award
"""

_DOUBT_SEVERAL: Final = """
INSERT INTO doubt
SELECT hash FROM (
  SELECT hash(site, job, start) AS hash, record FROM usage WHERE s >= $1 AND s < $2
)
GROUP BY hash HAVING min(record) <> max(record)
"""


def _is_rising(database: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether each row has a greater key (start, site, job) than the row before: then no two are of one run.

    Rows of one record, which follow each other, may share a key. Whatever order the rows are looked at
    in, if each is greater than the last then no two are alike. Looked at only where the file's own
    statistics leave hope.
    """
    lows = [row[0] for row in database.execute(_LOWS).fetchall()]
    hopeful = lows == sorted(lows, key=lambda low: (len(low), low))
    return hopeful and database.execute(_FALLS).fetchall() == []


_LOWS: Final = "SELECT coalesce(low, '') FROM statistic WHERE name = 'start' ORDER BY part"

_FALLS: Final = """
SELECT 1 FROM (
  SELECT start, site, job, record, lag(start) OVER () AS start_before, lag(site) OVER () AS site_before,
    lag(job) OVER () AS job_before, lag(record) OVER () AS record_before, row_number() OVER () AS number
  FROM usage
)
WHERE number > 1 AND NOT coalesce(start > start_before OR (start = start_before AND (
  site > site_before OR (site = site_before AND (
    job > job_before OR (job = job_before AND record = record_before))))), false)
LIMIT 1
"""


def _spans(database: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Return spans of starts that hold about `ROWS_AT_ONCE` rows each, where the file is in order of time.

    Records of one run share its start, so that they are in one span. Only starts that are kept as whole
    numbers are divided: the file's own statistics say where.
    """
    edges = [_FIRST]
    rows = 0
    for least, count in database.execute(_ROW_GROUPS).fetchall():
        if rows >= ROWS_AT_ONCE and least is not None and least > edges[-1]:
            edges.append(least)
            rows = 0
        rows += count
    return list(pairwise([*edges, _LAST]))


_FIRST: Final = -(2**62)
_LAST: Final = 2**62

_ROW_GROUPS: Final = """
SELECT try_cast(low AS BIGINT) AS least, rows FROM statistic WHERE name = 'start' ORDER BY least
"""


def _work_out(database: duckdb.DuckDBPyConnection) -> list[HeldRecord]:
    """Work out the runs that are in doubt, make the view `standing`, and return those with a held record."""
    for step in (_QUESTIONED, _TOLD, _BEST, _STANDING):
        database.execute(step)
    return [HeldRecord(*row) for row in database.execute(_HELD).fetchall()]


_QUESTIONED: Final = """
CREATE TEMP TABLE questioned AS
SELECT * FROM usage WHERE hash(site, job, start) IN (SELECT hash FROM doubt)
"""

_TOLD: Final = """
CREATE TEMP TABLE told AS
SELECT *, (NOT interim, revision, CASE WHEN interim THEN "end" ELSE start END) AS rank,
  ("end", account, award, state, devices) AS content
FROM (
  SELECT record, any_value(site) AS site, any_value(job) AS job, any_value(start) AS start,
    any_value("end") AS "end", any_value(account) AS account, any_value(award) AS award,
    any_value(state) AS state, any_value(revision) AS revision, any_value(interim) AS interim,
    list((item, count, device_seconds) ORDER BY item) AS devices,
    CASE
      WHEN bool_or(job IS NULL OR start IS NULL OR "end" IS NULL OR account IS NULL OR state IS NULL
        OR revision IS NULL OR interim IS NULL OR (item IS NULL AND count IS NOT NULL)) THEN 'incomplete'
      WHEN bool_or("end" < start) THEN 'end_before_start'
      WHEN bool_or(part_second(start) OR part_second("end")) THEN 'part_second'
      WHEN count(count) = 0 THEN 'no_devices'
      WHEN bool_or(count NOT BETWEEN 1 AND most_devices()) THEN 'count'
      WHEN bool_or(device_seconds NOT BETWEEN 0 AND coalesce(count, 0)::HUGEINT * (e - s)) THEN 'device_seconds'
      WHEN any_value(award) IS NOT NULL
        AND (any_value(account), any_value(award)) NOT IN (SELECT account, code FROM holder) THEN 'award'
    END AS reason
  FROM questioned GROUP BY record
)
"""

_BEST: Final = """
CREATE TEMP TABLE best AS
SELECT * FROM told WHERE reason IS NULL
QUALIFY row_number() OVER (PARTITION BY site, job, start ORDER BY rank DESC, record) = 1
"""

_STANDING: Final = """
CREATE VIEW standing AS
SELECT * FROM usage WHERE record NOT IN (SELECT record FROM told)
UNION ALL
SELECT * FROM questioned WHERE count IS NOT NULL AND record IN (SELECT record FROM best)
"""

# A fault is held only while no sound record of its rank or a higher stands; a contradiction is one of
# the very rank that stands.
_HELD: Final = """
SELECT min(told.record), told.site, coalesce(told.job, ''),
  arg_min(coalesce(told.reason, 'contradiction'), told.record)
FROM told LEFT JOIN best
  ON told.site = best.site AND told.job IS NOT DISTINCT FROM best.job AND told.start IS NOT DISTINCT FROM best.start
WHERE (told.reason IS NOT NULL AND (best.record IS NULL OR told.rank > best.rank))
  OR (told.reason IS NULL AND told.rank = best.rank AND told.content IS DISTINCT FROM best.content)
GROUP BY told.site, told.job, told.start
ORDER BY 1
"""


def _make_billed(database: duckdb.DuckDBPyConnection) -> None:
    """Make the view of what stands without the end states that are the centre's fault."""
    found = [row[0] for row in database.execute(_STATES).fetchall()]
    unbilled = [state for state in found if state.split(" ", 1)[0].rstrip("+") in UNBILLED_STATES]
    quoted = ", ".join("'" + state.replace("'", "''") + "'" for state in unbilled)
    database.execute(f"CREATE MACRO is_billed(state) AS {f'state NOT IN ({quoted})' if quoted else 'true'}")
    database.execute("CREATE VIEW billed AS SELECT * FROM standing WHERE is_billed(state) AND e > s")


_STATES: Final = """
SELECT DISTINCT state FROM usage WHERE starts_with(state, 'NODE_FAIL') OR starts_with(state, 'BOOT_FAIL')
"""
