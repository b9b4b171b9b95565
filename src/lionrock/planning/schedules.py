"""Writes schedules and traces as Parquet, whole or not at all."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message


def write_starts(into: Path, ids: Iterable[int], starts: Iterable[int]) -> None:
    """Write job_id and start, seconds in the time of the trace; raises `Unavailable` if it cannot be written."""
    write_rows(into, {"job_id": "BIGINT", "start": "BIGINT"}, zip(ids, starts, strict=True))


def write_rows(into: Path, columns: Mapping[str, str], rows: Iterable[Iterable[object]]) -> None:
    """Write rows under columns of these types; raises `Unavailable` if they cannot be written."""
    try:
        # Beside its place and then renamed, so that nobody meets half a file. DuckDB takes rows from
        # text at three times the speed at which it takes them from Python.
        with tempfile.TemporaryDirectory(dir=into.parent) as folder:
            text, made = Path(folder) / "rows.csv", Path(folder) / "rows.parquet"
            with text.open("w", newline="") as file:
                csv.writer(file).writerows(rows)
            _convert(text, columns, made)
            made.replace(into)
    except (OSError, duckdb.Error) as wrong:
        said = message(
            gettext_noop("{file} cannot be written: {reason}. Name a place that can be written, with enough room."),
            file=str(into),
            reason=str(wrong).splitlines()[0].rstrip("."),
        )
        raise Unavailable("planning.schedule.not_written", said) from wrong


def _convert(text: Path, columns: Mapping[str, str], made: Path) -> None:
    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as database:
        found = database.read_csv(str(text), header=False, sep=",", quotechar='"', columns=dict(columns))
        found.write_parquet(str(made), compression="zstd")
