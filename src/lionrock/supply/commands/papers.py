"""Suppliers, licences and statements at the terminal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import click

from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.supply import actions
from lionrock.supply.commands.days import DAY
from lionrock.supply.domain.states import Kind
from lionrock.terminal.clock import at_option


@click.command("supplier")
@click.argument("organisation")
@click.option("--country", required=True, metavar="CODE", help="Where it is, by two letters.")
@click.option("--name", default="", help="Of an organisation that is not on file yet.")
@as_option
@at_option
def supplier(organisation: str, country: str, name: str, actor: Actor, now: datetime) -> None:
    """Put an organisation on file as a supplier, and screen it.

    Example: lionrock supply supplier kestrel --country SG --name "Kestrel Systems"
    """
    actions.register_supplier(actor=actor, organisation=organisation, country=country, name=name, now=now)
    click.echo(f"{organisation} is a supplier.")


@click.command("authorise")
@click.argument("number")
@click.option("--programme", required=True, metavar="ID")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), default=Kind.LICENCE.value, show_default=True)
@click.option("--chip", required=True, metavar="ID")
@click.option("--quantity", type=int, required=True, help="How many accelerators it covers.")
@click.option("--applied", type=DAY, required=True, help="Day of the application or notice.")
@click.option("--conditions", default="")
@click.option("--needs-statement", is_flag=True, help="It needs a statement of the end user.")
@as_option
@at_option
def authorise(
    number: str,
    programme: str,
    kind: str,
    chip: str,
    quantity: int,
    applied: date,
    conditions: str,
    needs_statement: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Record a licence that is applied for, or the use of an exception.

    Example: lionrock supply authorise D1234567 --programme hk-aiss --chip nvidia-h20-96gb --quantity 1600
    --applied 2026-03-02
    """
    actions.record_authorisation(
        actor=actor, programme=programme, number=number, kind=Kind(kind), chip=chip, quantity=quantity,
        applied_on=applied, conditions=conditions, needs_statement=needs_statement, now=now,
    )  # fmt: skip
    click.echo(f"{number} is applied for.")


@click.command("decide")
@click.argument("number")
@click.argument("verb", type=click.Choice(["grant", "deny", "withdraw"]))
@click.option("--programme", required=True, metavar="ID")
@click.option("--on", type=DAY, required=True, help="Day of the decision.")
@click.option("--expires", type=DAY, default=None, help="Last day on which it counts.")
@click.option("--conditions", default="")
@as_option
@at_option
def decide(
    number: str,
    verb: str,
    programme: str,
    on: date,
    expires: date | None,
    conditions: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record what became of an application; its orders are looked at again.

    Example: lionrock supply decide D1234567 grant --programme hk-aiss --on 2026-04-01 --expires 2027-12-31
    """
    found = actions.decide_authorisation(
        actor=actor, programme=programme, number=number, verb=verb, on=on, expires_on=expires,
        conditions=conditions, now=now,
    )  # fmt: skip
    click.echo(f"{number} is {found.state}.")


@click.command("cover")
@click.argument("order")
@click.argument("line", type=int)
@click.argument("number")
@as_option
@at_option
def cover(order: str, line: int, number: str, actor: Actor, now: datetime) -> None:
    """Say by which authorisation a line is to be shipped.

    Example: lionrock supply cover PO-2026-0001 1 D1234567
    """
    actions.cover_line(actor=actor, order=order, line=line, number=number, now=now)
    click.echo(f"Line {line} of {order} is to be shipped by {number}.")


@click.command("statement")
@click.argument("site")
@click.argument("reference")
@click.option("--signed-by", required=True)
@click.option("--signed-on", type=DAY, required=True)
@click.option("--expires", type=DAY, default=None, help="Last day on which it counts.")
@click.option("--uses", required=True)
@as_option
@at_option
def statement(
    site: str,
    reference: str,
    signed_by: str,
    signed_on: date,
    expires: date | None,
    uses: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what the end user of a site has signed.

    Example: lionrock supply statement here EUS-1 --signed-by "Chan Tai Man" --signed-on 2026-03-02 --uses "Research."
    """
    actions.keep_statement(
        actor=actor, site=site, reference=reference, signed_by=signed_by, signed_on=signed_on, expires_on=expires,
        uses=uses, now=now,
    )  # fmt: skip
    click.echo(f"{reference} is kept.")


COMMANDS: Final = (supplier, authorise, decide, cover, statement)
