"""Commands about how people sign in, for whoever sits at the machine."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.identity.actions import end_all_sessions, reseal_secrets, reset_factors, stop_support
from lionrock.identity.policies import require_operator
from lionrock.identity.queries import passkeys_of, person_by_address, sessions_of, ways_of
from lionrock.identity.supports import consents_for
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show


@click.group()
def identity() -> None:
    """How people sign in: show it, remove a lost second factor, end sign-ins; support; the secret."""


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
@click.option("--reason", required=True, help="Why; the person reads it.")
@as_option
@at_option
def end_sessions(email: str, reason: str, actor: Actor, now: datetime) -> None:
    """End all sign-ins of somebody, who is told.

    An office and an owner end those of who holds a role of their programme.

    Example: lionrock identity end-sessions chan@example.org --reason "laptop stolen"
    """
    ended = end_all_sessions(actor=actor, email=email, reason=reason, now=now)
    click.echo(f"{ended} sign-ins of {email} have ended.")


@identity.command("consents")
@as_option
@at_option
@json_option
def list_consents(actor: Actor, now: datetime, as_json: bool) -> None:
    """List who lets an office look at their pages now: all of them, or those that are given to one.

    Example: lionrock identity consents --as office@example.org
    """
    found = [
        {"email": each.person.email, "programme": each.programme, "supporter": each.supporter, "reason": each.reason,
         "parts": each.parts, "ends_at": each.ends_at}
        for each in consents_for(actor, now)
    ]  # fmt: skip
    rows: list[list[object]] = [
        [each["email"], each["programme"], each["supporter"] or "anybody", each["ends_at"], each["reason"]]
        for each in found
    ]
    show(found, Table(["who", "office of", "alone", "ends", "why"], rows), as_json=as_json)


@identity.command("stop-support")
@click.argument("email")
@as_option
@at_option
def stop(email: str, actor: Actor, now: datetime) -> None:
    """End somebody's consent in their place; whoever looks at their pages sees nothing more.

    Example: lionrock identity stop-support chan@example.org
    """
    ended = stop_support(actor=actor, email=email, now=now)
    click.echo(f"{ended} consents of {email} have ended.")


@identity.command("reseal")
@as_option
@at_option
def reseal(actor: Actor, now: datetime) -> None:
    """Put what is kept under an earlier secret of the installation under the one of now.

    That is: authenticator apps and keys of webhooks. Of recovery codes there are only digests: their owners are named,
    and make new ones before the earlier secret is taken out of LIONROCK_SECRET_KEY_FALLBACKS.

    Example: lionrock identity reseal
    """
    done = reseal_secrets(actor=actor, now=now)
    click.echo(f"{done.apps} authenticator apps are kept under the secret of now, and so are the keys of webhooks.")
    for each in done.codes_of:
        click.echo(f"Recovery codes of {each} still need the earlier secret.")
