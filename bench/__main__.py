"""`make bench`, or `python -m bench --runs 1000000` for more."""

from __future__ import annotations

import subprocess
import sys

import click

from bench import books, memory, rating, reading
from bench.workload import workload
from lionrock.terminal.output import Table

SMALL = 100_000
JOBS = 200
"""Of the mixture on a real cluster; 2,000 take a quarter of an hour: `python -m bench.collecting`."""


@click.command()
@click.option("--runs", default=SMALL, show_default=True, help="Runs in the month that is measured.")
def bench(runs: int) -> None:
    """Measure rating, reading, importing, closing, posting, pages and metering, each beside its limit.

    Look at the ratios: the rates say more about the machine and what else it does.
    """
    work = workload(runs)
    _show(rating.HEADINGS, rating.measure(work))
    _show(memory.HEADINGS, memory.measure(runs))
    _show(reading.HEADINGS, reading.measure(work))
    with books.database() as home:
        importing, closing = books.measure(work, home)
        _show(books.IMPORT_HEADINGS, importing)
        _show(books.CLOSE_HEADINGS, closing)
    _measure("bench.columnar")
    _measure("bench.planning")
    _measure("bench.screening")
    # Each has a database of its own, which a process can name once.
    _measure("bench.postings")
    _measure("bench.closing")
    _measure("bench.auditing")
    _measure("bench.portal")
    _measure("bench.importing", "--rows", str(runs))
    _measure("bench.load")
    _measure("bench.kills")
    _measure("bench.collecting", "--jobs", str(JOBS), "--rows", str(SMALL))


def _measure(module: str, *words: str) -> None:
    subprocess.run([sys.executable, "-m", module, *words], check=True)


def _show(headings: list[str], rows: list[list[str]]) -> None:
    click.echo(Table(headings, rows, right=frozenset(headings[1:])).render() + "\n")


bench()
