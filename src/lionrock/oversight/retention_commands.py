"""`lionrock retention`: what is kept no longer, and what is held."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.kernel.periods import local_date
from lionrock.oversight.actions import carry_out_erasure, place_hold, propose_erasure, release_hold
from lionrock.oversight.domain import HeldKind
from lionrock.oversight.retention import DueForErasure, due_for_erasure, erasures_of, holds_of
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

_programme = click.option("--programme", required=True, metavar="ID")


@click.group()
def retention() -> None:
    """What is kept no longer: due, propose, erase, certificates, hold, holds, release."""


@retention.command("due")
@_programme
@as_option
@at_option
@json_option
def list_due(programme: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """List what a programme keeps no longer, and what holds it all the same.

    Example: lionrock retention due --programme hk-aiss-demo
    """
    found = due_for_erasure(actor, programme, local_date(now, programme_on_file(programme).zone))
    rows = [due_data(each) for each in found]
    cells = [[row["subject"], row["ended"], "; ".join(each.reason for each in one.holds), row["proposed"] or ""]
             for row, one in zip(rows, found, strict=True)]  # fmt: skip
    show(rows, Table(["subject", "ended", "held", "erasure"], cells), as_json=as_json)


def due_data(each: DueForErasure) -> dict[str, object]:
    """Return what is kept no longer as it is printed with --json, and answered by the API."""
    return {
        "subject": each.application.code,
        "ended": each.since.isoformat(),
        "held": [held.reason for held in each.holds],
        "proposed": each.proposed.pk if each.proposed else None,
    }


@retention.command("propose")
@click.argument("subject")
@_programme
@as_option
@at_option
def propose(subject: str, programme: str, actor: Actor, now: datetime) -> None:
    """Propose to erase what is kept no longer.

    Example: lionrock retention propose APP-2024-0003 --programme hk-aiss-demo
    """
    made = propose_erasure(actor=actor, programme=programme, subject=subject, now=now)
    click.echo(f"Erasure {made.pk} of {subject} is proposed. Another person carries it out.")


@retention.command("erase")
@click.argument("number", type=int)
@_programme
@as_option
@at_option
def erase(number: int, programme: str, actor: Actor, now: datetime) -> None:
    """Erase what somebody else has proposed; it cannot be brought back.

    Example: lionrock retention erase 1 --programme hk-aiss-demo
    """
    done = carry_out_erasure(actor=actor, programme=programme, number=number, now=now)
    click.echo(f"{done.subject} is erased: {done.certificate}.")


@retention.command("certificates")
@_programme
@as_option
@json_option
def certificates(programme: str, actor: Actor, as_json: bool) -> None:
    """List what was erased: under which rule, by whom, how much.

    Example: lionrock retention certificates --programme hk-aiss-demo --json
    """
    found = erasures_of(actor, programme).filter(erased_at__isnull=False)
    names = ("certificate", "subject", "rule", "proposed_by", "erased_by", "erased_at", "counts")
    rows = [{name: getattr(each, name) for name in names} for each in found]
    cells = [[each.certificate, each.subject, each.erased_by] for each in found]
    show(rows, Table(["certificate", "subject", "erased by"], cells), as_json=as_json)


@retention.command("hold")
@click.argument("kind", type=click.Choice([kind.value for kind in HeldKind]))
@click.argument("code")
@click.option("--reason", required=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day (default: until it is released).")
@_programme
@as_option
@at_option
def hold(
    kind: str, code: str, reason: str, until: datetime | None, programme: str, actor: Actor, now: datetime
) -> None:
    """Let nothing be erased about a person, an organisation, an application, or all of a programme.

    Example: lionrock retention hold organisation harbour-university --reason "Court case 12" --programme hk-aiss-demo
    """
    day = until.date() if until else None
    made = place_hold(actor=actor, programme=programme, kind=kind, code=code, reason=reason, until=day, now=now)
    click.echo(f"Hold {made.pk} is on {code}.")


@retention.command("holds")
@_programme
@as_option
@json_option
def list_holds(programme: str, actor: Actor, as_json: bool) -> None:
    """List what is held or was, the latest first.

    Example: lionrock retention holds --programme hk-aiss-demo
    """
    names = ("kind", "code", "reason", "until", "placed_by", "placed_at", "released_by", "released_at", "released_why")
    found = holds_of(actor, programme)
    rows = [{"hold": each.pk} | {name: getattr(each, name) for name in names} for each in found]
    cells = [[each.pk, each.kind, each.code, each.reason, "released" if each.released_at else "held"] for each in found]
    show(rows, Table(["hold", "on", "code", "why", "state"], cells), as_json=as_json)


@retention.command("release")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@_programme
@as_option
@at_option
def release(number: int, reason: str, programme: str, actor: Actor, now: datetime) -> None:
    """Let go what was held.

    Example: lionrock retention release 1 --reason "The case is closed" --programme hk-aiss-demo
    """
    release_hold(actor=actor, programme=programme, number=number, reason=reason, now=now)
    click.echo(f"Hold {number} is released.")
