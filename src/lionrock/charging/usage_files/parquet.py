"""Job traces in Parquet, read in batches by DuckDB with the memory of one batch.

Columns needed: job_id, submit_time, duration, the account column (user or vc), and the demand column
of each unit that is charged (gpus, cpus, nodes). Used when there: state, recorded_wait, gpu_milli.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from lionrock.charging.usage_files.hold import Hold, invalid_file
from lionrock.charging.usage_files.options import UsageOptions
from lionrock.charging.usage_files.text import Outcome
from lionrock.charging.usage_files.traces import TraceReader
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message

MAGIC: Final = b"PAR1"
_BATCH: Final = 20_000
_WHOLE: Final = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"}
)
_OPTIONAL: Final = {"state": "''", "recorded_wait": "-1", "gpu_milli": "null"}


class ParquetSource:
    """An open Parquet trace; `position` of `total` rows have been read."""

    def __init__(self, path: Path, options: UsageOptions) -> None:
        self.path = path
        self.name = path.name
        self.position = 0
        self._trace = TraceReader(self.name, options)
        self._account = options.account_column
        self._database = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB"})
        self.total = self._count()
        self._columns = self._described()
        self._check_columns()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(sql, [str(self.path)]).fetchall()
        except duckdb.Error as wrong:
            raise _not_parquet(self.name, wrong) from wrong

    def _count(self) -> int:
        return int(self._ask("select num_rows from parquet_file_metadata(?)")[0][0])

    def _described(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self._ask("describe select * from read_parquet(?)")}

    def _check_columns(self) -> None:
        numbers = ["submit_time", "duration", *self._trace.demand_columns]
        missing = [name for name in ("job_id", *numbers, self._account) if name not in self._columns]
        numbers += [name for name in ("recorded_wait", "gpu_milli") if name in self._columns]
        wrong = [name for name in numbers if self._columns.get(name, "BIGINT") not in _WHOLE]
        if missing or wrong:
            raise _wrong_columns(self.name, missing, wrong, self._columns)

    def _query(self) -> str:
        optional = [name if name in self._columns else missing for name, missing in _OPTIONAL.items()]
        # Column names are those of a fixed list, never the file's, so this is no way in for SQL.
        wanted = [
            "coalesce(cast(job_id as varchar), '')",
            f"coalesce(cast(\"{self._account}\" as varchar), '')",
            "submit_time",
            "duration",
            f"coalesce(cast({optional[0]} as varchar), '')",
            *optional[1:],
            *self._trace.demand_columns,
        ]
        return f"select {', '.join(wanted)} from read_parquet(?)"  # noqa: S608 - see above

    def rows(self) -> Iterator[Outcome]:
        """Yield what each row becomes; a part of the file that cannot be read ends in a held row."""
        try:
            result = self._database.execute(self._query(), [str(self.path)])
            while batch := result.fetchmany(_BATCH):
                for values in batch:
                    self.position += 1
                    yield self._outcome(values)
        except duckdb.Error as wrong:
            yield _damaged(wrong).row(self.name, self.position + 1, "")

    def _outcome(self, values: tuple[Any, ...]) -> Outcome:
        job, account, submit, duration, state, wait, milli, *demands = values
        try:
            return self._trace.record(self.position, job, account, submit, wait, duration, state, tuple(demands), milli)
        except Hold as hold:
            return hold.row(self.name, self.position, str(values))


def _not_parquet(file: str, wrong: duckdb.Error) -> Invalid:
    said = message(
        gettext_noop("{file} cannot be read as Parquet: {reason} Fetch it again, or say its format."),
        file=file,
        reason=_first_line(wrong),
    )
    return invalid_file("parquet", said, file=file)


def _first_line(wrong: duckdb.Error) -> str:
    return str(wrong).partition("\n")[0].rstrip(".") + "."


def _damaged(wrong: duckdb.Error) -> Hold:
    return Hold(
        "cut",
        gettext_noop(
            "The rest of the file cannot be read from here: {value} Fetch the file again and import it again: what was "
            "read stays."
        ),
        field="file",
        value=_first_line(wrong),
    )


def _wrong_columns(file: str, missing: list[str], wrong: list[str], found: dict[str, str]) -> Invalid:
    shown = ", ".join(f"{name} {kind.lower()}" for name, kind in found.items())
    said = message(
        gettext_noop(
            "{file} cannot be read as a job trace. Columns missing: {missing}; not whole numbers: {wrong}; found: "
            "{found}."
        ),
        file=file,
        missing=", ".join(missing) or "-",
        wrong=", ".join(wrong) or "-",
        found=shown,
    )
    return invalid_file("columns", said, file=file, field=", ".join([*missing, *wrong]), value=shown)
