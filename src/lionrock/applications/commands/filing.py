"""Applications and files: fill one from a file, attach documents, take the whole of it away."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from lionrock.applications.actions import (
    Brought,
    attach,
    draft_application,
    import_application,
    remove_attachment,
)
from lionrock.applications.commands.group import application
from lionrock.applications.exports import exported, exported_with_files
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option

_FILE = click.Path(path_type=Path)


@application.command("fill")
@click.argument("code")
@click.argument("file", type=_FILE)
@as_option
@at_option
def fill(code: str, file: Path, actor: Actor, now: datetime) -> None:
    """Fill an application from a file: YAML, JSON, or an archive with the documents too.

    All that can be read is taken; the rest is named with its line. `lionrock application export` shows how
    such a file is written.

    Example: lionrock application fill APP-2026-0001 answers.yaml
    """
    with _opened(file) as content:
        _say(code, import_application(actor=actor, application=code, file=content, name=file.name, now=now))


@application.command("import")
@click.argument("file", type=_FILE)
@click.option("--call", required=True, metavar="CODE")
@click.option("--organisation", required=True, metavar="CODE")
@as_option
@at_option
def import_(file: Path, call: str, organisation: str, actor: Actor, now: datetime) -> None:
    """Begin an application to a call from a file that was exported, or written by hand.

    Example: lionrock application import last-year.zip --call CALL-2026-0001 --organisation harbour-university
    """
    with _opened(file) as content:
        made = draft_application(actor=actor, call=call, organisation=organisation, now=now)
        _say(made.code, import_application(actor=actor, application=made.code, file=content, name=file.name, now=now))


def _opened(file: Path) -> BinaryIO:
    """Open a file that somebody named; raises `Invalid` when it cannot be read."""
    try:
        return file.open("rb")
    except OSError as unreadable:
        said = message(
            gettext_noop("“{value}” cannot be read: {reason}. Name a file that can."),
            value=str(file),
            reason=unreadable.strerror,
        )
        fault = Fault("applications.file.unreadable", said, file=str(file), field="file", value=str(file))
        raise Invalid("applications.file.unreadable", said, faults=[fault]) from unreadable


def _say(code: str, brought: Brought) -> None:
    for fault in brought.faults:
        click.echo(str(fault), err=True)
    kept = sum(1 for each in brought.saved.answers if each.fault is None)
    click.echo(f"{code}: {kept} answers and {brought.attached} files taken, {len(brought.faults)} faults.")


@application.command("attach")
@click.argument("code")
@click.argument("document")
@click.argument("file", type=_FILE)
@as_option
@at_option
def attach_(code: str, document: str, file: Path, actor: Actor, now: datetime) -> None:
    """Send a file with an application, for one of the documents that the programme asks for.

    Example: lionrock application attach APP-2026-0001 proposal proposal.pdf
    """
    with _opened(file) as content:
        made = attach(actor=actor, application=code, document=document, name=file.name, content=content, now=now)
    click.echo(f"{made.name} is attached to {code} as file {made.pk}.")


@application.command("detach")
@click.argument("code")
@click.argument("file", type=int)
@as_option
@at_option
def detach(code: str, file: int, actor: Actor, now: datetime) -> None:
    """Take a file out of an application again, by its number.

    Example: lionrock application detach APP-2026-0001 17
    """
    removed = remove_attachment(actor=actor, application=code, attachment=file, now=now)
    click.echo(f"{removed.name} is out of {code}.")


@application.command("export")
@click.argument("code")
@click.option("--format", "form", type=click.Choice(["json", "zip"]), default="json", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write it.")
@as_option
@at_option
def export(code: str, form: str, output: Path | None, actor: Actor, now: datetime) -> None:
    """Take an application away as one file: its answers, or with --format zip its documents too.

    Example: lionrock application export APP-2026-0001 --format zip --output application.zip
    """
    content = exported_with_files(actor, code, now) if form == "zip" else exported(actor, code, now)
    if output is None:
        click.echo(content, nl=False)
        return
    output.write_bytes(content)
    click.echo(f"{code} is written to {output.name}.")
