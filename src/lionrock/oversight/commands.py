"""`lionrock audit`: beside the chain itself, the records: list, show, export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from lionrock.audit.commands import audit as chain
from lionrock.audit.models import AuditRecord, Seal
from lionrock.oversight.exports import as_csv, as_ndjson
from lionrock.oversight.queries import Asked, record_of, records, seal_of
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.output import Table, json_option, show

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(commands=dict(chain.commands))
def audit() -> None:
    """The audit trail: list, show, export, verify, anchor, seal."""


def asked_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what one may look for, handed on as `asked`."""

    @click.option("--programme", required=True, metavar="ID")
    @click.option("--who", default="", metavar="EMAIL")
    @click.option("--action", default="", metavar="NAME", help="Or how its name begins, such as awards.")
    @click.option("--subject", default="", metavar="CODE", help="Or how its code begins.")
    @click.option("--organisation", default="", metavar="CODE")
    @click.option("--text", default="", help="Words in the reason or the details.")
    @click.option("--from", "first", type=_DAY, help="First day.")
    @click.option("--to", "last", type=_DAY, help="Last day, it included.")
    @wraps(command)
    def with_asked(
        *args: Any, who: str, action: str, subject: str, organisation: str, text: str, first: datetime | None,
        last: datetime | None, **kwargs: Any,
    ) -> Any:  # fmt: skip
        days = [day.date() if day else None for day in (first, last)]
        return command(*args, asked=Asked(who, action, subject, organisation, text, *days), **kwargs)

    return with_asked


@audit.command("list")
@asked_options
@click.option("--count", "limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many.")
@as_option
@json_option
def list_records(programme: str, asked: Asked, limit: int, actor: Actor, as_json: bool) -> None:
    """List what was done in a programme, the latest first.

    Example: lionrock audit list --programme hk-aiss-demo --action awards. --from 2026-10-01
    """
    found = list(records(actor, programme, asked)[:limit])
    cells = [[each.pk, f"{each.at:%Y-%m-%dT%H:%MZ}", each.actor, each.action, each.subject] for each in found]
    show(
        [record_data(each) for each in found],
        Table(["record", "at", "by", "action", "subject"], cells),
        as_json=as_json,
    )


def record_data(record: AuditRecord) -> dict[str, object]:
    """Return a record as it is printed with --json, and answered by the API."""
    names = ("action", "subject", "actor", "on_behalf_of", "reason", "organisation", "at", "recorded_at", "details")
    return {"record": record.pk} | {name: getattr(record, name) for name in names}


def seal_data(seal: Seal) -> dict[str, object]:
    """Return the seal of a record as it is printed with --json, and answered by the API."""
    return {"seal": seal.number, "digest": bytes(seal.digest).hex(), "chain": bytes(seal.chain).hex()}


@audit.command("show")
@click.argument("number", type=int)
@click.option("--programme", required=True, metavar="ID")
@as_option
@json_option
def show_record(number: int, programme: str, actor: Actor, as_json: bool) -> None:
    """Show one record with its seal.

    Example: lionrock audit show 120 --programme hk-aiss-demo
    """
    record = record_of(actor, programme, number)
    seal = seal_of(record)
    data = record_data(record) | (seal_data(seal) if seal else {})
    show(data, Table(["", "is"], [[name, value] for name, value in data.items()]), as_json=as_json)


@audit.command("export")
@asked_options
@click.option("--format", "form", type=click.Choice(["ndjson", "csv"]), default="ndjson", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, writable=True, path_type=Path),
    default="-",
    help="Write here (default, and -: standard output).",
)
@as_option
def export(programme: str, asked: Asked, form: str, output: Path, actor: Actor) -> None:
    """Hand records out: as CSV to read, or as NDJSON with all that it takes to verify them without us.

    Example: lionrock audit export --programme hk-aiss-demo --output audit.ndjson
    """
    found = records(actor, programme, asked)
    with click.open_file(str(output), "w", encoding="utf-8") as file:
        file.writelines([as_csv(found)] if form == "csv" else as_ndjson(found))
