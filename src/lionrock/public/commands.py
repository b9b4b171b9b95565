"""The command `lionrock results`: the annual report of a programme on the terminal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from lionrock.public.exports import MEASURES, results_csv, results_json, rows_of
from lionrock.public.queries.results import results_of
from lionrock.terminal.output import Table


@click.command()
@click.argument("programme")
@click.option("--year", help="Such as 2026, the year in which it begins (default: the one that runs).")
@click.option("--json", "form", flag_value="json", help="Print JSON for machines.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV for spreadsheets.")
def results(programme: str, year: str | None, form: str | None) -> None:
    """Show what a programme has come to in a year, in aggregates alone.

    Everything that everybody may see; figures behind which fewer than three applicants stand are
    put together or withheld.

    Example: lionrock results hk-aiss-demo --year 2026 --csv
    """
    found = results_of(programme, year, datetime.now(UTC))
    if form == "csv":
        sys.stdout.buffer.write(results_csv(found).encode())
    elif form == "json":
        click.echo(results_json(found))
    else:
        rows = [
            (
                row.section,
                row.group,
                row.measure,
                "" if row.value is None else row.value,
                _unit(row.section, row.measure),
            )
            if row.status == "given"
            else (row.section, row.group, row.measure, row.status, "")
            for row in rows_of(found)
        ]
        click.echo(f"{found.programme.names.en} · {found.year.label} · {found.programme.currency}\n")
        click.echo(Table(("section", "group", "measure", "value", "unit"), rows, frozenset({"value"})).render())


def _unit(section: str, measure: str) -> str:
    return MEASURES[section, measure].unit
