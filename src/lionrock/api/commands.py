"""`lionrock token` and `lionrock webhook`: what programs sign in with, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import click

from lionrock.api.actions import (
    change_key,
    end_webhook,
    issue_token,
    register_webhook,
    revoke_token,
    send_again,
    try_webhook,
)
from lionrock.api.domain.tokens import LONGEST_DAYS, USUAL_DAYS, Scope
from lionrock.api.domain.webhooks import TOLD, Topic
from lionrock.api.keys import key_of, keys_of
from lionrock.api.models import Token
from lionrock.api.queries import deliveries, tokens, webhook_by_number, webhooks
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
    show(rows, _table(names, rows), as_json=as_json)


def _table(names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> Table:
    return Table(names, [["" if row[name] is None else row[name] for name in names] for row in rows])


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


@click.group()
def webhook() -> None:
    """Webhooks: register, list, keys, deliveries, again, try, end."""


@webhook.command("register")
@click.argument("email")
@click.argument("url")
@click.option("--topic", "topics", multiple=True, required=True, type=click.Choice([topic.value for topic in TOLD]))
@at_option
def register(email: str, url: str, topics: tuple[str, ...], now: datetime) -> None:
    """Let an address be told what happens, as far as that person may see it; print the key that signs.

    Example: lionrock webhook register chan@example.org https://hooks.example.org/lionrock --topic award.made
    """
    person = Person.objects.get(email=actor_by_email(email).email)
    made = register_webhook(person=person, url=url, topics=[Topic(each) for each in topics], now=now)
    click.echo(f"Webhook {made.pk} is registered. Its key:", err=True)
    click.echo(key_of(made))


@webhook.command("list")
@as_option
@json_option
def list_webhooks(actor: Actor, as_json: bool) -> None:
    """List one's webhooks.

    Example: lionrock webhook list --as chan@example.org
    """
    rows = [
        {"number": each.pk, "url": each.url, "person": each.person.email, "topics": ", ".join(each.topics),
         "ended_at": each.ended_at}
        for each in webhooks(actor)
    ]  # fmt: skip
    names = ("number", "url", "person", "topics", "ended_at")
    show(rows, _table(names, rows), as_json=as_json)


@webhook.command("keys")
@click.argument("number", type=int)
@as_option
@at_option
def keys(number: int, actor: Actor, now: datetime) -> None:
    """Print the keys that sign what a webhook is told, the newest first.

    Example: lionrock webhook keys 3
    """
    for key in keys_of(webhook_by_number(actor, number), now):
        click.echo(key)


@webhook.command("deliveries")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows to show.")
@as_option
@json_option
def list_deliveries(limit: int, actor: Actor, as_json: bool) -> None:
    """List what one's webhooks were told, or are to be, the newest first.

    Example: lionrock webhook deliveries --limit 10
    """
    names = (
        "number",
        "webhook",
        "topic",
        "created_at",
        "tries",
        "taken_at",
        "given_up_at",
        "last_status",
        "last_error",
    )
    rows = [
        {"number": each.pk, "webhook": each.webhook_id, **{name: getattr(each, name) for name in names[2:]}}
        for each in deliveries(actor)[:limit]
    ]
    show(rows, _table(names, rows), as_json=as_json)


def _doing(name: str, act: Callable[..., object], said: str, what: str) -> None:
    """Add a command that does one thing to what a number names."""

    @webhook.command(name, help=f"{what}\n\nExample: lionrock webhook {name} 3")
    @click.argument("number", type=int)
    @as_option
    @at_option
    def do(number: int, actor: Actor, now: datetime) -> None:
        act(actor=actor, now=now, number=number)
        click.echo(said.format(number=number))


def _send_again(*, actor: Actor, number: int, now: datetime) -> object:
    return send_again(actor=actor, delivery=number, now=now)


_doing("end", end_webhook, "Webhook {number} is told nothing any more.", "Tell an address nothing any more.")
_doing("change-key", change_key, "Webhook {number} has a new key.", "Sign with a new key; for a day the old one too.")
_doing("try", try_webhook, "A trial is on its way to webhook {number}.", "Send a trial.")
_doing("again", _send_again, "Delivery {number} will be sent again.", "Send a delivery again, by its number.")
