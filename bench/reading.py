"""Reading a usage file against a bare loop over its lines, and against a scan of it."""

from __future__ import annotations

import tempfile
from collections import deque
from pathlib import Path

import duckdb

from bench.measuring import cpu
from bench.workload import Workload, as_csv
from lionrock.charging.usage_files import UsageOptions, open_usage_file

HEADINGS = ["reading", "rows a CPU second", "÷ bare loop", "÷ scan"]


def measure(work: Workload) -> list[list[str]]:
    """Return the rows of the table."""
    count = len(work.runs)
    with tempfile.TemporaryDirectory() as folder:
        file = as_csv(work, Path(folder) / "use.csv")
        bare = cpu("split every line at its commas, keep nothing", count, lambda: _split(file))
        scan = cpu("scan of the same file (DuckDB)", count, lambda: _scan(file))
        ours = cpu("reading: checked, typed, each row accounted for", count, lambda: _read(file))
    return [one.row(bare, scan) for one in (ours, bare, scan)]


def _read(file: Path) -> None:
    with open_usage_file(file, UsageOptions(site="north")) as stream:
        deque(stream, maxlen=0)


def _split(file: Path) -> None:
    with file.open() as lines:
        for line in lines:
            line.split(",")


def _scan(file: Path) -> object:
    with duckdb.connect(config={"threads": 1}) as database:
        query = 'SELECT account, count(*), max(epoch("end")), max(devices) FROM read_csv(?) GROUP BY ALL'
        return database.execute(query, [str(file)]).fetchall()
