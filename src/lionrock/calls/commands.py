"""`lionrock call`: the calls of a programme."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.calls.actions import close_call, create_call, open_call
from lionrock.calls.models import Call
from lionrock.calls.queries import calls
from lionrock.kernel.money import Money
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option, read_instant
from lionrock.terminal.output import Table, json_option, show


@click.group()
def call() -> None:
    """Calls for applications: create, open, close, list."""


@call.command("create")
@click.option("--programme", required=True, metavar="ID")
@click.option("--title", required=True)
@click.option("--title-zh-hant", default="")
@click.option("--title-zh-hans", default="")
@click.option("--opens", required=True, metavar="INSTANT", help="First instant, such as 2026-01-05T09:00+08:00.")
@click.option("--closes", metavar="INSTANT", help="First instant at which it is closed (default: none).")
@click.option("--budget", metavar="AMOUNT", help="What its awards may commit together (default: the fund).")
@as_option
@at_option
def create(
    programme: str,
    title: str,
    title_zh_hant: str,
    title_zh_hans: str,
    opens: str,
    closes: str | None,
    budget: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Prepare a call; it takes applications once it is opened.

    Example: lionrock call create --programme hk-aiss --title "First call" --opens 2026-01-05T09:00+08:00
    """
    currency = programme_on_file(programme).currency
    made = create_call(
        actor=actor,
        programme=programme,
        title=title,
        title_zh_hant=title_zh_hant,
        title_zh_hans=title_zh_hans,
        opens=read_instant(opens),
        closes=read_instant(closes) if closes else None,
        budget=Money.parse(budget, currency, field="budget") if budget else None,
        now=now,
    )
    click.echo(f"{made.code} is prepared. Open it with: lionrock call open {made.code}")


@call.command("open")
@click.argument("code")
@as_option
@at_option
def open_(code: str, actor: Actor, now: datetime) -> None:
    """Let a call take applications; every value that it needs and nobody has set is named.

    Example: lionrock call open CALL-2026-0001
    """
    open_call(actor=actor, call=code, now=now)
    click.echo(f"{code} is open.")


@call.command("close")
@click.argument("code")
@as_option
@at_option
def close(code: str, actor: Actor, now: datetime) -> None:
    """Let a call take no more applications.

    Example: lionrock call close CALL-2026-0001
    """
    close_call(actor=actor, call=code, now=now)
    click.echo(f"{code} is closed.")


@call.command("list")
@click.option("--programme", metavar="ID", help="Only those of one programme.")
@as_option
@json_option
def list_(programme: str | None, actor: Actor, as_json: bool) -> None:
    """List calls.

    Example: lionrock call list --programme hk-aiss
    """
    found = calls(actor).filter(programme=programme) if programme else calls(actor)
    data = [call_data(each) for each in found]
    columns = ["code", "programme", "state", "opens", "closes", "budget", "title"]
    rows = [["–" if row[column] is None else row[column] for column in columns] for row in data]
    show(data, Table(columns, rows, frozenset({"budget"})), as_json=as_json)


def call_data(each: Call) -> dict[str, object]:
    """Return a call as plain values, for machines."""
    budget = None if each.budget_minor is None else str(Money(each.budget_minor, each.currency))
    return {
        "code": each.code,
        "programme": each.programme,
        "state": each.state,
        "opens": each.opens,
        "closes": each.closes,
        "budget": budget,
        "title": each.title,
        "title_zh_hant": each.title_zh_hant,
        "title_zh_hans": each.title_zh_hans,
    }
