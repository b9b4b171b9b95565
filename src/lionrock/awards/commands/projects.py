"""`lionrock award people`: who answers for an award, and who works on it."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.awards.actions import end_project_member, hand_over_project, name_project_member, open_project
from lionrock.awards.models import Award
from lionrock.awards.projects import investigator_of, is_limited, named_for
from lionrock.awards.queries import award_by_code
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import facts, json_option, show

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def people() -> None:
    """People of awards: show, add, remove, hand over, open to all."""


@people.command("show")
@click.argument("code")
@as_option
@at_option
@json_option
def show_(code: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show who answers for an award and who works on it.

    Example: lionrock award people show AW-2026-0001
    """
    data = people_data(award_by_code(actor, code), now)
    show(data, "\n".join(facts(data)), as_json=as_json)


@people.command("add")
@click.argument("code")
@click.argument("email")
@click.option("--first", type=DAY, required=True, metavar="DATE", help="The first day.")
@click.option("--last", type=DAY, metavar="DATE", help="The last day (default: until it is ended).")
@as_option
@at_option
def add(code: str, email: str, first: datetime, last: datetime | None, actor: Actor, now: datetime) -> None:
    """Name a member of the organisation who works on an award; from then on only those named do.

    Example: lionrock award people add AW-2026-0001 chan@harbour.example --first 2026-03-01
    """
    until = last.date() if last else None
    name_project_member(actor=actor, award=code, email=email, first=first.date(), last=until, now=now)
    click.echo(f"{email} works on {code} from {first.date()} on.")


@people.command("remove")
@click.argument("code")
@click.argument("email")
@as_option
@at_option
def remove(code: str, email: str, actor: Actor, now: datetime) -> None:
    """Let somebody who was named work on an award no longer.

    Example: lionrock award people remove AW-2026-0001 chan@harbour.example
    """
    end_project_member(actor=actor, award=code, email=email, now=now)
    click.echo(f"{email} does not work on {code} any more.")


@people.command("hand-over")
@click.argument("code")
@click.argument("email")
@click.option("--reason", required=True, help="Why.")
@as_option
@at_option
def hand_over(code: str, email: str, reason: str, actor: Actor, now: datetime) -> None:
    """Make another member of the organisation the principal investigator of an award.

    Example: lionrock award people hand-over AW-2026-0001 chan@harbour.example --reason "A new post."
    """
    hand_over_project(actor=actor, award=code, email=email, reason=reason, now=now)
    click.echo(f"{email} is the principal investigator of {code}.")


@people.command("open")
@click.argument("code")
@as_option
@at_option
def open_(code: str, actor: Actor, now: datetime) -> None:
    """Let every member of the organisation work on an award again.

    Example: lionrock award people open AW-2026-0001
    """
    open_project(actor=actor, award=code, now=now)
    click.echo(f"Every member of the organisation works on {code}.")


def people_data(award: Award, now: datetime) -> dict[str, object]:
    """Return who answers for an award and who works on it as plain values, for machines."""
    return {
        "award": award.code,
        "investigator": investigator_of(award),
        "limited": is_limited(award),
        "members": [
            {"person": each.person, "begins_at": each.begins_at, "ends_at": each.ends_at}
            for each in named_for(award, now)
        ],
    }
