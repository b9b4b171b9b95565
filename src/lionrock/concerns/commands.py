"""`lionrock concern`: incidents and concerns from a terminal."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.concerns import actions
from lionrock.concerns.models import Concern
from lionrock.concerns.policies import require_sight
from lionrock.concerns.queries import concern_by_code, concerns, deadlines_of
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

reason_option = click.option("--reason", required=True, help="Why; it is kept with the concern.")


@click.group()
def concern() -> None:
    """Incidents and concerns: list, decide, assign; changes of projects."""


@concern.command("list")
@as_option
@json_option
def list_(actor: Actor, as_json: bool) -> None:
    """List the concerns that you see.

    Example: lionrock concern list
    """
    require_sight(actor)
    data = [_data(each) for each in concerns(actor)]
    columns = ["code", "programme", "kind", "severity", "state", "owner", "title"]
    show(data, Table(columns, [[row[name] or "–" for name in columns] for row in data]), as_json=as_json)


def _data(each: Concern) -> dict[str, object]:
    return {
        "code": each.code,
        "programme": each.programme,
        "award": each.award.code if each.award else None,
        "kind": each.kind,
        "severity": each.severity,
        "state": each.state,
        "owner": each.owner,
        "title": each.title,
        "received_at": each.received_at,
    }


@concern.command("show")
@click.argument("code")
@as_option
@json_option
def show_(code: str, actor: Actor, as_json: bool) -> None:
    """Show a concern with its deadlines, steps and notes; the sender is named nowhere here.

    Example: lionrock concern show CN-2026-0001
    """
    found = concern_by_code(actor, code)
    deadlines = [{"step": each.step, "due": each.due, "done": each.done} for each in deadlines_of(found)]
    data = {
        **_data(found),
        "said": found.said,
        "measures": found.measures,
        "deadlines": deadlines,
        "steps": [{"verb": each.verb, "actor": each.actor, "reason": each.reason} for each in found.steps.all()],
        "notes": [{"author": each.author, "said": each.said, "shown": each.shown} for each in found.notes.all()],
    }
    rows = [[each["step"], each["due"], each["done"] or "–"] for each in deadlines]
    show(data, Table([f"{found.code} {found.state}", "due", "done"], rows), as_json=as_json)


@concern.command("take-up")
@click.argument("code")
@click.option("--severity", required=True)
@click.option("--owner", required=True, help="The e-mail address of who answers for it.")
@reason_option
@as_option
@at_option
def take_up(code: str, severity: str, owner: str, reason: str, actor: Actor, now: datetime) -> None:
    """Say who answers for a concern, and how grave it is.

    Example: lionrock concern take-up CN-2026-0001 --severity serious --owner ada@example.org --reason "It is so."
    """
    made = actions.take_up_concern(actor=actor, concern=code, severity=severity, owner=owner, reason=reason, now=now)
    click.echo(f"{code} is {made.state}.")


@concern.command("tell")
@click.argument("code")
@reason_option
@as_option
@at_option
def tell(code: str, reason: str, actor: Actor, now: datetime) -> None:
    """Note that those who have to be told of a concern were told.

    Example: lionrock concern tell CN-2026-0001 --reason "The Commissioner, by form, on 3 June"
    """
    actions.tell_of_concern(actor=actor, concern=code, reason=reason, now=now)
    click.echo("It is kept.")


@concern.command("close")
@click.argument("code")
@click.option("--measures", required=True, help="What was done; the sender reads it.")
@as_option
@at_option
def close(code: str, measures: str, actor: Actor, now: datetime) -> None:
    """Close a concern with the measures that were taken.

    Example: lionrock concern close CN-2026-0001 --measures "The account is shut."
    """
    actions.close_concern(actor=actor, concern=code, measures=measures, now=now)
    click.echo(f"{code} is closed.")


@concern.command("set-aside")
@click.argument("code")
@reason_option
@as_option
@at_option
def set_aside(code: str, reason: str, actor: Actor, now: datetime) -> None:
    """Say that there is nothing in a concern.

    Example: lionrock concern set-aside CN-2026-0001 --reason "The job was a test of ours."
    """
    actions.set_aside_concern(actor=actor, concern=code, reason=reason, now=now)
    click.echo(f"{code} is set aside.")


@concern.command("reopen")
@click.argument("code")
@reason_option
@as_option
@at_option
def reopen(code: str, reason: str, actor: Actor, now: datetime) -> None:
    """Open a concern again.

    Example: lionrock concern reopen CN-2026-0001 --reason "It happened again."
    """
    actions.reopen_concern(actor=actor, concern=code, reason=reason, now=now)
    click.echo(f"{code} is open again.")


@concern.command("assign")
@click.argument("code")
@click.argument("person")
@as_option
@at_option
def assign(code: str, person: str, actor: Actor, now: datetime) -> None:
    """Let somebody (an e-mail address) see a concern and write on it.

    Example: lionrock concern assign CN-2026-0001 ada@example.org
    """
    actions.assign_concern(actor=actor, concern=code, person=person, now=now)
    click.echo(f"{person} sees {code} now.")


@concern.command("about")
@click.argument("code")
@click.argument("person")
@as_option
@at_option
def about(code: str, person: str, actor: Actor, now: datetime) -> None:
    """Say whom a concern is about: they never see it, whatever their role.

    Example: lionrock concern about CN-2026-0001 ho@example.org
    """
    actions.name_concerned(actor=actor, concern=code, person=person, now=now)
    click.echo("They never see it.")


@concern.command("note")
@click.argument("code")
@click.argument("said")
@click.option("--shown", is_flag=True, help="The sender reads it.")
@as_option
@at_option
def note(code: str, said: str, shown: bool, actor: Actor, now: datetime) -> None:
    """Write a note on a concern.

    Example: lionrock concern note CN-2026-0001 "Which day was it?" --shown
    """
    actions.note_concern(actor=actor, concern=code, said=said, shown=shown, now=now)
    click.echo("It is kept.")


@concern.command("change")
@click.argument("award")
@click.option("--kind", "kinds", multiple=True, required=True, help="Such as purpose, data or location.")
@click.option("--said", required=True, help="What has changed, and since when.")
@as_option
@at_option
def change(award: str, kinds: tuple[str, ...], said: str, actor: Actor, now: datetime) -> None:
    """Say what has changed in a project; prints the items of its assessment that are open again.

    Example: lionrock concern change AW-2026-0007 --kind data --said "Scans of a second clinic from May on"
    """
    made = actions.report_change(actor=actor, award=award, kinds=kinds, said=said, now=now)
    click.echo(f"Open again: {', '.join(made.items)}")
