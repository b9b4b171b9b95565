"""`lionrock token`: issue, list and revoke tokens of the API."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.api.actions import issue_token, revoke_token
from lionrock.api.domain.tokens import LONGEST_DAYS, USUAL_DAYS, Scope
from lionrock.api.models import Token
from lionrock.api.queries import tokens
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.queries import actor_by_email
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show


@click.group()
def token() -> None:
    """Tokens of the API: issue, list, revoke."""


@token.command("issue")
@click.argument("email")
@click.option("--name", required=True, help="What it is for.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice([scope.value for scope in Scope]))
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=USUAL_DAYS, show_default=True)
@click.option("--programme", default="", metavar="ID", help="A service's token, for this programme alone.")
@click.option("--organisation", default="", metavar="CODE", help="A service's token, for this organisation alone.")
@at_option
def issue(
    email: str, name: str, scopes: tuple[str, ...], days: int, programme: str, organisation: str, now: datetime
) -> None:
    """Print a new token of a person, once; it may at most what that person may.

    Example: lionrock token issue chan@example.org --name "Nightly jobs" --scope jobs --scope read
    """
    issued = issue_token(
        person=Person.objects.get(email=actor_by_email(email).email),
        name=name,
        scopes=[Scope(each) for each in scopes],
        days=days,
        now=now,
        programme=programme,
        organisation=organisation,
    )
    click.echo(issued.secret)
    click.echo(f"It is shown this once, and counts until {issued.token.expires_at:%Y-%m-%d}.", err=True)


@token.command("list")
@as_option
@json_option
def list_(actor: Actor, as_json: bool) -> None:
    """List tokens: one's own, and services' of the places that one looks after.

    Example: lionrock token list --as chan@example.org
    """
    rows = [_data(each) for each in tokens(actor)]
    names = ("number", "token", "name", "person", "place", "scopes", "expires_at", "last_used_at", "revoked_at")
    cells = [["" if row[name] is None else row[name] for name in names] for row in rows]
    show(rows, Table(names, cells), as_json=as_json)


def _data(each: Token) -> dict[str, object]:
    return {
        "number": each.pk,
        "token": each.hint,
        "name": each.name,
        "person": each.person.email,
        "place": each.programme or (each.organisation.code if each.organisation else None),
        "scopes": ", ".join(each.scopes),
        "expires_at": each.expires_at,
        "last_used_at": each.last_used_at,
        "revoked_at": each.revoked_at,
    }


@token.command("revoke")
@click.argument("number", type=int)
@as_option
@at_option
def revoke(number: int, actor: Actor, now: datetime) -> None:
    """End a token at once.

    Example: lionrock token revoke 7
    """
    revoked = revoke_token(actor=actor, number=number, now=now)
    click.echo(f"{revoked.hint} opens nothing any more.")
