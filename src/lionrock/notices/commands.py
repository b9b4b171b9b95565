"""Commands about mail: what waits, what was given up, and trying that again."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions import retry_mail
from lionrock.notices.models import Mail
from lionrock.notices.queries import STATES, mails
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

LONGEST_LIST = 200


@click.group()
def mail() -> None:
    """E-mail: what waits, was sent or given up; try again."""


@mail.command("list")
@click.option("--state", type=click.Choice(list(STATES)), help="Only these.")
@json_option
def list_mails(state: str | None, as_json: bool) -> None:
    """List the latest mails: to whom, how often it was tried, what the server said.

    Example: lionrock mail list --state given_up
    """
    rows = [_row(each) for each in mails(state or "")[:LONGEST_LIST]]
    table = Table(list(_row(Mail())), [list(row.values()) for row in rows], right=frozenset({"tries"}))
    show(rows, table, as_json=as_json)


def _row(each: Mail) -> dict[str, object]:
    state = "sent" if each.sent_at else "given_up" if each.given_up_at else "waiting"
    return {
        "mail": each.pk,
        "state": state,
        "kind": str(each.kind),
        "address": each.address,
        "tries": each.tries,
        "said": each.last_error,
    }


@mail.command("retry")
@click.argument("numbers", metavar="MAIL…", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that were given up.")
@at_option
def retry(numbers: tuple[int, ...], everything: bool, now: datetime) -> None:
    """Have mails that were given up tried again, with the next `lionrock due`.

    Example: lionrock mail retry --all
    """
    if not numbers and not everything:
        raise click.UsageError("Name the mails, or say --all.")
    count = retry_mail(numbers=None if everything else numbers, now=now)
    if count == 0 and not everything:
        said = message(gettext_noop("None of these mails was given up. See `lionrock mail list --state given_up`."))
        raise NotFound("notices.mail.none", said)
    click.echo(f"{count} mails wait again.")
