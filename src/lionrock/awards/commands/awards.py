"""`lionrock award`: decisions, and what they gave."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.applications.queries import application_by_code
from lionrock.awards.actions import accept_offer, decide_application, decline_offer, end_award
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

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def award() -> None:
    """Awards: decide applications, accept or refuse offers, list, show, change, suspend, end."""


@award.command("decide")
@click.argument("application")
@click.argument("decision", type=click.Choice([decision.value for decision in Decision]))
@click.option("--decided-by", required=True, metavar="BODY", help="The body that decided.")
@click.option("--reason", default="", help="Needed to decline, and for an exceptional share.")
@click.option("--share", metavar="SHARE", help="An exceptional share, such as 0.90 (default: the general one).")
@click.option("--cap", metavar="AMOUNT", help="The most the scheme bears (default: its share of the list price).")
@click.option("--count", type=int, help="How many are granted (default: as asked for).")
@click.option("--months", type=int, help="For how many months (default: as asked for).")
@click.option("--starts", type=DAY, help="From which day (default: as asked for).")
@click.option("--hours", type=int, help="Hours of each device, for what is metered (default: as asked for).")
@click.option("--condition", "conditions", multiple=True, metavar="TEXT", help="What the award is tied to; repeatable.")
@as_option
@at_option
def decide(
    application: str,
    decision: str,
    decided_by: str,
    reason: str,
    share: str | None,
    cap: str | None,
    starts: datetime | None,
    conditions: tuple[str, ...],
    actor: Actor,
    now: datetime,
    **granted: int | None,
) -> None:
    """Record a decision; approval commits the money of the award and offers it to the applicant.

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
        starts=starts.date() if starts else None,
        conditions="\n".join(conditions),
        **granted,
        now=now,
    )
    if made is None:
        click.echo(f"{application} is declined.")
        return
    most = Money(made.cap_minor, made.currency)
    click.echo(
        f"{made.code} is offered until {made.accept_by}: {most} at a share of {made.share}, "
        f"from {made.valid_from} up to, not including, {made.valid_to}."
    )


@award.command("accept")
@click.argument("code")
@click.option("--signatory", required=True, metavar="NAME", help="The authorised signatory of the organisation.")
@click.option("--title", required=True, metavar="TEXT", help="That person's title or office.")
@as_option
@at_option
def accept(code: str, signatory: str, title: str, actor: Actor, now: datetime) -> None:
    """Accept an offer for its organisation; from then on it is in force.

    Example: lionrock award accept AW-2026-0001 --signatory "Chan Tai Man" --title "Vice-President"
    """
    accepted = accept_offer(actor=actor, award=code, signatory=signatory, title=title, now=now)
    if accepted.in_force_from is None:
        click.echo(f"The acceptance of {code} is kept. It is being checked; there is nothing you need to do.")
        return
    click.echo(f"{code} is {accepted.state} from {accepted.in_force_from}.")


@award.command("refuse")
@click.argument("code")
@click.option("--reason", required=True, help="Why the offer is not taken up.")
@as_option
@at_option
def refuse(code: str, reason: str, actor: Actor, now: datetime) -> None:
    """Refuse an offer for its organisation; its money is free again at once.

    Example: lionrock award refuse AW-2026-0001 --reason "We have machines of our own by now."
    """
    refused = decline_offer(actor=actor, award=code, reason=reason, now=now)
    click.echo(f"{code} is {refused.state}.")


@award.command("list")
@click.option("--programme", metavar="ID", help="Only those of one programme.")
@as_option
@json_option
def list_(programme: str | None, actor: Actor, as_json: bool) -> None:
    """List awards.

    Example: lionrock award list --programme hk-aiss
    """
    found = awards(actor).select_related("application", "organisation")
    data = [award_data(each) for each in (found.filter(programme=programme) if programme else found)]
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
    data = award_data(found) | {"committed": str(left), "findings": found.findings, "reads": found.reads}
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


def award_data(each: Award) -> dict[str, object]:
    """Return an award as plain values, for machines."""
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
        "conditions": each.conditions,
        "accept_by": each.accept_by,
        "signatory": each.signatory,
        "in_force_from": each.in_force_from,
        "decided_by": each.decided_by,
        "reason": each.reason,
        "state": each.state,
        "ended_at": each.ended_at,
        "end_reason": each.end_reason,
    }
