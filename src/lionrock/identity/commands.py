"""Commands about how people sign in, for whoever sits at the machine."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.identity.actions import end_all_sessions, reset_factors
from lionrock.identity.policies import require_operator
from lionrock.identity.queries import passkeys_of, person_by_address, sessions_of, ways_of
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show


@click.group()
def identity() -> None:
    """How people sign in: show it, remove a lost second factor, end sign-ins."""


@identity.command("show")
@click.argument("email")
@as_option
@at_option
@json_option
def show_identity(email: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show what somebody signs in with, and where they are signed in.

    Example: lionrock identity show chan@example.org
    """
    require_operator(actor)
    person = person_by_address(email)
    ways, sessions = ways_of(person), sessions_of(person, now)
    found = {
        "email": person.email,
        "password": person.has_usable_password(),
        "passkeys": [passkey.name for passkey in passkeys_of(person)],
        "app": ways.app,
        "recovery_codes": ways.codes,
        "sessions": [{"browser": each.browser, "by": each.method, "seen_at": each.seen_at} for each in sessions],
    }
    rows: list[list[object]] = [
        ["password", "yes" if found["password"] else "no"],
        ["passkeys", ", ".join(passkey.name for passkey in passkeys_of(person)) or "none"],
        ["authenticator app", "yes" if ways.app else "no"],
        ["recovery codes left", ways.codes],
    ]
    rows += [["signed in", f"{each.browser or 'unknown browser'}, by {each.method}"] for each in sessions]
    show([found], Table(["what", "has"], rows), as_json=as_json)


@identity.command("reset-factors")
@click.argument("email")
@click.option("--reason", required=True, help="Why, and how you know that it is that person who asks.")
@as_option
@at_option
def reset(email: str, reason: str, actor: Actor, now: datetime) -> None:
    """Remove somebody's passkeys, authenticator app and recovery codes: the password alone signs in then.

    The person is told, and the audit says so. Make sure first that it is that person who asks.

    Example: lionrock identity reset-factors chan@example.org --reason "lost telephone, called back at the office"
    """
    reset_factors(actor=actor, email=email, reason=reason, now=now)
    click.echo(f"{email} signs in with a password alone.")


@identity.command("end-sessions")
@click.argument("email")
@as_option
@at_option
def end_sessions(email: str, actor: Actor, now: datetime) -> None:
    """End all sign-ins of somebody.

    Example: lionrock identity end-sessions chan@example.org
    """
    ended = end_all_sessions(actor=actor, email=email, now=now)
    click.echo(f"{ended} sign-ins of {email} have ended.")
