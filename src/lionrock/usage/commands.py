"""`lionrock usage`: what charging has of it, and beside it report and idle."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import click

from lionrock.charging.commands.usage import usage as files
from lionrock.kernel.quantities import device_hours
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, to_json
from lionrock.usage.domain.figures import By
from lionrock.usage.domain.periods import Period, read_period
from lionrock.usage.exports import Sheet, decimal_share, figures_sheet, idle_sheet
from lionrock.usage.queries.idle import idle_awards
from lionrock.usage.queries.utilisation import Asked, Report, utilisation
from lionrock.web.spreadsheets import to_csv


@click.group(commands=dict(files.commands))
def usage() -> None:
    """Use of clusters: import, imports, held, report, idle."""


@usage.command("report")
@click.option("--from", "first", default="", metavar="DATE", help="First day (default: 30 days up to --to).")
@click.option("--to", "last", default="", metavar="DATE", help="Last day, it included (default: today).")
@click.option("--by", type=click.Choice([by.value for by in By]), default=By.SITE.value, show_default=True)
@click.option("--site", default="", metavar="CODE", help="Only this site.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")
@as_option
@at_option
@json_option
def report(first: str, last: str, by: str, site: str, as_csv: bool, actor: Actor, now: datetime, as_json: bool) -> None:
    """Tell how much was used of which capacity in a period.

    Example: lionrock usage report --from 2026-10-01 --to 2026-10-31 --by pool
    """
    asked = Asked(read_period(first, last, now, house_zone()), By(by), site)
    found = utilisation(actor, asked, now)
    _print(figures_sheet(found), _table(found), _head(found), as_csv=as_csv, as_json=as_json)


def _print(given: Sheet, table: Table, head: str, *, as_csv: bool, as_json: bool) -> None:
    if as_csv:
        click.echo(to_csv(given.columns, given.cells), nl=False)
    elif as_json:
        click.echo(to_json(given.rows))
    else:
        click.echo(head)
        click.echo(table.render())


def _head(found: Report) -> str:
    head = period_said(found.asked.period, found.counted.end)
    if found.unplaced:
        head += f"\n{device_hours(found.unplaced)} hours of runs in partitions that are no pool are not counted."
    return head


def period_said(period: Period, until: datetime) -> str:
    """Return the period of a table in a line."""
    return f"{period.first} to {period.last} ({period.zone.key}), counted until {until:%Y-%m-%d %H:%M}Z"


def _table(found: Report) -> Table:
    names = ["programme", "site", "name", "device", "used, device-hours", "capacity, device-hours", "utilisation"]
    rows = [
        [
            each.key.programme,
            each.key.site or "–",
            each.key.name or "–",
            each.key.device,
            device_hours(each.used.seconds),
            device_hours(each.capacity.seconds) if each.capacity else "not known",
            _per_cent(each.share),
        ]
        for each in found.figures
    ]
    return Table(names, rows, right=frozenset(names[4:]))


@usage.command("idle")
@click.option("--below", type=click.IntRange(1, 100), default=50, show_default=True, help="Per cent of the plan.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")
@as_option
@at_option
@json_option
def idle(below: int, as_csv: bool, actor: Actor, now: datetime, as_json: bool) -> None:
    """List the awards in force that used less than a part of what was planned by now.

    Example: lionrock usage idle --below 25
    """
    found = idle_awards(actor, now, Fraction(below, 100))
    rows = [
        [
            each.award.code,
            each.award.organisation.code,
            each.device,
            device_hours(each.used),
            device_hours(each.planned),
            _per_cent(each.share),
            f"{each.last_used:%Y-%m-%d}" if each.last_used else "never",
            each.quiet_days,
            each.contact,
        ]
        for each in found.rows
    ]
    names = ["award", "organisation", "device", "used", "planned", "of the plan", "last used", "days idle", "ask"]
    table = Table(names, rows, right=frozenset({"used", "planned", "of the plan", "days idle"}))
    head = "Device-hours, " + period_said(found.period, found.counted.end)
    _print(idle_sheet(found), table, head, as_csv=as_csv, as_json=as_json)


def _per_cent(share: Fraction | None) -> str:
    return "not known" if share is None else f"{(decimal_share(share) or 0) * 100:.2f}%"
