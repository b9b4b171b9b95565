"""Commands about organisations and persons, and the `--as` of every other command."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import click
from django.conf import settings
from django.urls import reverse

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.actions import (
    answer_membership,
    change_domain,
    claim_domain,
    end_administrator,
    end_deputyship,
    end_domain,
    grant_role,
    invite_colleague,
    leave_organisation,
    name_administrator,
    name_deputy,
    register_organisation,
    register_person,
    resend_invitation,
    revoke_role,
    show_joining_link,
    take_back_invitation,
    verify_domain,
)
from lionrock.people.domain import DEPUTISED, PROGRAMME_ROLES, Actor, Role, terminal_operator
from lionrock.people.mail_domains import record_of
from lionrock.people.models import MailDomain, Organisation, Person
from lionrock.people.queries import (
    actor_by_email,
    deputyships,
    invitations,
    joinings_waiting,
    mail_domains,
    open_requests,
)
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show


def as_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--as EMAIL` and hand `actor` to the command: that person, or the terminal's operator."""

    @click.option("--as", "acting_as", metavar="EMAIL", help="Act as this person (default: the terminal's operator).")
    @wraps(command)
    def with_actor(*args: Any, acting_as: str | None, **kwargs: Any) -> Any:
        actor = actor_by_email(acting_as) if acting_as else terminal_operator(getpass.getuser())
        return command(*args, actor=actor, **kwargs)

    return with_actor


@click.group()
def organisation() -> None:
    """Organisations: add, list, invite to, answer who asks, leave, name administrators, prove mail domains."""


@organisation.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--name-zh-hant", default="")
@click.option("--name-zh-hans", default="")
@as_option
@at_option
def add_organisation(code: str, name: str, name_zh_hant: str, name_zh_hans: str, actor: Actor, now: datetime) -> None:
    """Put an organisation on file.

    Example: lionrock organisation add harbour-university --name "Harbour University"
    """
    register_organisation(
        actor=actor, code=code, name=name, name_zh_hant=name_zh_hant, name_zh_hans=name_zh_hans, now=now
    )
    click.echo(f"{code} is on file.")


@organisation.command("list")
@json_option
def list_organisations(as_json: bool) -> None:
    """List the organisations on file.

    Example: lionrock organisation list
    """
    rows = list(Organisation.objects.order_by("code").values("code", "name", "name_zh_hant", "name_zh_hans"))
    show(rows, Table(["code", "name"], [[row["code"], row["name"]] for row in rows]), as_json=as_json)


@click.group()
def person() -> None:
    """Persons: add, list, give and take roles, let somebody stand in."""


@person.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option(
    "--password", help="At least 12 characters. Leave out to be asked on the terminal; empty for nobody to sign in yet."
)
@click.option("--language", type=click.Choice(["en", "zh-hant", "zh-hans"]), default="en", show_default=True)
@as_option
@at_option
def add_person(email: str, name: str, password: str | None, language: str, actor: Actor, now: datetime) -> None:
    """Put a person on file.

    Example: lionrock person add chan@example.org --name "Chan Tai Man"
    """
    if password is None:
        password = _asked_password()
    register_person(actor=actor, email=email, name=name, password=password or None, language=language, now=now)
    click.echo(f"{email} is on file.")


def _asked_password() -> str:
    if not sys.stdin.isatty():
        said = message(
            gettext_noop(
                "There is no terminal to ask for the {field}. Give it with --password, or an empty one "
                "if nobody is to sign in yet."
            ),
            field="password",
        )
        raise Invalid(
            "people.person.no_terminal", said, faults=[Fault("people.person.no_terminal", said, field="password")]
        )
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@person.command("list")
@json_option
def list_persons(as_json: bool) -> None:
    """List the persons on file with their roles.

    Example: lionrock person list
    """
    people = Person.objects.order_by("email").prefetch_related("role_grants__organisation")
    rows = [
        {
            "email": one.email,
            "name": one.name,
            "roles": [
                f"{grant.role}@{grant.programme or (grant.organisation.code if grant.organisation else '')}"
                for grant in one.role_grants.all()
            ],
        }
        for one in people
    ]
    table = Table(["email", "name", "roles"], [[row["email"], row["name"], ", ".join(row["roles"])] for row in rows])
    show(rows, table, as_json=as_json)


@person.command("grant")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--programme", default="", metavar="ID", help="Where the role holds; for the roles of a programme.")
@click.option(
    "--organisation",
    "organisation_code",
    default="",
    metavar="CODE",
    help="Where a member or an administrator belongs.",
)
@as_option
@at_option
def grant(email: str, role: str, programme: str, organisation_code: str, actor: Actor, now: datetime) -> None:
    """Give a person a role.

    Example: lionrock person grant chan@example.org finance --programme hk-aiss
    """
    grant_role(
        actor=actor,
        email=email,
        role=Role(role),
        programme=programme,
        organisation=organisation_code,
        now=now,
    )
    click.echo(f"{email} holds {role} for {programme or organisation_code}.")


@person.command("revoke")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role if role in PROGRAMME_ROLES]))
@click.option("--programme", required=True, metavar="ID", help="Where the role is held.")
@as_option
@at_option
def revoke(email: str, role: str, programme: str, actor: Actor, now: datetime) -> None:
    """Take a role for a programme away from a person.

    Example: lionrock person revoke chan@example.org finance --programme hk-aiss
    """
    revoke_role(actor=actor, email=email, role=Role(role), programme=programme, now=now)
    click.echo(f"{email} does not hold {role} for {programme} any more.")


@person.command("deputies")
@as_option
@json_option
def list_deputies(actor: Actor, as_json: bool) -> None:
    """List who stands in for whom, now or later, as far as one has to do with it.

    Example: lionrock person deputies
    """
    rows = [
        {
            "deputyship": row.pk,
            "holder": row.holder.email,
            "deputy": row.deputy.email,
            "role": row.role,
            "programme": row.programme,
            "first": row.first.isoformat(),
            "last": row.last.isoformat(),
        }
        for row in deputyships(actor)
    ]
    columns = ["deputyship", "holder", "deputy", "role", "programme", "first", "last"]
    show(rows, Table(columns, [list(row.values()) for row in rows]), as_json=as_json)


@person.command("name-deputy")
@click.argument("holder")
@click.argument("deputy")
@click.argument("role", type=click.Choice([role.value for role in Role if role in DEPUTISED]))
@click.option("--programme", required=True, metavar="ID")
@click.option("--first", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--last", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day, it included.")
@as_option
@at_option
def stand_in(
    holder: str, deputy: str, role: str, programme: str, first: datetime, last: datetime, actor: Actor, now: datetime
) -> None:
    """Let somebody do a role of somebody else for a while.

    Example: lionrock person name-deputy chan@example.org lee@example.org finance --programme hk-aiss
    --first 2026-12-01 --last 2026-12-14
    """
    days = {"first": first.date(), "last": last.date()}
    made = name_deputy(actor=actor, holder=holder, deputy=deputy, role=Role(role), programme=programme, **days, now=now)
    click.echo(f"{deputy} stands in for {holder} from {made.first} to {made.last}: {made.pk}.")


@person.command("end-deputy")
@click.argument("deputyship", type=int)
@as_option
@at_option
def end_deputy(deputyship: int, actor: Actor, now: datetime) -> None:
    """Let a deputy stand in no longer, before the last day.

    Example: lionrock person end-deputy 7
    """
    ended = end_deputyship(actor=actor, number=deputyship, now=now)
    click.echo(f"{ended.deputy.email} does not stand in for {ended.holder.email} any more.")


@person.command("link")
@click.argument("email")
@as_option
@at_option
def link(email: str, actor: Actor, now: datetime) -> None:
    """Print the link of somebody who has signed up and gets no mail, to be handed over.

    Example: lionrock person link ng@kite.example
    """
    waiting = joinings_waiting(now).filter(email__iexact=email).first()
    token = show_joining_link(actor=actor, joining=waiting.pk if waiting else 0, now=now)
    click.echo(f"{settings.LIONROCK_PORTAL_URL}{reverse('people:joining', args=[token])}")


@organisation.command("invite")
@click.argument("code")
@click.argument("email")
@click.option("--administrator", is_flag=True, help="As an administrator, who looks after who belongs.")
@as_option
@at_option
def invite(code: str, email: str, administrator: bool, actor: Actor, now: datetime) -> None:
    """Send somebody the link by which they become a member of an organisation.

    Example: lionrock organisation invite harbour-university lee@example.org --as chan@example.org
    """
    invite_colleague(actor=actor, organisation=code, email=email, administrator=administrator, now=now)
    click.echo(f"{email} is invited.")


@organisation.command("invitations")
@as_option
@json_option
def list_invitations(actor: Actor, as_json: bool) -> None:
    """List the invitations that nobody has taken up yet, as far as one looks after them.

    Example: lionrock organisation invitations
    """
    rows = [
        {
            "invitation": row.pk,
            "organisation": row.organisation.code if row.organisation else "",
            "email": row.email,
            "as": (Role.ORGANISATION_ADMIN if row.as_administrator else Role.MEMBER).value,
            "by": row.invited_by,
            "expires": row.expires_at.isoformat(),
        }
        for row in invitations(actor)
    ]
    columns = ["invitation", "organisation", "email", "as", "by", "expires"]
    show(rows, Table(columns, [list(row.values()) for row in rows]), as_json=as_json)


@organisation.command("resend")
@click.argument("invitation", type=int)
@as_option
@at_option
def resend(invitation: int, actor: Actor, now: datetime) -> None:
    """Send an invitation again; the link sent before counts no more.

    Example: lionrock organisation resend 7
    """
    click.echo(f"{resend_invitation(actor=actor, number=invitation, now=now).email} gets a new link.")


@organisation.command("take-back")
@click.argument("invitation", type=int)
@as_option
@at_option
def take_back(invitation: int, actor: Actor, now: datetime) -> None:
    """Take an invitation back; its link leads nowhere from now on.

    Example: lionrock organisation take-back 7
    """
    click.echo(f"{take_back_invitation(actor=actor, number=invitation, now=now).email} is not invited any more.")


@organisation.command("name-administrator")
@click.argument("code")
@click.argument("email")
@as_option
@at_option
def name(code: str, email: str, actor: Actor, now: datetime) -> None:
    """Let a member of an organisation look after who belongs to it.

    Example: lionrock organisation name-administrator harbour-university lee@example.org
    """
    name_administrator(actor=actor, organisation=code, email=email, now=now)
    click.echo(f"{email} is an administrator of {code}.")


@organisation.command("end-administrator")
@click.argument("code")
@click.argument("email")
@as_option
@at_option
def end(code: str, email: str, actor: Actor, now: datetime) -> None:
    """Let an administrator of an organisation be a plain member again.

    Example: lionrock organisation end-administrator harbour-university lee@example.org
    """
    end_administrator(actor=actor, organisation=code, email=email, now=now)
    click.echo(f"{email} is no administrator of {code}.")


@organisation.command("leave")
@click.argument("code")
@click.argument("email")
@click.option("--colleague", default="", metavar="EMAIL", help="Another member, who looks after what is open.")
@click.option("--reason", default="", help="Of the last member: what becomes of what is open.")
@as_option
@at_option
def leave(code: str, email: str, colleague: str, reason: str, actor: Actor, now: datetime) -> None:
    """Let somebody belong to an organisation no longer; what it has stays with it.

    Example: lionrock organisation leave harbour-university lee@example.org --colleague chan@example.org
    """
    leave_organisation(actor=actor, organisation=code, email=email, colleague=colleague, reason=reason, now=now)
    click.echo(f"{email} does not belong to {code} any more.")


@organisation.command("domains")
@as_option
@json_option
def list_domains(actor: Actor, as_json: bool) -> None:
    """List the mail domains that organisations claim, with the records that prove them.

    Example: lionrock organisation domains
    """
    rows = [_domain(row) for row in mail_domains(actor)]
    columns = ["domain", "organisation", "name", "standing", "lets_in", "at", "says"]
    show(rows, Table(columns, [list(row.values()) for row in rows]), as_json=as_json)


def _domain(row: MailDomain) -> dict[str, Any]:
    where, what = record_of(row.name, row.proof)
    known = {"name": row.name, "standing": row.standing, "lets_in": row.lets_in}
    return {"domain": row.pk, "organisation": row.organisation.code, **known, "at": where, "says": what}


@organisation.command("claim-domain")
@click.argument("code")
@click.argument("domain")
@as_option
@at_option
def claim(code: str, domain: str, actor: Actor, now: datetime) -> None:
    """Say that a mail domain is an organisation's; print the record that has to prove it.

    Example: lionrock organisation claim-domain harbour-university example.edu
    """
    made = claim_domain(actor=actor, organisation=code, domain=domain, now=now)
    where, what = record_of(made.name, made.proof)
    click.echo(f'Domain {made.pk}. Put into its DNS: {where} TXT "{what}"')


@organisation.command("verify-domain")
@click.argument("domain", type=int)
@as_option
@at_option
def verify(domain: int, actor: Actor, now: datetime) -> None:
    """Look now for the record that proves a domain.

    Example: lionrock organisation verify-domain 3
    """
    click.echo(f"{verify_domain(actor=actor, number=domain, now=now).name} is proven.")


@organisation.command("change-domain")
@click.argument("domain", type=int)
@click.argument("lets_in", type=click.Choice(["lets-in", "asks"]))
@as_option
@at_option
def change(domain: int, lets_in: str, actor: Actor, now: datetime) -> None:
    """Say whether whoever has an address of a proven domain belongs at once, or asks.

    Example: lionrock organisation change-domain 3 lets-in
    """
    changed = change_domain(actor=actor, number=domain, lets_in=lets_in == "lets-in", now=now)
    click.echo(f"An address of {changed.name} {'is enough to belong' if changed.lets_in else 'has to ask'}.")


@organisation.command("end-domain")
@click.argument("domain", type=int)
@as_option
@at_option
def give_up(domain: int, actor: Actor, now: datetime) -> None:
    """Give a domain up; who belongs already goes on to.

    Example: lionrock organisation end-domain 3
    """
    click.echo(f"{end_domain(actor=actor, number=domain, now=now).name} is given up.")


@organisation.command("requests")
@as_option
@json_option
def list_requests(actor: Actor, as_json: bool) -> None:
    """List who asks to belong to an organisation, as far as one may answer.

    Example: lionrock organisation requests
    """
    rows = [
        {"request": row.pk, "organisation": row.organisation.code, "person": row.person.email}
        for row in open_requests(actor).select_related("organisation", "person")
    ]
    show(rows, Table(["request", "organisation", "person"], [list(row.values()) for row in rows]), as_json=as_json)


@organisation.command("answer")
@click.argument("request", type=int)
@click.argument("answer", type=click.Choice(["yes", "no"]))
@as_option
@at_option
def answer(request: int, answer: str, actor: Actor, now: datetime) -> None:
    """Let somebody into an organisation who asks for it, or not.

    Example: lionrock organisation answer 7 yes
    """
    answered = answer_membership(actor=actor, request=request, granted=answer == "yes", now=now)
    said = "belongs" if answered.granted else "does not belong"
    click.echo(f"{answered.person.email} {said} to {answered.organisation.code}.")
