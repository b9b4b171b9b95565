"""Files of usage records in Parquet: their columns, how runs are written into one, and how one is opened.

A record with several items has one row for each; its rows share the number `record`, which counts
records in order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.tariff import epoch
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

MEMORY: Final = "400MB"

INSTANTS: Final = frozenset({"TIMESTAMP WITH TIME ZONE", "TIMESTAMP", "BIGINT"})
_WHOLE: Final = frozenset({"INTEGER", "BIGINT"})
_TEXT: Final = frozenset({"VARCHAR"})

COLUMNS: Final = {
    "record": _WHOLE,
    "site": _TEXT,
    "job": _TEXT,
    "start": INSTANTS,
    "end": INSTANTS,
    "account": _TEXT,
    "award": _TEXT,
    "item": _TEXT,
    "count": _WHOLE,
    "device_seconds": _WHOLE,
    "state": _TEXT,
    "revision": _WHOLE,
    "interim": frozenset({"BOOLEAN"}),
}
"""Every column of a file, and the types that it may have. Whole numbers as instants are seconds since 1970.

`award` is null where the record names none; `device_seconds` where nothing was suspended; `count` where
a record has device-seconds of an item but no devices; `item` where it has no devices at all.
"""


def write_runs(runs: Iterable[Run], file: Path) -> None:
    """Write runs, numbered in the order given, as a file of usage records."""
    rows = [row for number, run in enumerate(runs) for row in _rows(number, run)]
    columns = list(map(list, zip(*rows, strict=True))) if rows else [[] for _ in COLUMNS]
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        database.execute(_ROWS, columns)
        database.table("usage_record").write_parquet(str(file))


_ROWS: Final = """
CREATE TABLE usage_record AS SELECT
  unnest($1::BIGINT[]) AS record, unnest($2::VARCHAR[]) AS site, unnest($3::VARCHAR[]) AS job,
  make_timestamp(unnest($4::BIGINT[])) AS start, make_timestamp(unnest($5::BIGINT[])) AS "end",
  unnest($6::VARCHAR[]) AS account, unnest($7::VARCHAR[]) AS award,
  unnest($8::VARCHAR[]) AS item, unnest($9::BIGINT[]) AS count, unnest($10::BIGINT[]) AS device_seconds,
  unnest($11::VARCHAR[]) AS state, unnest($12::BIGINT[]) AS revision, unnest($13::BOOLEAN[]) AS interim
"""


def _rows(number: int, run: Run) -> Iterable[Sequence[Any]]:
    """Yield a row for each item; a record without any has one row all the same, so that it can be named."""
    items: list[str | None] = list(dict.fromkeys([*run.devices, *run.device_seconds]))
    for item in items or [None]:
        yield (
            number,
            run.site,
            run.job,
            _microseconds(run.start),
            _microseconds(run.end),
            run.account,
            run.award,
            item,
            None if item is None else _storable(run.devices.get(item)),
            None if item is None else _storable(run.device_seconds.get(item)),
            run.state,
            run.revision,
            run.interim,
        )


def _storable(number: int | None) -> int | None:
    """Return the number, or -1, which is as impossible, for one that no column holds."""
    return number if number is None or abs(number) < 2**63 else -1


def _microseconds(instant: datetime) -> int:
    return epoch(instant) * 1_000_000 + instant.microsecond


def open_records(file: Path, *, threads: int = 2, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """Return a database in which the view `arrived` is the file; raises `Invalid` when it is not of the shape above.

    The table `statistic` has what the file says of each column in each of its row groups. `memory` is
    what the database may hold before it sets parts aside on disk.
    """
    database = duckdb.connect(
        ":memory:", config={"threads": threads, "memory_limit": memory, "preserve_insertion_order": False}
    )
    try:
        database.read_parquet(str(file)).create_view("arrived")
    except duckdb.Error as wrong:
        database.close()
        raise _unreadable(file, str(wrong).partition("\n")[0]) from wrong
    found = {row[0]: row[1] for row in database.execute("DESCRIBE arrived").fetchall()}
    wrong_columns = [name for name, types in COLUMNS.items() if found.get(name) not in types]
    if not wrong_columns and found["start"] != found["end"]:
        wrong_columns = ["start", "end"]
    if wrong_columns:
        database.close()
        raise _unreadable(file, ", ".join(f"{name} {found.get(name, '-')}" for name in wrong_columns))
    database.execute(_STATISTIC, [str(file)])
    return database


_STATISTIC: Final = """
CREATE TEMP TABLE statistic AS
SELECT path_in_schema AS name, row_group_id AS part, row_group_num_rows AS rows, stats_min_value AS low,
  stats_max_value AS high, coalesce(stats_null_count = num_values, false) AS is_empty
FROM parquet_metadata(?)
"""


def _unreadable(file: Path, problem: str) -> Invalid:
    said = message(
        gettext_noop(
            "{file} cannot be read as a file of usage records: {problem}. "
            "docs/reference/usage-records.md names the columns and their types."
        ),
        file=file.name,
        problem=problem,
    )
    fault = Fault("charging.columnar.unreadable", said, str(file))
    return Invalid("charging.columnar.unreadable", said, faults=[fault])
