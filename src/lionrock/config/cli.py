"""The `lionrock` command: one table of commands, loaded only when called."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from typing import Any

import click

from lionrock.config.environment import Environment, environment
from lionrock.config.interruptions import interruption
from lionrock.terminal.errors import Group, describe


@dataclass(frozen=True)
class Entry:
    """One command: where it stands, whether it needs the database, and what it is for."""

    target: str
    help: str
    database: bool = True


COMMANDS: dict[str, Entry] = {
    "programme": Entry("lionrock.rules.commands:programme", "Programmes on file: list, show, check.", database=False),
    "quote": Entry("lionrock.rules.commands:quote", "What a request would cost, and who pays.", database=False),
    "organisation": Entry("lionrock.people.commands:organisation", "Organisations: add, list."),
    "person": Entry("lionrock.people.commands:person", "Persons: add, list, give roles."),
    "call": Entry("lionrock.calls.commands:call", "Calls for applications: create, open, close, list."),
    "application": Entry("lionrock.applications.commands:application", "Applications: draft, submit, list, show."),
    "award": Entry("lionrock.awards.commands:award", "Decide applications; list, show and end awards."),
    "allocation": Entry("lionrock.allocations.commands:allocation", "What awards may use."),
    "site": Entry("lionrock.sites.commands:site", "Sites that compute: add, list."),
    "job": Entry("lionrock.jobs.commands:job", "Jobs: submit, list, show, follow, cancel."),
    "usage": Entry("lionrock.charging.commands.usage:usage", "Use of clusters: import files, see what is held."),
    "charge": Entry("lionrock.charging.commands.charge:charge", "Charges: preview and close months, list them."),
    "statement": Entry("lionrock.statements.commands:statement", "Statements: list, show, write as PDF, CSV, JSON."),
    "ledger": Entry("lionrock.ledger.commands:ledger", "The books: check, show, export, the fund."),
    "database": Entry(
        "lionrock.database.commands:database", "The database: start, stop, status, migrate.", database=False
    ),
    "serve": Entry("lionrock.config.serving:serve", "Run the portal."),
    "demo": Entry("lionrock.demo.commands:demo", "A whole programme, from an empty database."),
}


class Commands(Group):
    """Loads a command when it is called, and the database only for those that need it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a database that breaks off ends it with a sentence and what to do."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            installation = ctx.obj if isinstance(ctx.obj, Environment) else None
            told = interruption(error, installation) if installation else None
            if told is None:
                raise
            click.echo(describe(told), err=True)
            ctx.exit(told.exit_code)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the line, from programme to demo."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; its room is imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if entry.database and not ctx.resilient_parsing:
            connect()
        module, name = entry.target.split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of their rooms."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def connect() -> None:
    """Start or reach the database, set Django up, bring the tables up to date."""
    from lionrock.database import ensure_running

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
    ensure_running(environment().home, environment().database_url)
    import django

    django.setup()
    from lionrock.database.schema import bring_up_to_date

    bring_up_to_date(environment().database_url)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lionrock")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run a public AI-compute programme end to end.

    Example: lionrock quote --programme hk-aiss --category startup --item h800-node --count 3 --months 6
    --on 2025-03-01
    """
    ctx.obj = environment()
