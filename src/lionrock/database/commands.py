"""`lionrock database`: start, stop, look, migrate."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import click
import django

from lionrock.database import failures
from lionrock.database.connection import address, check_server
from lionrock.database.layout import Layout
from lionrock.database.server import Condition, Server, superuser
from lionrock.database.sharing import end, ensure_running, keep
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message
from lionrock.terminal.output import Table, json_option, show


class Installation(Protocol):
    """What the commands are told (as click's `obj`): the settings `home` and `database_url`."""

    home: Path
    database_url: str | None


@click.group()
def database() -> None:
    """The database: start, stop, status, migrate."""


@database.command()
@json_option
@click.pass_obj
def start(installation: Installation, as_json: bool) -> None:
    """Start the private server and keep it up until `lionrock database stop`.

    Example: lionrock database start
    """
    _private_only(installation)
    keep(installation.home)
    _show_status(installation, as_json)


@database.command()
@click.option("--now", is_flag=True, help="Cut off other processes that use it.")
@json_option
@click.pass_obj
def stop(installation: Installation, now: bool, as_json: bool) -> None:
    """Stop the private server, or let it stop with the last process that uses it.

    Example: lionrock database stop
    """
    _private_only(installation)
    others = end(installation.home, now=now)
    names = ", ".join(map(str, others))
    waiting = f"Still used by {len(others)} processes ({names}); it stops with the last of them. --now cuts them off."
    show({"stopped": not others, "users": others}, waiting if others else "Stopped.", as_json=as_json)


@database.command()
@json_option
@click.pass_obj
def status(installation: Installation, as_json: bool) -> None:
    """Show which database is used and whether it runs.

    Example: lionrock database status
    """
    _show_status(installation, as_json)


@database.command()
@click.pass_obj
def migrate(installation: Installation) -> None:
    """Bring the tables up to date with this Lionrock.

    Example: lionrock database migrate
    """
    ensure_running(installation.home, installation.database_url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
    django.setup()
    from lionrock.database import schema  # noqa: PLC0415 - knows Django, which is set up only now

    schema.migrate(verbosity=1)


def _private_only(installation: Installation) -> None:
    if installation.database_url:
        sentence = gettext_noop(
            "LIONROCK_DATABASE_URL names the server {address}, which Lionrock neither starts nor stops. Use that "
            "server's own tools, or unset it to use a private server."
        )
        raise Conflict("database.not_private", message(sentence, address=address(installation.database_url)))


def _show_status(installation: Installation, as_json: bool) -> None:
    data = _by_url(installation.database_url) if installation.database_url else _private(installation.home)
    rows = [(name, "-" if value is None else value) for name, value in data.items()]
    show(data, Table(("what", "value"), rows), as_json=as_json)


def _by_url(url: str) -> dict[str, object]:
    return {"server": "by URL", "address": address(url), "state": "ready", "version": check_server(url)}


def _private(home: Path) -> dict[str, object]:
    layout = Layout.of(home)
    with failures.explained(layout.folder):
        server = Server(layout)
        condition = server.condition()
        data: dict[str, object] = {
            "server": "private",
            "state": str(condition),
            "process": server.postmaster(),
            "folder": str(layout.data),
            "socket": str(layout.socket_folder),
            "log": str(layout.log),
            "kept": layout.kept.exists(),
        }
    return data | (_answers(layout) if condition is Condition.READY else {})


def _answers(layout: Layout) -> dict[str, object]:
    with superuser(layout) as connection:
        version, fsync = connection.execute(
            "SELECT current_setting('server_version'), current_setting('fsync')"
        ).fetchall()[0]
    return {"version": version, "durable": fsync == "on"}
