"""`lionrock results`, the annual report of a programme, and `lionrock register`, its projects."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from lionrock.kernel.periods import local_date
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.public.actions import show_again, withhold_project
from lionrock.public.exports import MEASURES, results_csv, results_json, rows_of
from lionrock.public.queries.register import listed, projects
from lionrock.public.queries.results import results_of
from lionrock.public.register_exports import register_csv, register_json
from lionrock.terminal.clock import at_option
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


@click.group("register")
def register_group() -> None:
    """The public register of projects: list, withhold, show."""


@register_group.command("list")
@click.argument("programme")
@click.option("--json", "form", flag_value="json", help="Print JSON for machines.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV for spreadsheets.")
def register_list(programme: str, form: str | None) -> None:
    """List the projects of a programme as the public sees them.

    Example: lionrock register list hk-aiss-demo --csv
    """
    rules, now = programme_on_file(programme), datetime.now(UTC)
    found = list(projects(listed(programme)))
    if form == "csv":
        sys.stdout.buffer.write(register_csv(found).encode())
    elif form == "json":
        licence = rules.at(local_date(now, rules.zone)).results_licence()
        click.echo(register_json(programme, found, now, licence))
    else:
        rows = [(each.id, str(each.title or "–"), each.tier or "–", each.oversight or "–") for each in found]
        click.echo(Table(("id", "title", "tier", "oversight"), rows).render())


@register_group.command("withhold")
@click.argument("award")
@click.option("--ground", required=True, help="One of the rulebook's: personal, trade_secret, security, law.")
@click.option("--why", required=True, help="Why, and who said so; it is not published.")
@as_option
@at_option
def register_withhold(award: str, ground: str, why: str, actor: Actor, now: datetime) -> None:
    """Keep title and organisation of a project out of the register.

    Example: lionrock register withhold AW-2026-0007 --ground trade_secret --why "Their letter of 3 June"
    """
    withhold_project(actor=actor, award=award, ground=ground, why=why, now=now)
    click.echo(f"Title and organisation of {award} are kept out.")


@register_group.command("show")
@click.argument("award")
@as_option
@at_option
def register_show(award: str, actor: Actor, now: datetime) -> None:
    """Show title and organisation of a project in the register again.

    Example: lionrock register show AW-2026-0007
    """
    show_again(actor=actor, award=award, now=now)
    click.echo(f"Title and organisation of {award} are shown.")
