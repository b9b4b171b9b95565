"""`lionrock award change`, `suspend`, `resume`, `letter`: what becomes of an award in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from lionrock.awards.actions import (
    decide_variation,
    request_variation,
    resume_award,
    suspend_award,
    withdraw_variation,
)
from lionrock.awards.domain import Change, Decision, effect_of
from lionrock.awards.domain.effects import as_json as effect_json
from lionrock.awards.models import Paper
from lionrock.awards.queries import award_by_code, holding_of
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def change() -> None:
    """Changes of awards: ask, decide, withdraw, list."""


@change.command("ask")
@click.argument("code")
@click.option("--reason", required=True, help="Why.")
@click.option("--ends", type=DAY, metavar="DATE", help="First day on which it is no longer in force.")
@click.option("--count", type=int, help="How many.")
@click.option("--hours", type=int, help="Hours of each device, for what is metered so.")
@click.option("--since", type=DAY, metavar="DATE", help="From which day (default: tomorrow).")
@click.option("--cap", metavar="AMOUNT", help="The most the scheme bears (default: its share of the list price).")
@click.option("--contact", default="", help="Who answers for the work from now on.")
@click.option("--scope", default="", help="What the work is about from now on.")
@click.option("--look", is_flag=True, help="Only show what it comes to; nothing is asked for.")
@as_option
@at_option
def ask(
    code: str,
    reason: str,
    ends: datetime | None,
    since: datetime | None,
    cap: str | None,
    look: bool,
    actor: Actor,
    now: datetime,
    **facts: Any,
) -> None:
    """Ask for a change of an award in force, or look at what it would come to.

    Example: lionrock award change ask AW-2026-0001 --ends 2026-10-01 --reason "The data came late." --look
    """
    found = award_by_code(actor, code)
    amount = None if cap is None else Money.parse(cap, found.currency, field="cap")
    asked = Change(
        since=since.date() if since else None,
        valid_to=ends.date() if ends else None,
        cap=amount,
        **facts,
    )
    if look:
        rules = programme_on_file(found.programme)
        effect = effect_of(rules, holding_of(found), asked, local_date(now, rules.zone))
        show(effect_json(effect), "", as_json=True)
        return
    made = request_variation(actor=actor, award=code, change=asked, reason=reason, now=now)
    click.echo(f"Change {made.number} of {code} is asked for.")


@change.command("decide")
@click.argument("code")
@click.argument("number", type=int)
@click.argument("decision", type=click.Choice([decision.value for decision in Decision]))
@click.option("--decided-by", required=True, metavar="BODY", help="The body that decided.")
@click.option("--reason", default="", help="Needed to decline.")
@as_option
@at_option
def decide(code: str, number: int, decision: str, decided_by: str, reason: str, actor: Actor, now: datetime) -> None:
    """Decide a change that was asked for; approval moves the money.

    Example: lionrock award change decide AW-2026-0001 1 approve --decided-by "Committee, 3 March 2026"
    """
    decided = decide_variation(
        actor=actor,
        award=code,
        number=number,
        decision=Decision(decision),
        decided_by=decided_by,
        reason=reason,
        now=now,
    )
    click.echo(f"Change {number} of {code} is {decided.state}.")


@change.command("withdraw")
@click.argument("code")
@click.argument("number", type=int)
@as_option
@at_option
def withdraw(code: str, number: int, actor: Actor, now: datetime) -> None:
    """Take back a request for a change.

    Example: lionrock award change withdraw AW-2026-0001 1
    """
    withdrawn = withdraw_variation(actor=actor, award=code, number=number, now=now)
    click.echo(f"Change {number} of {code} is {withdrawn.state}.")


@change.command("list")
@click.argument("code")
@as_option
@json_option
def list_(code: str, actor: Actor, as_json: bool) -> None:
    """List the changes of an award that were asked for.

    Example: lionrock award change list AW-2026-0001
    """
    columns = ["number", "state", "since", "count", "hours", "valid_to", "requested_at", "decided_by", "reason"]
    found = award_by_code(actor, code).variations.order_by("number")
    rows = [[getattr(each, name) for name in columns] for each in found]
    show([dict(zip(columns, row, strict=True)) for row in rows], Table(columns, rows), as_json=as_json)


@click.command("suspend")
@click.argument("code")
@click.option("--reason", required=True, help="Why.")
@as_option
@at_option
def suspend(code: str, reason: str, actor: Actor, now: datetime) -> None:
    """Stop new use of an award for the time being; a lease is billed all the same.

    Example: lionrock award suspend AW-2026-0001 --reason "The report is overdue."
    """
    click.echo(f"{code} is {suspend_award(actor=actor, award=code, reason=reason, now=now).state}.")


@click.command("resume")
@click.argument("code")
@click.option("--reason", required=True, help="Why.")
@as_option
@at_option
def resume(code: str, reason: str, actor: Actor, now: datetime) -> None:
    """Let a suspended award be used again.

    Example: lionrock award resume AW-2026-0001 --reason "The report is in."
    """
    click.echo(f"{code} is {resume_award(actor=actor, award=code, reason=reason, now=now).state}.")


@click.command("letter")
@click.argument("code")
@click.option("--kind", type=click.Choice(Paper.Kind.values), default=Paper.Kind.OFFER.value, show_default=True)
@click.option("--language", type=click.Choice(["en", "zh-hant", "zh-hans"]), default="en", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE")
@as_option
def letter(code: str, kind: str, language: str, output: Path, actor: Actor) -> None:
    """Write the letter of an offer, or its agreement, as a PDF.

    Example: lionrock award letter AW-2026-0001 --kind agreement --language zh-hant --output agreement.pdf
    """
    from lionrock.awards.papers import pdf_of  # noqa: PLC0415 - its libraries take half a second to load

    found = award_by_code(actor, code).papers.filter(kind=kind).first()
    if found is None:
        raise NotFound(
            "awards.paper.unknown",
            message(gettext_noop("There is no such paper of {award}: {kind}."), award=code, kind=kind),
        )
    output.write_bytes(pdf_of(found, language))
    click.echo(f"{output} is written (content {found.sha256}).")
