"""`lionrock allocation`: what awards may use."""

from __future__ import annotations

import click

from lionrock.allocations.models import Allocation
from lionrock.allocations.queries import allocations
from lionrock.ledger.domain import quota_remaining, quota_unit, quota_used
from lionrock.ledger.queries import balance
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.output import Table, json_option, show


@click.group()
def allocation() -> None:
    """Allocations: list."""


@allocation.command("list")
@click.option("--award", metavar="CODE", help="Only those of one award.")
@as_option
@json_option
def list_(award: str | None, actor: Actor, as_json: bool) -> None:
    """List allocations with what is used and left, in device-seconds.

    Example: lionrock allocation list --award AW-2026-0001
    """
    found = allocations(actor)
    data = [_data(each) for each in (found.filter(award__code=award) if award else found)]
    columns = [
        "award",
        "organisation",
        "item",
        "count",
        "device_seconds",
        "used",
        "remaining",
        "starts",
        "ends",
        "state",
    ]
    rows = [[row[column] for column in columns] for row in data]
    right = frozenset({"count", "device_seconds", "used", "remaining"})
    show(data, Table(columns, rows, right), as_json=as_json)


def _data(each: Allocation) -> dict[str, object]:
    award, unit = each.award, quota_unit(each.item)
    return {
        "award": award.code,
        "organisation": award.organisation.code,
        "item": each.item,
        "count": each.count,
        "device_seconds": each.device_seconds,
        "used": balance(award.programme, quota_used(award.code, each.item), unit),
        "remaining": balance(award.programme, quota_remaining(award.code, each.item), unit),
        "starts": each.starts,
        "ends": each.ends,
        "state": each.state,
    }
