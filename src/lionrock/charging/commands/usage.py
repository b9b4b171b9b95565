"""`lionrock usage`: import files of use, list imports, see what is held and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from lionrock.charging.actions import import_usage_file
from lionrock.charging.commands.options import Told, check_names, usage_options
from lionrock.charging.models import HeldRow, UsageImport
from lionrock.charging.queries import held_rows, imports
from lionrock.charging.usage_files import Format
from lionrock.kernel.messages import Message
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show
from lionrock.terminal.progress import Progress

MOST_REVISIONS = 2**31 - 1


@click.group()
def usage() -> None:
    """Use of clusters: import, imports, held."""


@usage.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--programme", required=True, metavar="ID")
@click.option("--site", required=True, metavar="CODE", help="Site whose use this is; it must be on file.")
@click.option(
    "--item",
    "items",
    multiple=True,
    metavar="COUNTED=ITEM",
    help="What the file counts and which item of the price list that is, such as gres/gpu:h800=h800-gpu, "
    "gpus=h800-gpu or cpus=cpu-core; may be repeated.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="THEIRS=OURS",
    help="Which organisation an account of the file is; may be repeated.",
)
@click.option("--account-column", default="user", show_default=True, help="Of a trace: user or vc.")
@click.option("--all-accounts", metavar="OURS", help="Charge every row of the file to this account.")
@click.option("--epoch", help="Of a trace: the instant of its second 0.")
@click.option("--month", help="Take only what touches this month, such as 2026-10.")
@click.option("--zone", help="Zone of times without offset, such as Asia/Hong_Kong.")
@click.option("--format", "form", type=click.Choice([form.value for form in Format]), help="Default: by content.")
@click.option(
    "--revision",
    type=click.IntRange(0, MOST_REVISIONS),
    default=0,
    show_default=True,
    help="Higher to replace what was imported before.",
)
@click.option("--interim-until", help="Bill jobs that still run up to this instant.")
@as_option
@at_option
@json_option
def import_file(
    file: Path, programme: str, form: str | None, actor: Actor, now: datetime, as_json: bool, **told: Told
) -> None:
    """Import a file of use: sacct (parsable), Standard Workload Format, Parquet, or our CSV or NDJSON.

    Example: lionrock usage import october.psv --programme hk-aiss-demo --site aisc
    --item gres/gpu:h800=h800-gpu --month 2026-10
    """
    rules = programme_on_file(programme)
    options = usage_options(told, rules.zone)
    check_names(told, options, rules, actor)
    shown = Progress(file.name, "read")
    done = import_usage_file(
        file,
        options,
        actor=actor,
        programme=programme,
        now=now,
        told={name: str(value) for name, value in told.items() if value},
        form=Format(form) if form else None,
        progress=lambda position, total: shown.of(total)(position),
    )
    table = _tally_table(done).render()
    held = "\n\nWhat is held is told, with its reason, by: lionrock usage held" if done.tally["held"] else ""
    show(import_data(done), table + held, as_json=as_json)


def import_data(done: UsageImport) -> dict[str, object]:
    """Return what became of the rows of a file as plain values."""
    return {"file": done.name, "digest": done.digest, **done.tally}


def _tally_table(done: UsageImport) -> Table:
    rows = [[name, f"{done.tally[name]:,}"] for name in ("rows", "new", "repeated", "held")]
    rows += [[f"passed over: {reason}", f"{count:,}"] for reason, count in done.tally["skipped"].items()]
    return Table(["rows of " + done.name, "count"], rows, right=frozenset({"count"}))


@usage.command("imports")
@as_option
@json_option
def list_imports(actor: Actor, as_json: bool) -> None:
    """List the files that were imported.

    Example: lionrock usage imports
    """
    rows = [
        {"programme": one.programme, "file": one.name, "started_at": one.started_at, **one.tally}
        for one in imports(actor)
    ]
    names = ["programme", "file", "rows", "new", "repeated", "held"]
    show(rows, Table(names, [[row.get(name, "") for name in names] for row in rows]), as_json=as_json)


@usage.command("held")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows to show.")
@as_option
@json_option
def list_held(limit: int, actor: Actor, as_json: bool) -> None:
    """List rows that could not be taken in, with line and reason.

    Example: lionrock usage held --limit 20
    """
    rows = [held_data(row) for row in held_rows(actor)[:limit]]
    names = ["file", "line", "reason"]
    show(rows, Table(names, [[row[name] for name in names] for row in rows]), as_json=as_json)


def held_data(row: HeldRow) -> dict[str, object]:
    """Return a row that is held, with its reason, as plain values."""
    reason = str(Message(row.template, row.fields))
    return {"file": row.usage_import.name, "line": row.line, "code": row.code, "reason": reason, "raw": row.raw}
