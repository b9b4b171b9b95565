"""The `lionrock` command: one table of commands, loaded only when called."""

from __future__ import annotations

import copy
import importlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.texts import composed
from lionrock.terminal.errors import Group


@dataclass(frozen=True)
class Entry:
    """One command: where it stands, whether it needs the database, and what it is for."""

    target: str
    help: str
    database: bool = True
    offline: frozenset[str] = frozenset()
    """Those of its commands that need no database."""
    ready: bool = True
    """False for what has to work although the database is away or behind."""
    joined: tuple[str, ...] = ()
    """Commands of higher rooms that one looks for among these."""


COMMANDS: dict[str, Entry] = {
    "programme": Entry("lionrock.rules.commands:programme", "Programmes on file: list, show, check.", database=False),
    "quote": Entry("lionrock.rules.commands:quote", "What a request would cost, and who pays.", database=False),
    "controls": Entry(
        "lionrock.controls.commands:controls",
        "Export controls: determine, compare, alternatives, catalogue.",
        database=False,
    ),
    "assurance": Entry(
        "lionrock.assurance.commands:assurance",
        "The responsible-AI gate: items, ask, tier.",
        database=False,
    ),
    "organisation": Entry(
        "lionrock.people.commands:organisation", "Organisations: add, list, invite to, answer who asks."
    ),
    "person": Entry("lionrock.people.commands:person", "Persons: add, list, give and take roles."),
    "identity": Entry(
        "lionrock.identity.commands:identity", "How people sign in: show, factors, end sign-ins, support, the secret."
    ),
    "call": Entry("lionrock.calls.commands:call", "Calls for applications: create, open, close, list."),
    "application": Entry(
        "lionrock.intake.commands:application", "Applications: draft, fill, attach, check, submit, show."
    ),
    "assessment": Entry("lionrock.review.commands:assessment", "Assessing: assign, declare, score, moderate."),
    "meeting": Entry("lionrock.committee.commands:meeting", "Meetings: plan, agenda, vote, resolve, minutes."),
    "award": Entry("lionrock.awards.commands:award", "Decide applications; list, show and end awards."),
    "report": Entry("lionrock.outcomes.commands:report", "Reports of awards: list, write, accept, return."),
    "outcome": Entry("lionrock.outcomes.commands:outcome", "Results of awards: list, add, remove."),
    "custody": Entry(
        "lionrock.custody.commands:custody", "Data of projects: places, chain of custody, transfers, certificates."
    ),
    "concern": Entry(
        "lionrock.concerns.commands:concern", "Incidents and concerns: list, decide, assign; changes of projects."
    ),
    "allocation": Entry("lionrock.allocations.commands:allocation", "What awards may use."),
    "site": Entry("lionrock.sites.commands:site", "Sites that compute: add, connect, discover, pools, logins."),
    "job": Entry("lionrock.jobs.commands:job", "Jobs: submit, list, show, follow, cancel."),
    "usage": Entry("lionrock.usage.commands:usage", "Use of clusters: import files, report on it, idle awards."),
    "metering": Entry("lionrock.metering.commands:metering", "What ran on clusters: collect, status, held, reconcile."),
    "charge": Entry(
        "lionrock.charging.commands.charge:charge",
        "Charges: preview and close months, list and explain them, replay cases.",
        offline=frozenset({"replay"}),
        joined=("lionrock.statements.commands:explain",),
    ),
    "statement": Entry("lionrock.statements.commands:statement", "Statements: list, show, write as PDF, CSV, JSON."),
    "settlement": Entry(
        "lionrock.statements.commands:settlement", "Claims on the scheme, remittances to sites: list, show, write."
    ),
    "payments": Entry(
        "lionrock.receivables.commands:payments_group", "Payments: record, import a bank statement, list, reverse."
    ),
    "receivables": Entry(
        "lionrock.receivables.commands:receivables_group", "What is owed: open, ageing, write-offs, settling."
    ),
    "ledger": Entry("lionrock.ledger.commands:ledger", "The books: check, show, export, the fund."),
    "results": Entry("lionrock.public.commands:results", "What a programme has come to in a year, for everybody."),
    "register": Entry(
        "lionrock.public.commands:register_group", "The public register of projects: list, withhold, show."
    ),
    "screening": Entry(
        "lionrock.screening.commands:screening", "Parties on lists: import, screen names, decide cases."
    ),
    "supply": Entry("lionrock.supply.commands:supply", "Supply: capacity against a goal, orders, licences, shipments."),
    "audit": Entry(
        "lionrock.oversight.commands:audit", "The audit trail and its seals: list, show, export, verify, anchor."
    ),
    "retention": Entry(
        "lionrock.oversight.retention_commands:retention", "What is kept no longer: due, holds, erase, certificates."
    ),
    "database": Entry(
        "lionrock.database.commands:database", "The database: start, stop, status, migrate.", database=False
    ),
    "plan": Entry(
        "lionrock.planning.commands:plan",
        "The planner: replay traces, make others of them; compare scenarios, publish studies.",
        offline=frozenset({"replay", "generate", "fit", "scenario", "compare", "collect", "array"}),
    ),
    "token": Entry("lionrock.api.commands:token", "Tokens of the API: issue, list, revoke."),
    "webhook": Entry("lionrock.api.commands:webhook", "Webhooks: register, list, deliveries, send again."),
    "mail": Entry("lionrock.notices.commands:mail", "E-mail: what waits, was sent or given up; try again."),
    "due": Entry("lionrock.config.due:due", "Do what is due: send mail, lapse what was not accepted, remind."),
    "worker": Entry("lionrock.config.due:worker", "Do what is due, each thing at its interval, until stopped."),
    "serve": Entry("lionrock.config.serving:serve", "Run the portal, and beside it what is due.", database=False),
    "web": Entry("lionrock.config.serving:web", "Run the portal alone, for units of their own."),
    "doctor": Entry(
        "lionrock.operations.commands:doctor", "What is wrong with this installation, and what to do.", ready=False
    ),
    "backup": Entry(
        "lionrock.operations.backups.commands:backup",
        "Backups: make, archive, list, verify, restore, drill.",
        ready=False,
    ),
    "demo": Entry("lionrock.demo.commands:demo", "A whole programme, from an empty database."),
}


class Commands(Group):
    """Loads a command when it is called, and the database only for those that need it."""

    def explain(self, error: Exception, ctx: click.Context) -> LionrockError | None:
        """Say that the database broke off, where that is what an error means."""
        if ctx.obj is None:
            return None
        from lionrock.config.interruptions import interruption

        return interruption(error, ctx.obj)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take each word in the one spelling that is kept of it, but for names of files, which are bytes."""
        return super().parse_args(ctx, [each if _names_a_file(each) else composed(each) for each in args])

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the line, from programme to demo."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; its room is imported now, or none at all where a server elsewhere is asked."""
        if ctx.params.get("server"):
            return _remote(ctx.params["server"], ctx.params["token_file"], cmd_name)
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if entry.database:
            set_up()
        command = _load(entry.target)
        if isinstance(command, click.Group):
            for joined in map(_load, entry.joined):
                command.add_command(joined)
        return _connecting(command, entry.offline) if entry.database and entry.ready else command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of their rooms."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def _names_a_file(word: str) -> bool:
    return os.path.exists(word) or os.path.exists(word.partition("=")[2])


def _remote(server: str, token_file: Path | None, name: str) -> click.Command | None:
    from lionrock.remote.commands import remote_command
    from lionrock.remote.server import Server

    return remote_command(Server(server, token_file), name)


def _load(target: str) -> click.Command:
    module, name = target.split(":")
    command: click.Command = getattr(importlib.import_module(module), name)
    return command


def _connecting(command: click.Command, offline: frozenset[str] = frozenset()) -> click.Command:
    """Return the command so that the database is reached when it runs: help and a wrong option need none."""
    made = copy.copy(command)
    if isinstance(made, click.Group):
        made.commands = {name: each if name in offline else _connecting(each) for name, each in made.commands.items()}
        return made
    act = made.callback

    def connected(*args: Any, **kwargs: Any) -> Any:
        connect()
        return act(*args, **kwargs) if act else None

    made.callback = connected
    return made


def set_up() -> None:
    """Set Django up, so that rooms with tables can be imported."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
    django.setup()


def connect() -> None:
    """Start or reach the database, set Django up, bring the tables up to date."""
    from lionrock.config.environment import environment
    from lionrock.database import ensure_running

    ensure_running(environment().home, environment().database_url)
    set_up()
    from lionrock.database.schema import bring_up_to_date

    bring_up_to_date(environment().database_url)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lionrock")
@click.option(
    "--server",
    envvar="LIONROCK_SERVER",
    metavar="URL",
    help="Ask a server elsewhere, such as https://portal.example.org (or LIONROCK_SERVER).",
)
@click.option(
    "--token-file",
    envvar="LIONROCK_TOKEN_FILE",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file that holds your token for it (or LIONROCK_TOKEN_FILE).",
)
@click.pass_context
def main(ctx: click.Context, server: str | None, token_file: Path | None) -> None:  # noqa: ARG001 - for _remote
    """Run a public AI-compute programme end to end.

    Example: lionrock quote --programme hk-aiss --category startup --item h800-node --count 3 --months 6
    --on 2025-03-01
    """
    if server is None:
        from lionrock.config.environment import environment

        ctx.obj = environment()
