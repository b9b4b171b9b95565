"""`lionrock allocation`: what awards may use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from lionrock.allocations.actions import lend_idle_nodes, push_site, stop_lending
from lionrock.allocations.domain.changes import Change
from lionrock.allocations.domain.difference import Plan
from lionrock.allocations.models import Allocation
from lionrock.allocations.queries import allocations, compared, use_on
from lionrock.ledger.domain import quota_remaining, quota_unit, quota_used
from lionrock.ledger.queries import balance
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show


@click.group()
def allocation() -> None:
    """Allocations: list; on clusters: plan, push, drift, use; lend idle nodes."""


@allocation.command("list")
@click.option("--award", metavar="CODE", help="Only those of one award.")
@as_option
@json_option
def list_(award: str | None, actor: Actor, as_json: bool) -> None:
    """List allocations with what is used and left, in device-seconds.

    Example: lionrock allocation list --award AW-2026-0001
    """
    found = allocations(actor)
    data = [allocation_data(each) for each in (found.filter(award__code=award) if award else found)]
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


def allocation_data(each: Allocation) -> dict[str, object]:
    """Return an allocation with what is used and left of it as plain values, in device-seconds."""
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


site_option = click.option("--site", required=True, metavar="CODE", help="Whose cluster; see `lionrock site list`.")


@allocation.command("plan")
@site_option
@as_option
@at_option
@json_option
def plan_site(site: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show what a push would change on a cluster, and change nothing.

    Example: lionrock allocation plan --site asc
    """
    _show(compared(actor, site, now).plan, as_json=as_json)


@allocation.command("push")
@site_option
@as_option
@at_option
@json_option
def push_command(site: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Bring a cluster to hold what awards give, and show what was changed and what is left.

    Example: lionrock allocation push --site asc
    """
    done = push_site(actor=actor, site=site, now=now)
    data = {
        "changed": [_change(each) for each in done.applied],
        "left": [_change(each) for each in done.left.changes],
        "notes": [str(note) for note in done.left.notes],
    }
    show(data, _table(done.applied), as_json=as_json)
    _tell(done.left, as_json=as_json)


@allocation.command("drift")
@site_option
@as_option
@at_option
@json_option
def drift(site: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show what somebody changed on a cluster by hand; the next push puts it back.

    Where the database has changed since the cluster last held all it should, it is not known which of
    the differences are by hand: then none is shown, and `lionrock allocation plan` shows all.

    Example: lionrock allocation drift --site asc
    """
    found = compared(actor, site, now)
    _show(found.plan if found.drift else Plan((), found.plan.notes), as_json=as_json)


@allocation.command("use")
@site_option
@as_option
@at_option
@json_option
def use(site: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show what a cluster has counted of each award beside what the ledger has booked, in device-minutes.

    As the cluster was found last. The cluster counts by the second and at once; the ledger knows
    closed months.

    Example: lionrock allocation use --site asc
    """
    rows = use_on(actor, site, now)
    columns = ["award", "device", "limit", "counted", "booked", "standing"]
    data = [{column: getattr(row, column) for column in columns} for row in rows]
    table = Table(columns, [list(row.values()) for row in data], frozenset({"limit", "counted", "booked"}))
    show(data, table, as_json=as_json)


@allocation.command("lend")
@click.argument("award")
@click.option("--stop", is_flag=True, help="Take the consent back.")
@as_option
@at_option
def lend(award: str, stop: bool, actor: Actor, now: datetime) -> None:
    """Let others use a lease's nodes while they are idle, or stop it.

    Example: lionrock allocation lend AW-2026-0001
    """
    if stop:
        stop_lending(actor=actor, award=award, now=now)
        click.echo(f"The nodes of {award} are lent no more.")
        return
    lend_idle_nodes(actor=actor, award=award, now=now)
    click.echo(f"The nodes of {award} may be used by others while they are idle.")


def _show(found: Plan, *, as_json: bool) -> None:
    data = {"changes": [_change(each) for each in found.changes], "notes": [str(note) for note in found.notes]}
    show(data, _table(found.changes), as_json=as_json)
    if not as_json:
        for note in found.notes:
            click.echo(str(note), err=True)


def _tell(left: Plan, *, as_json: bool) -> None:
    if as_json:
        return
    for said in (*(f"Left to do: {change.sentence}" for change in left.changes), *map(str, left.notes)):
        click.echo(said, err=True)


def _table(changes: Sequence[Change]) -> Table:
    return Table(["what", "change"], [[each.subject, str(each.sentence)] for each in changes])


def _change(each: Change) -> dict[str, object]:
    return {
        "subject": each.subject,
        "change": str(each.sentence),
        "command": [each.program, *each.arguments],
        "before": dict(each.before),
        "after": dict(each.after),
    }
