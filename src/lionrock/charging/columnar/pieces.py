"""The one pass over the file: every row becomes a part of a *piece*.

A piece gathers all rows of one group whose first second lies in one cell of the axis and whose last in
another. Device-time up to an instant is count × (instant - start), so that three sums say how much of
a piece lies before, between or behind any two edges: the rows themselves need not be cut. With c the
count, s and e start and end, the device-seconds of a piece between the edges a and b are
Σc·min(e, b) - Σc·max(s, a), and which of the two holds is the same for every row of the piece.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Final

import duckdb

from lionrock.charging.columnar.axis import Axis, RateCard
from lionrock.charging.columnar.standing import Found
from lionrock.charging.domain.tariff import epoch, from_epoch
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import PriceUnit
from lionrock.rules.proration import Proration


def gather(database: duckdb.DuckDBPyConnection, axis: Axis, card: RateCard, found: Found) -> None:
    """Make the table `piece` of the rows in the view `billed`.

    `opened` is Σ weight × start, `closed` Σ weight × end, both in seconds from the axis' beginning;
    what comes of them is to be divided by `parts`. `found` says where use begins and ends: rows are cut
    off at an end of the axis only where some lie beyond it.
    """
    early = found.start is None or found.start < axis.start
    late = found.end is None or found.end > axis.end
    even = card.proration is Proration.BY_SECOND
    [(suspended,)] = database.execute("SELECT count(device_seconds) FROM usage").fetchall()
    for name, meaning in (
        ("if_suspended(x)", "x" if suspended else "false"),
        ("metered_or(is_suspended, x, y)", "CASE WHEN is_suspended THEN x ELSE y END" if suspended else "y"),
        ("is_spread(is_suspended, is_cut)", "is_suspended AND is_cut" if suspended else "false"),
        ("axis_start()", axis.start),
        ("since_axis(x)", f"greatest(x, {axis.start})" if early else "x"),
        ("until_axis(x)", f"least(x, {axis.end})" if late else "x"),
        ("after_axis(x)", f"x >= {axis.end}" if late else "false"),
        ("before_axis(x)", f"x <= {axis.start}" if early else "false"),
        ("cell(x)", axis.cell_of("x")),
        ("is_stretched(place, kind)", "false" if even else _is_leased(card)),
    ):
        database.execute(f"CREATE MACRO {name} AS {meaning}")
    for step in (_CUT, _PIECES, *([_SPREAD] if suspended else [])):
        database.execute(step)
    if not even:
        _gather_leases(database, axis, card)


def _is_leased(card: RateCard) -> str:
    """Return SQL that tells whether an item is priced by the month at a site: by its own list, or that of all sites."""
    lists = sorted(card.prices.lists().items(), key=lambda entry: (entry[0][0] is None, str(entry[0])))
    cases = ["CASE"]
    for (site, item), versions in lists:
        leased = any(version.unit is PriceUnit.CALENDAR_MONTH for version in versions)
        where = "" if site is None else f"place = {_quoted(site)} AND "
        cases.append(f"WHEN {where}kind = {_quoted(item)} THEN {str(leased).lower()}")
    return " ".join([*cases, "ELSE false END"])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# What was suspended within one cell, and wholly on the axis, counts there as it was metered. What was
# suspended and lies in several cells is spread evenly, in fractions of its length.
_CUT: Final = """
CREATE VIEW cut AS
SELECT *, cell(s) AS first_cell, cell(e - 1) AS last_cell
FROM (
  SELECT * REPLACE (since_axis(s) AS s, until_axis(e) AS e),
    e - s AS elapsed, if_suspended(coalesce(device_seconds < count::HUGEINT * (e - s), false)) AS suspended
  FROM billed WHERE NOT after_axis(s) AND NOT before_axis(e)
)
"""

_PIECES: Final = """
CREATE TEMP TABLE piece AS
SELECT site, item, account, award, first_cell, last_cell, 1::HUGEINT AS parts,
  sum(metered_or(suspended, 0, count))::HUGEINT AS weight,
  sum(metered_or(suspended, 0, count * (s - axis_start())))::HUGEINT AS opened,
  sum(metered_or(suspended, device_seconds, count * (e - axis_start())))::HUGEINT AS closed,
  min(s - axis_start()) AS first_use
FROM cut
WHERE NOT is_spread(suspended, first_cell <> last_cell OR e - s <> elapsed) AND NOT is_stretched(site, item)
GROUP BY site, item, account, award, first_cell, last_cell
"""

_SPREAD: Final = """
INSERT INTO piece
SELECT site, item, account, award, first_cell, last_cell, elapsed,
  sum(device_seconds::HUGEINT), sum(device_seconds::HUGEINT * (s - axis_start())),
  sum(device_seconds::HUGEINT * (e - axis_start())), min(s - axis_start())
FROM cut
WHERE is_spread(suspended, first_cell <> last_cell OR e - s <> elapsed) AND NOT is_stretched(site, item)
GROUP BY site, item, account, award, first_cell, last_cell, elapsed
"""


def _gather_leases(database: duckdb.DuckDBPyConnection, axis: Axis, card: RateCard) -> None:
    """Add the pieces of leases that are owed by days begun or whole months: month by month, stretched.

    The part of the month that is owed is spread evenly over the time that was leased (convention 17).
    """
    spans = [month.interval(card.zone) for month in axis.months]
    begins, ends = [epoch(span.start) for span in spans], [epoch(span.end) for span in spans]
    database.execute(_LEASES, [list(range(len(spans))), begins, ends])
    held = database.execute("SELECT DISTINCT month, held_from, held_until FROM lease").fetchall()
    owed = [_owed(card, axis.months[month], first, until) for month, first, until in held]
    columns = [[row[place] for row in held] for place in range(3)]
    columns += [[part.numerator for part in owed], [part.denominator for part in owed]]
    database.execute(_OWED, columns)
    database.execute(_STRETCHED)


def _owed(card: RateCard, month: Month, first: int, until: int) -> Fraction:
    """Return how many seconds of the month each leased second counts for."""
    whole = month.interval(card.zone)
    part = Fraction(1)
    if card.proration is Proration.BY_DAY:
        begins, ends = from_epoch(first).astimezone(card.zone), from_epoch(until - 1).astimezone(card.zone)
        days = (month.next.first_day - timedelta(days=1)).day
        part = Fraction((ends.date() - begins.date()).days + 1, days)
    return part * Fraction(whole.seconds, until - first)


_LEASES: Final = """
CREATE TEMP TABLE lease AS
SELECT cut.*, month.number AS month, greatest(s, month.begins) AS held_from, least(e, month.ends) AS held_until
FROM cut JOIN (
  SELECT unnest($1::BIGINT[]) AS number, unnest($2::BIGINT[]) AS begins, unnest($3::BIGINT[]) AS ends
) AS month ON s < month.ends AND e > month.begins
WHERE is_stretched(site, item)
"""

_OWED: Final = """
CREATE TEMP TABLE owed AS
SELECT unnest($1::BIGINT[]) AS month, unnest($2::BIGINT[]) AS held_from, unnest($3::BIGINT[]) AS held_until,
  unnest($4::HUGEINT[]) AS numerator, unnest($5::HUGEINT[]) AS denominator
"""

_STRETCHED: Final = """
INSERT INTO piece
SELECT site, item, account, award, cell(held_from), cell(held_until - 1), parts,
  sum(weight), sum(weight * (held_from - axis_start())), sum(weight * (held_until - axis_start())),
  min(held_from - axis_start())
FROM (
  SELECT *, denominator * CASE WHEN suspended THEN elapsed ELSE 1 END AS parts,
    numerator * CASE WHEN suspended THEN device_seconds ELSE count END AS weight
  FROM lease JOIN owed USING (month, held_from, held_until)
)
GROUP BY site, item, account, award, cell(held_from), cell(held_until - 1), parts
"""
