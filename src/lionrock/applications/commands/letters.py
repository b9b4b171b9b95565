"""The correspondence from the terminal: read it, write in it."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from lionrock.applications.actions import write_letter
from lionrock.applications.commands.group import application
from lionrock.applications.letters import letters_of
from lionrock.applications.models import Letter
from lionrock.applications.queries import application_by_code
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import json_option, show


@application.command("letters")
@click.argument("code")
@as_option
@json_option
def list_letters(code: str, actor: Actor, as_json: bool) -> None:
    """Print the correspondence of an application, in order.

    Example: lionrock application letters APP-2026-0001
    """
    rows = [_row(letter) for letter in letters_of(actor, application_by_code(actor, code))]
    text = "\n\n".join(f"{row['written_at']} {row['author']} ({row['kind']})\n{row['text']}" for row in rows)
    show(rows, text or "Nobody has written yet.", as_json=as_json)


def _row(letter: Letter) -> dict[str, object]:
    return {
        "written_at": letter.written_at.isoformat(timespec="minutes"),
        "author": letter.author,
        "from_applicant": letter.from_applicant,
        "kind": str(letter.kind),
        "text": letter.text,
    }


@application.command("write")
@click.argument("code")
@click.option("--text", required=True, help="What to write; - reads it from standard input.")
@as_option
@at_option
def write(code: str, text: str, actor: Actor, now: datetime) -> None:
    """Write to the other side: authors to the office, the office to the authors.

    Example: lionrock application write APP-2026-0001 --text "Which institute signs?" --as office@example.org
    """
    words = sys.stdin.read() if text == "-" else text
    letter = write_letter(actor=actor, application=code, text=words, now=now)
    click.echo(f"{code}: letter {letter.pk} is sent.")
