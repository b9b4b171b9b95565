"""`lionrock award`: decisions, and what they gave."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.applications.queries import application_by_code
from lionrock.awards.actions import decide_application, end_award
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code, awards
from lionrock.kernel.money import Money, parse_share
from lionrock.ledger.domain import committed
from lionrock.ledger.queries import balance
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, facts, json_option, show


@click.group()
def award() -> None:
    """Awards: decide applications, list, show, end."""


@award.command("decide")
@click.argument("application")
@click.argument("decision", type=click.Choice([decision.value for decision in Decision]))
@click.option("--decided-by", required=True, metavar="BODY", help="The body that decided.")
@click.option("--reason", default="", help="Needed to decline, and for an exceptional share.")
@click.option("--share", metavar="SHARE", help="An exceptional share, such as 0.90 (default: the general one).")
@click.option("--cap", metavar="AMOUNT", help="The most the scheme bears (default: its share of the list price).")
@as_option
@at_option
def decide(
    application: str,
    decision: str,
    decided_by: str,
    reason: str,
    share: str | None,
    cap: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Record a decision; approval makes the award, commits its money and grants its quota.

    Example: lionrock award decide APP-2026-0001 approve --decided-by "Committee, 3 March 2026"
    """
    currency = programme_on_file(application_by_code(actor, application).call.programme).currency
    made = decide_application(
        actor=actor,
        application=application,
        decision=Decision(decision),
        decided_by=decided_by,
        reason=reason,
        share=None if share is None else parse_share(share),
        cap=None if cap is None else Money.parse(cap, currency, field="cap"),
        now=now,
    )
    if made is None:
        click.echo(f"{application} is declined.")
        return
    click.echo(
        f"{made.code} is made: {Money(made.cap_minor, made.currency)} at a share of {made.share}, "
        f"from {made.valid_from} up to, not including, {made.valid_to}."
    )


@award.command("list")
@click.option("--programme", metavar="ID", help="Only those of one programme.")
@as_option
@json_option
def list_(programme: str | None, actor: Actor, as_json: bool) -> None:
    """List awards.

    Example: lionrock award list --programme hk-aiss
    """
    found = awards(actor).select_related("application", "organisation")
    data = [_data(each) for each in (found.filter(programme=programme) if programme else found)]
    columns = ["code", "organisation", "item", "count", "share", "cap", "valid_from", "valid_to", "state"]
    rows = [[row[column] for column in columns] for row in data]
    show(data, Table(columns, rows, frozenset({"count", "share", "cap"})), as_json=as_json)


@award.command("show")
@click.argument("code")
@as_option
@json_option
def show_(code: str, actor: Actor, as_json: bool) -> None:
    """Show one award: its terms, what is still committed, and the rulebook values it rests on.

    Example: lionrock award show AW-2026-0001
    """
    found = award_by_code(actor, code)
    left = Money(balance(found.programme, committed(code), found.currency), found.currency)
    data = _data(found) | {"committed": str(left), "findings": found.findings, "reads": found.reads}
    lines = facts(data, without=["findings", "reads"])
    lines += [f"rests on {read['path']} = {read['value']} (since {read['since']})" for read in found.reads]
    show(data, "\n".join(lines), as_json=as_json)


@award.command("end")
@click.argument("code")
@click.option("--reason", default="", help="Needed to withdraw an award before its end.")
@as_option
@at_option
def end(code: str, reason: str, actor: Actor, now: datetime) -> None:
    """End an award that has run out, or withdraw it before.

    What is left of its money is released when the last month of its use has been closed.

    Example: lionrock award end AW-2026-0001
    """
    ended = end_award(actor=actor, award=code, reason=reason, now=now)
    click.echo(f"{code} is {ended.state}.")


def _data(each: Award) -> dict[str, object]:
    return {
        "code": each.code,
        "application": each.application.code,
        "programme": each.programme,
        "organisation": each.organisation.code,
        "item": each.item,
        "mode": each.mode,
        "count": each.count,
        "hours": each.hours,
        "share": each.share,
        "exceptional": each.exceptional,
        "list_price": str(Money(each.list_minor, each.currency)),
        "cap": str(Money(each.cap_minor, each.currency)),
        "valid_from": each.valid_from,
        "valid_to": each.valid_to,
        "decided_by": each.decided_by,
        "reason": each.reason,
        "state": each.state,
        "ended_at": each.ended_at,
        "end_reason": each.end_reason,
    }
