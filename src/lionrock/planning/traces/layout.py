"""Traces in Parquet, one row a job, as `docs/reference/traces.md` lays the columns out.

Needed: job_id, submit_time, duration, and the column of the unit. Used when there: requested_time,
requested_cpus (for a job whose cpus are not known), vc.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import duckdb

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.planning.domain.jobs import UNKNOWN, Label, Trace, Unit
from lionrock.planning.traces.columns import read_columns

_BATCH: Final = 50_000
_WHOLE: Final = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"}
)
_NEEDED: Final = ("job_id", "submit_time", "duration")


def read_parquet(path: Path, unit: Unit | None = None, *, label: Label | None = None) -> Trace:
    """Read one file in the order of its rows; raises `Invalid` if it is damaged or lacks a column."""
    try:
        with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as database:
            described = database.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
            columns = {row[0]: row[1] for row in described}
            unit = unit or _asked_for(database, path, columns)
            _check(path.name, columns, unit, label)
            return _read(database, path, columns, unit, label)
    except duckdb.Error as wrong:
        said = message(
            gettext_noop("{file} cannot be read as Parquet: {reason}. Fetch it again, or write it again."),
            file=path.name,
            reason=str(wrong).splitlines()[0].rstrip("."),
        )
        fault = Fault("planning.trace.damaged", said, file=path.name)
        raise Invalid("planning.trace.damaged", said, faults=[fault]) from wrong


def _asked_for(database: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str]) -> Unit:
    known = [unit for unit in Unit if columns.get(unit.value) in _WHOLE]
    # Names of a fixed list, never the file's, so this is no way in for SQL.
    counts = ", ".join(f"count(*) filter ({unit.value} > 0)" for unit in known)
    [found] = database.execute(f"select {counts or 0} from read_parquet(?)", [str(path)]).fetchall()  # noqa: S608
    return next((unit for unit, count in zip(known, found, strict=False) if count), Unit.GPUS)


def _read(
    database: duckdb.DuckDBPyConnection, path: Path, columns: Collection[str], unit: Unit, label: Label | None
) -> Trace:
    demand = f"coalesce({unit.value}, -1)"
    if unit is Unit.CPUS and "requested_cpus" in columns:
        demand = f"case when {demand} = -1 then coalesce(requested_cpus, -1) else {demand} end"
    requested = "requested_time" if "requested_time" in columns else "null"
    values = ["job_id", "submit_time", "duration", demand, requested]
    wanted = [f"coalesce({value}, {UNKNOWN})::bigint" for value in values]
    # Names of a fixed list, never the file's, so this is no way in for SQL.
    rows = database.sql(f"select {', '.join(wanted)} from read_parquet($1)", params=[str(path)])  # noqa: S608
    ids, submit, duration, demanded, asked = read_columns(rows, len(wanted))
    return Trace(unit, ids, submit, duration, demanded, asked, _labels(database, path, label) if label else [])


def _labels(database: duckdb.DuckDBPyConnection, path: Path, label: Label) -> list[str]:
    # There are few names and many rows: each name is kept once.
    seen: dict[str, str] = {}
    names: list[str] = []
    # A name of a fixed list, never the file's, so this is no way in for SQL.
    rows = database.execute(f"select coalesce({label.value}, '') from read_parquet(?)", [str(path)])  # noqa: S608
    while batch := rows.fetchmany(_BATCH):
        names.extend(seen.setdefault(name, name) for (name,) in batch)
    return names


def _check(name: str, columns: Mapping[str, str], unit: Unit, label: Label | None) -> None:
    numbers = [*_NEEDED, unit.value]
    faults = [
        _missing(name, each, columns) for each in [*numbers, *([label.value] if label else [])] if each not in columns
    ]
    numbers += [each for each in ("requested_time", "requested_cpus") if each in columns]
    faults += [_wrong(name, each, columns[each]) for each in numbers if columns.get(each, "BIGINT") not in _WHOLE]
    if faults:
        said = message(gettext_noop("{file} lacks columns of a trace, or has them in another type."), file=name)
        raise Invalid("planning.trace.columns", said, faults=faults)


def _missing(name: str, column: str, columns: Collection[str]) -> Fault:
    said = message(
        gettext_noop("{file} has no column {column}; it has {columns}. Add it, or rename the one that is meant."),
        file=name,
        column=column,
        columns=", ".join(columns),
    )
    return Fault("planning.trace.column", said, file=name, field=column)


def _wrong(name: str, column: str, kind: str) -> Fault:
    said = message(
        gettext_noop("{column} in {file} is of type {kind}. Write it as whole numbers."),
        column=column,
        file=name,
        kind=kind,
    )
    return Fault("planning.trace.column_type", said, file=name, field=column, value=kind)
