"""`lionrock backup`: make, archive, list, verify, restore, drill."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from lionrock.database.sharing import ensure_running, release
from lionrock.database.tools import reach_of
from lionrock.kernel.errors import Broken
from lionrock.operations.backups.archiving import archiver, forget_older
from lionrock.operations.backups.drill import CHECKS
from lionrock.operations.backups.drill import drill as proved
from lionrock.operations.backups.making import make as made
from lionrock.operations.backups.restoring import restore as restored
from lionrock.operations.backups.shelf import Backup, backups_in, newest
from lionrock.operations.backups.shelf import verify as verified
from lionrock.operations.supervising import supervise
from lionrock.terminal.clock import read_instant
from lionrock.terminal.errors import Group
from lionrock.terminal.output import Table, json_option, show

Command = TypeVar("Command", bound=Callable[..., Any])


class Installation(Protocol):
    """What the commands are told (as click's `obj`)."""

    home: Path
    database_url: str | None
    backups: Path | None


def _shelf_option(command: Command) -> Command:
    return click.option(
        "--in", "shelf", type=click.Path(path_type=Path), help="Folder of backups; LIONROCK_BACKUPS by default."
    )(command)


def _shelf(installation: Installation, given: Path | None) -> Path:
    return (given or installation.backups or installation.home / "backups").absolute()


@click.group(cls=Group)
def backup() -> None:
    """Backups of database and files: make, archive, list, verify, restore, drill."""


@backup.command()
@_shelf_option
@click.option("--keep", type=click.IntRange(1), help="Remove all but so many of the newest, and the log before them.")
@click.pass_obj
def make(installation: Installation, shelf: Path | None, keep: int | None) -> None:
    """Make a backup while everybody works.

    Example: lionrock backup make --keep 7
    """
    folder = _shelf(installation, shelf)
    ensure_running(installation.home, installation.database_url)
    click.echo(made(installation.home, reach_of(installation.home, installation.database_url), folder))
    for name in forget_older(folder, keep) if keep else []:
        click.echo(f"Removed {name}", err=True)


@backup.command()
@_shelf_option
@click.pass_context
def archive(ctx: click.Context, shelf: Path | None) -> None:
    """Copy what the server writes, as it writes it, until SIGTERM: from it any moment can be restored.

    Example: lionrock backup archive
    """
    installation: Installation = ctx.obj
    ensure_running(installation.home, installation.database_url)
    reach = reach_of(installation.home, installation.database_url)
    code = supervise([archiver(reach, _shelf(installation, shelf))])
    release(installation.home)
    ctx.exit(code)


@backup.command("list")
@_shelf_option
@json_option
@click.pass_obj
def list_backups(installation: Installation, shelf: Path | None, as_json: bool) -> None:
    """List the backups, the oldest first.

    Example: lionrock backup list
    """
    found = backups_in(_shelf(installation, shelf))
    rows = [
        {
            "name": each.description.name,
            "moment": each.description.moment,
            "megabytes": each.description.bytes >> 20,
            "rows": sum(rows for rows, _digest in each.description.tables.values()),
        }
        for each in found
    ]
    show(rows, Table(["name", "moment", "MB", "rows"], [list(row.values()) for row in rows]), as_json=as_json)


@backup.command()
@click.argument("name", required=False)
@_shelf_option
@click.pass_obj
def verify(installation: Installation, name: str | None, shelf: Path | None) -> None:
    """See that every file of a backup (the newest) is as it was written.

    Example: lionrock backup verify
    """
    chosen = _chosen(_shelf(installation, shelf), name)
    verified(chosen)
    click.echo(f"{chosen.description.name}: {len(chosen.description.digests)} files are as they were written.")


@backup.command()
@click.argument("home", type=click.Path(path_type=Path))
@click.option("--to", "instant", metavar="INSTANT", help="The moment wanted, such as 2026-10-01T09:00+08:00.")
@click.option("--backup", "name", help="Which backup; the newest from before that moment by default.")
@_shelf_option
@click.pass_obj
def restore(installation: Installation, home: Path, instant: str | None, name: str | None, shelf: Path | None) -> None:
    """Put the newest backup into an empty home, or how things were at a moment that the archive reaches.

    The running system is not touched. Look at what you have restored, then put it in the other's place.

    Example: lionrock backup restore /srv/restored --to 2026-10-01T09:00+08:00
    """
    to = read_instant(instant) if instant else None
    folder = _shelf(installation, shelf)
    chosen = _chosen(folder, name) if name else newest(folder, to)
    began = time.monotonic()
    restored(chosen, home.absolute(), to)
    release(home.absolute())
    moment = (to or chosen.moment).astimezone(UTC).isoformat()
    click.echo(f"{home} is as of {moment}, from {chosen.description.name}, in {time.monotonic() - began:.0f} s.")


@backup.command()
@click.argument("name", required=False)
@_shelf_option
@click.option("--place", type=click.Path(path_type=Path, exists=True), help="Where there is room for a copy.")
@json_option
@click.pass_context
def drill(ctx: click.Context, name: str | None, shelf: Path | None, place: Path | None, as_json: bool) -> None:
    """Prove a backup (the newest): restore it elsewhere, compare every table, check the books, throw it away.

    It ends with 70 when anything is otherwise than it was when the backup was made.

    Example: lionrock backup drill
    """
    proof = proved(_chosen(_shelf(ctx.obj, shelf), name), place, _checks(ctx))
    data = asdict(proof) | {"backup": proof.backup.description.name, "holds": proof.holds}
    verdict = "equal" if proof.holds else "NOT equal"
    of = f"{proof.backup.description.name} of {proof.backup.description.moment}"
    lines = [
        f"{of}: {verdict}; {proof.rows} rows in {proof.tables} tables, restored and compared in {proof.seconds:.0f} s.",
        *(f"otherwise: {each}" for each in proof.different),
        *(f"failed: lionrock {each}" for each in proof.failed),
    ]
    show(data, "\n".join(lines), as_json=as_json)
    ctx.exit(0 if proof.holds else Broken.exit_code)


def _checks(ctx: click.Context) -> list[tuple[str, ...]]:
    """Return the checks, and that of the audit trail where this Lionrock has it."""
    root = ctx.find_root()
    audit = root.command.get_command(root, "audit") if isinstance(root.command, click.Group) else None
    has_it = isinstance(audit, click.Group) and "verify" in audit.commands
    return [*CHECKS, *([("audit", "verify")] if has_it else [])]


def _chosen(shelf: Path, name: str | None) -> Backup:
    if name is None:
        return newest(shelf)
    return next((each for each in backups_in(shelf) if each.description.name == name), None) or newest(shelf / name)
