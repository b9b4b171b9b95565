"""A file of records to statement lines, beside its limit and beside other ways: `python -m bench.columnar`.

What counts is CPU time, all cores together. Beside the columnar path stand:

(a) DuckDB merely scanning the file and summing device-seconds by account, item and site: the limit;
(b) the readable path, which gets a sample of such a month in memory;
(c) a plain loop in Decimal over the sample, which is told for nothing where to cut;
(d) hash maps as CloudKitty's rating module walks them, told where to cut as well: see `bench.hashmaps`.

Each way that reads the file has a process of its own, so that its peak memory is seen.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import duckdb

from bench.hashmaps import rate_by_hash_maps
from bench.measuring import Measured, cpu
from bench.rating import Steps, decimal_loop, rate_and_split
from bench.workload import ACCOUNTS, ITEMS, MONTH, SITES, ZONE, workload
from lionrock.charging.columnar.axis import RateCard
from lionrock.charging.columnar.closing import Books
from lionrock.charging.columnar.rating import rate_file
from lionrock.charging.domain.lines import totals
from lionrock.charging.domain.tariff import epoch
from lionrock.terminal.output import Table

HEADINGS = [
    "from records to lines",
    "records a CPU second",
    "÷ (a)",
    "÷ (b)",
    "÷ (c)",
    "÷ (d)",
    "seconds on the clock",
    "peak",
]
SAMPLE = 50_000
CAP = 10_000_00
THREADS = 2


def scan(file: Path) -> object:
    """Read the file and sum it, and nothing else."""
    with duckdb.connect(config={"threads": THREADS}) as database:
        query = 'SELECT account, item, site, sum(count * ("end" - start)) FROM read_parquet(?) GROUP BY ALL'
        return database.execute(query, [str(file)]).fetchall()


def _lines_of(file: Path, *, settled: bool) -> object:
    """Rate, split, cap and total a month; more than one month of use is not in the file."""
    work = workload(0)
    rating = rate_file(file, RateCard(ZONE, work.prices, work.awards), MONTH, settled=settled, threads=THREADS)
    books = Books(RateCard(ZONE, work.prices, work.awards), left=dict.fromkeys(work.awards.by_code, CAP))
    return totals(books.close(MONTH, rating.lines))


WAYS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "scan": ("(a) scan and sum (DuckDB)", scan),
    "known": ("columnar: rate, split, cap, total", lambda file: _lines_of(file, settled=True)),
    "search": (
        "columnar: see which records stand, then the same",
        lambda file: _lines_of(file, settled=False),
    ),
}


def make(file: Path, size: int) -> None:
    """Write a month of so many records, in order of time as a cluster's accounting is."""
    span = MONTH.interval(ZONE)
    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as database:
        values = [SITES, ACCOUNTS, ITEMS, epoch(span.start) - 86_400, span.seconds + 86_400, size]
        database.sql(_RECORDS, params=values).write_parquet(str(file))


_RECORDS = """
SELECT i AS record, $1[1 + (hash(start) % 2)::INT] AS site, lpad(i::VARCHAR, 10, '0') AS job, start,
  start + 1 + (1 << (hash(i, 1) % 17)::INT) + (hash(i, 2) % 3600)::BIGINT AS "end",
  $2[1 + (hash(i, 3) % len($2))::INT] AS account, NULL::VARCHAR AS award,
  $3[1 + (hash(i, 4) % len($3))::INT] AS item, (1 << (hash(i, 5) % 7)::INT)::BIGINT AS count,
  NULL::BIGINT AS device_seconds,
  CASE hash(i, 6) % 200 WHEN 0 THEN 'NODE_FAIL' WHEN 1 THEN 'TIMEOUT' ELSE 'COMPLETED' END AS state,
  1 AS revision, false AS interim
FROM (SELECT i, $4 + i * $5 // $6 AS start FROM range($6) AS t(i))
"""


def _measure(way: str, file: Path, size: int) -> tuple[Measured, str, int]:
    """Return what a way took in a process of its own, its seconds on the clock, and its peak in kilobytes."""
    command = [sys.executable, "-m", "bench.columnar", "--way", way, "--file", str(file)]
    used, wall, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return Measured(WAYS[way][0], size, float(used)), f"{float(wall):.2f}", int(peak)


def _act(way: str, file: Path) -> None:
    """Go one way, twice; print the lower CPU seconds, the lower seconds on the clock, the peak."""
    taken = []
    for _ in range(2):
        began = time.process_time(), time.perf_counter()
        WAYS[way][1](file)
        taken.append((time.process_time() - began[0], time.perf_counter() - began[1]))
    # Not getrusage: what it says counts from before this program replaced the one that started it.
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    click.echo(f"{min(one[0] for one in taken)} {min(one[1] for one in taken)} {peak}")


def _others() -> list[Measured]:
    work = workload(SAMPLE)
    steps = Steps(work)
    return [
        cpu("(b) readable: rate, split, cap, total", SAMPLE, lambda: rate_and_split(work)),
        cpu("(c) plain loop in Decimal", SAMPLE, lambda: decimal_loop(work, steps)),
        cpu("(d) hash maps, as CloudKitty's", SAMPLE, lambda: rate_by_hash_maps(work, steps)),
    ]


def _table(size: int, folder: Path) -> list[list[str]]:
    file = folder / f"{size}.parquet"
    make(file, size)
    ours = [_measure(way, file, size) for way in ("known", "search", "scan")]
    file.unlink()
    others = _others()
    limits = [ours[-1][0], *others]
    rows = [[*one.row(*limits), clock, f"{peak // 1024:,} MB"] for one, clock, peak in ours]
    return [*rows, *([*one.row(*limits), "", ""] for one in others)]


@click.command()
@click.option("--records", default="1000000,5000000", show_default=True, help="Sizes of file, with commas.")
@click.option("--way", type=click.Choice(list(WAYS)), hidden=True)
@click.option("--file", type=click.Path(path_type=Path), hidden=True)
def bench(records: str, way: str | None, file: Path | None) -> None:
    """Measure the columnar path at some sizes: look at the ratios, and at how little the peak grows."""
    if way is not None and file is not None:
        _act(way, file)
        return
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, records.split(",")):
            rows = _table(size, Path(folder))
            headings = [f"{size:,} {HEADINGS[0]}", *HEADINGS[1:]]
            click.echo(Table(headings, rows, right=frozenset(headings[1:])).render() + "\n")


if __name__ == "__main__":
    bench()
