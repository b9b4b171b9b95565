"""From pieces to lines: how much device-time each line has, exactly, and when it was first used."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, NamedTuple

import duckdb

from lionrock.charging.columnar.axis import Axis, Group
from lionrock.charging.columnar.standing import HeldRecord
from lionrock.charging.domain.awards import Terms
from lionrock.charging.domain.prices import PriceVersion
from lionrock.kernel.periods import Month


class LineOf(NamedTuple):
    """What the use on one line has in common."""

    month: Month
    account: str
    site: str
    item: str
    price: PriceVersion
    terms: Terms


@dataclass(frozen=True, slots=True)
class Total:
    """Device-seconds of a line, and its first instant in seconds since 1970."""

    seconds: Fraction | int
    first_use: int


@dataclass(frozen=True)
class Rating:
    """What a file comes to: lines by month of use, what has no price, what is held.

    `unpriced` are runs of which nothing at all has a price in the months that were rated.
    """

    lines: dict[Month, dict[LineOf, Total]] = field(default_factory=dict)
    unpriced_seconds: Fraction | int = 0
    unpriced: list[HeldRecord] = field(default_factory=list)
    held: list[HeldRecord] = field(default_factory=list)


def add_up(database: duckdb.DuckDBPyConnection, axis: Axis, held: list[HeldRecord]) -> Rating:
    """Return the lines of the pieces in the table `piece`."""
    database.execute(_GROUPS)
    groups = database.execute("SELECT site, item, account, award FROM side ORDER BY number").fetchall()
    if not groups:
        return Rating(held=held)
    lines = _lay_out(database, axis, [Group(*group) for group in groups])
    totals = _totals(database, axis)
    rating = Rating(held=held)
    for number, line in enumerate(lines):
        if number in totals and totals[number].seconds:
            rating.lines.setdefault(line.month, {})[line] = totals[number]
    if WITHOUT_PRICE not in totals:
        return rating
    return replace(rating, unpriced_seconds=totals[WITHOUT_PRICE].seconds, unpriced=_without_price(database))


@dataclass(frozen=True)
class Part:
    """What a part of one month comes to; lines of no device-time are in it, as another part may have more of them.

    `unpriced_runs` counts the runs of which anything has no price; `unpriced_names` are the first of them by name.
    """

    lines: dict[LineOf, Total] = field(default_factory=dict)
    unpriced_seconds: Fraction | int = 0
    unpriced_runs: int = 0
    unpriced_names: list[str] = field(default_factory=list)


def add_up_part(database: duckdb.DuckDBPyConnection, axis: Axis, *, named: int) -> Part:
    """Return the lines of the pieces on the axis of one month, and so many names of runs without a price."""
    database.execute(_GROUPS)
    groups = database.execute("SELECT site, item, account, award FROM side ORDER BY number").fetchall()
    if not groups:
        return Part()
    lines = _lay_out(database, axis, [Group(*group) for group in groups])
    totals = _totals(database, axis)
    part = Part({line: totals[number] for number, line in enumerate(lines) if number in totals})
    if WITHOUT_PRICE not in totals:
        return part
    database.execute(_TOUCHED)
    database.execute(_LACKING)
    [(runs,)] = database.execute("SELECT count(*) FROM lacking").fetchall()
    names = [name for (name,) in database.execute(_NAMES, [named]).fetchall()]
    return replace(part, unpriced_seconds=totals[WITHOUT_PRICE].seconds, unpriced_runs=runs, unpriced_names=names)


def _totals(database: duckdb.DuckDBPyConnection, axis: Axis) -> dict[int, Total]:
    """Return the total of each line: whole device-seconds, and those in fractions of a suspended run's length."""
    found: dict[int, Total] = {}
    for number, parts, sum_of_parts, first_use in database.execute(_TOTALS).fetchall():
        seconds = sum_of_parts if parts == 1 else Fraction(sum_of_parts, parts)
        since = axis.start + first_use
        known = found.get(number)
        if known is not None:
            seconds, since = known.seconds + seconds, min(known.first_use, since)
        found[number] = Total(seconds, since)
    return found


def _lay_out(database: duckdb.DuckDBPyConnection, axis: Axis, groups: list[Group]) -> list[LineOf]:
    """Make the table `stretch`, and return the lines by number."""
    lines: list[LineOf] = []
    numbers: dict[tuple[object, ...], int] = {}
    rows: list[tuple[int, int, int, int, int, int]] = []
    for number, group in enumerate(groups):
        place = group[:3]
        for one in axis.stretches(group):
            line = WITHOUT_PRICE
            if one.price is not None:
                # The axis gives out equal prices and terms as one object, so that their places in memory name them.
                line = numbers.setdefault((place, one.month, id(one.price), id(one.terms)), len(lines))
                if line == len(lines):
                    month = axis.months[one.month]
                    lines.append(LineOf(month, group.account, group.site, group.item, one.price, one.terms))
            begins, ends = axis.edges[one.first] - axis.start, axis.edges[one.until] - axis.start
            rows.append((number, one.first, one.until, begins, ends, line))
    database.execute(_STRETCHES, list(map(list, zip(*rows, strict=True))))
    return lines


def _without_price(database: duckdb.DuckDBPyConnection) -> list[HeldRecord]:
    """Return the runs of which no part has a price."""
    database.execute(_TOUCHED)
    found = database.execute(_WHOLLY_UNPRICED).fetchall()
    return [HeldRecord(record, site, job, "no_price") for record, site, job in found]


WITHOUT_PRICE: Final = -1
"""The number, instead of a line's, of stretches that have no price."""

_GROUPS: Final = """
CREATE TEMP TABLE side AS
SELECT row_number() OVER (ORDER BY site, item, account, award) - 1 AS number, *
FROM (SELECT DISTINCT site, item, account, award FROM piece)
"""

_STRETCHES: Final = """
CREATE TEMP TABLE stretch AS
SELECT unnest($1::BIGINT[]) AS side, unnest($2::BIGINT[]) AS first_cell, unnest($3::BIGINT[]) AS until_cell,
  unnest($4::BIGINT[]) AS begins, unnest($5::BIGINT[]) AS ends, unnest($6::BIGINT[]) AS line
"""

_TOTALS: Final = """
SELECT line, parts, sum(
    CASE WHEN piece.last_cell < until_cell THEN closed ELSE weight * ends END
    - CASE WHEN piece.first_cell >= stretch.first_cell THEN opened ELSE weight * begins END)::HUGEINT,
  min(CASE WHEN piece.first_cell >= stretch.first_cell THEN first_use ELSE begins END)
FROM piece
JOIN side ON side.site = piece.site AND side.item = piece.item AND side.account = piece.account
  AND side.award IS NOT DISTINCT FROM piece.award
JOIN stretch ON stretch.side = side.number
  AND stretch.first_cell <= piece.last_cell AND piece.first_cell < until_cell
GROUP BY line, parts
"""

_TOUCHED: Final = """
CREATE VIEW touched AS
SELECT cut.record, cut.site, cut.job, cut.start, line < 0 AS unpriced
FROM cut
JOIN side ON side.site = cut.site AND side.item = cut.item AND side.account = cut.account
  AND side.award IS NOT DISTINCT FROM cut.award
JOIN stretch ON stretch.side = side.number
  AND stretch.first_cell <= cut.last_cell AND cut.first_cell < until_cell
"""

_LACKING: Final = """
CREATE TEMP TABLE lacking AS SELECT DISTINCT site, job, start FROM touched WHERE unpriced
"""

_NAMES: Final = "SELECT site || '/' || job FROM lacking ORDER BY 1 LIMIT ?"

_WHOLLY_UNPRICED: Final = """
SELECT min(record), site, job
FROM touched SEMI JOIN (SELECT DISTINCT record FROM touched WHERE unpriced) AS lacking USING (record)
GROUP BY site, job, start HAVING bool_and(unpriced)
ORDER BY 1
"""
