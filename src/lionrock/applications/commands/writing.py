"""Writing applications: begin one, let others write in it, hand it in, take it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from lionrock.applications.actions import (
    draft_application,
    invite_author,
    remove_author,
    remove_entry,
    submit_application,
    withdraw_application,
)
from lionrock.applications.commands.group import application
from lionrock.applications.commands.showing import findings_of, told
from lionrock.applications.domain import Request
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option


@application.command("draft")
@click.argument("call")
@click.option("--organisation", required=True, metavar="CODE")
@click.option("--category", default="", metavar="ID")
@click.option("--title", default="")
@click.option("--title-zh-hant", default="")
@click.option("--title-zh-hans", default="")
@click.option("--purpose", default="")
@click.option("--item", metavar="ID", help="What is asked for, from the programme's price list.")
@click.option("--count", type=int, help="How many of it.")
@click.option("--months", type=int)
@click.option("--hours", type=int, help="Metered items: hours of each (default: the whole time).")
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="First day of use.")
@click.option("--declare", "declarations", multiple=True, metavar="ID", help="Sign a declaration; may be repeated.")
@click.option("--other-subsidy/--no-other-subsidy", default=None, help="Has the same scope another public subsidy?")
@as_option
@at_option
def draft(
    item: str | None,
    count: int | None,
    months: int | None,
    starts: datetime | None,
    hours: int | None,
    actor: Actor,
    now: datetime,
    **known: Any,
) -> None:
    """Begin an application to a call, with as much of it as is known; fill and attach do the rest.

    Example: lionrock application draft CALL-2026-0001 --organisation harbour-university --category university
    --title "Weather models" --item h800-node --count 2 --months 6 --starts 2026-03-01 --no-other-subsidy
    """
    request = _request(item, count, months, starts, hours)
    made = draft_application(actor=actor, request=request, now=now, **known)
    findings = findings_of(made, now)
    if findings:
        click.echo(told(findings))
    click.echo(f"{made.code} is drafted. See what is missing with: lionrock application check {made.code}")


def _request(
    item: str | None, count: int | None, months: int | None, starts: datetime | None, hours: int | None
) -> Request | None:
    """Return what is asked for; None when nothing of it is given."""
    if item is not None and count is not None and months is not None and starts is not None:
        return Request(item, count, months, starts.date(), hours)
    if item is None and count is None and months is None and starts is None and hours is None:
        return None
    said = message(gettext_noop("A request is whole or not there. Give --item, --count, --months and --starts."))
    raise Invalid("applications.request.part", said, faults=[Fault("applications.request.part", said, field="item")])


@application.command("invite")
@click.argument("code")
@click.argument("email")
@as_option
@at_option
def invite(code: str, email: str, actor: Actor, now: datetime) -> None:
    """Let somebody on file write in an application.

    Example: lionrock application invite APP-2026-0001 lee@delta.example
    """
    invite_author(actor=actor, application=code, email=email, now=now)
    click.echo(f"{email} can write in {code}.")


@application.command("uninvite")
@click.argument("code")
@click.argument("email")
@as_option
@at_option
def uninvite(code: str, email: str, actor: Actor, now: datetime) -> None:
    """Let somebody who was invited write in an application no longer.

    Example: lionrock application uninvite APP-2026-0001 lee@delta.example
    """
    remove_author(actor=actor, application=code, email=email, now=now)
    click.echo(f"{email} is no invited author of {code}.")


@application.command("remove-entry")
@click.argument("code")
@click.argument("part")
@click.argument("number", type=int)
@as_option
@at_option
def remove_entry_(code: str, part: str, number: int, actor: Actor, now: datetime) -> None:
    """Take one entry of a part that repeats, such as a project, out of an application.

    Example: lionrock application remove-entry APP-2026-0001 project 2
    """
    remove_entry(actor=actor, application=code, part=part, number=number, now=now)
    click.echo(f"{part} {number} is out of {code}.")


@application.command("submit")
@click.argument("code")
@as_option
@at_option
def submit(code: str, actor: Actor, now: datetime) -> None:
    """Hand an application in: it has to be complete, and a rule that says no refuses it.

    Example: lionrock application submit APP-2026-0001 --as chan@example.org
    """
    found = submit_application(actor=actor, application=code, now=now)
    click.echo(told(found.findings))
    click.echo(f"{code} is submitted.")


@application.command("withdraw")
@click.argument("code")
@as_option
@at_option
def withdraw(code: str, actor: Actor, now: datetime) -> None:
    """Take an application back before it is decided.

    Example: lionrock application withdraw APP-2026-0001
    """
    withdraw_application(actor=actor, application=code, now=now)
    click.echo(f"{code} is withdrawn.")
