"""Orders, shipments and equipment at the terminal, and releasing what is held."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

import click

from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.supply import actions
from lionrock.supply.commands.days import DAY
from lionrock.supply.models import Order
from lionrock.terminal.clock import at_option
from lionrock.terminal.files import content_of
from lionrock.terminal.output import Table, json_option, show

_SHIPMENT: Final = click.argument("shipment", type=int)
_REASON: Final = click.option("--reason", required=True, help="Why; it is kept.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@as_option
@at_option
@json_option
def import_file(file: Path, actor: Actor, now: datetime, as_json: bool) -> None:
    """Place all orders of a file (CSV), or none of them; its columns are in docs/reference/order-files.md.

    Example: lionrock supply import orders.csv
    """
    placed = actions.import_orders(actor=actor, content=content_of(file), name=file.name, now=now)
    rows = [{"order": order.code, "reference": order.reference, "state": order.state} for order in placed]
    show(rows, Table(["order", "reference", "state"], [list(row.values()) for row in rows]), as_json=as_json)


@click.command("move")
@click.argument("order")
@click.argument("line", type=int)
@click.argument("due", type=DAY)
@_REASON
@as_option
@at_option
def move(order: str, line: int, due: date, reason: str, actor: Actor, now: datetime) -> None:
    """Plan a line for another day; the rules are asked again for that day.

    Example: lionrock supply move PO-2026-0001 1 2027-02-01 --reason "The factory is late."
    """
    actions.move_delivery(actor=actor, order=order, line=line, due=due, reason=reason, now=now)
    _tell(order)


def _tell(order: str) -> None:
    click.echo(f"{order} is {Order.objects.get(code=order).state}.")


@click.command("cancel")
@click.argument("order")
@_REASON
@as_option
@at_option
def cancel(order: str, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel what has not come of an order.

    Example: lionrock supply cancel PO-2026-0001 --reason "No longer wanted."
    """
    actions.cancel_order(actor=actor, order=order, reason=reason, now=now)
    _tell(order)


@click.command("release")
@click.argument("hold", type=int)
@click.argument("step", type=click.Choice(["ask", "agree", "refuse"]))
@_REASON
@as_option
@at_option
def release(hold: int, step: str, reason: str, actor: Actor, now: datetime) -> None:
    """Ask to release what holds an order, or agree to it as a second person.

    Example: lionrock supply release 7 ask --reason "Confirmed by letter." --as first@example.org
    """
    if step == "ask":
        found = actions.ask_release(actor=actor, hold=hold, reason=reason, now=now)
    else:
        found = actions.answer_release(actor=actor, hold=hold, agree=step == "agree", reason=reason, now=now)
    click.echo(f"#{hold} is {found.state}.")
    _tell(found.order.code)


@click.command("ship")
@click.argument("order")
@click.argument("line", type=int)
@click.argument("units", type=int)
@click.option("--reference", required=True, help="Number of the shipment.")
@click.option("--sent", type=DAY, required=True)
@click.option("--expected", type=DAY, required=True)
@as_option
@at_option
def ship(
    order: str, line: int, units: int, reference: str, sent: date, expected: date, actor: Actor, now: datetime
) -> None:
    """Record a shipment of a line, or of a part of it; while the line is held it waits.

    Example: lionrock supply ship PO-2026-0001 1 120 --reference AWB-1 --sent 2026-08-01 --expected 2026-08-20
    """
    made = actions.announce_shipment(
        actor=actor, order=order, line=line, units=units, reference=reference, sent_on=sent, expected_on=expected,
        now=now,
    )  # fmt: skip
    click.echo(f"Shipment #{made.pk} is {made.state}.")


@click.command("ended")
@_SHIPMENT
@click.argument("what", type=click.Choice(["arrived", "lost"]))
@click.option("--on", type=DAY, required=True)
@as_option
@at_option
def ended(shipment: int, what: str, on: date, actor: Actor, now: datetime) -> None:
    """Say that a shipment has come, or is lost.

    Example: lionrock supply ended 3 arrived --on 2026-08-22
    """
    made = actions.end_shipment(actor=actor, shipment=shipment, arrived=what == "arrived", on=on, now=now)
    click.echo(f"Shipment #{shipment} is {made.state}.")


@click.command("commission")
@_SHIPMENT
@click.argument("units", type=int)
@click.option("--since", type=DAY, required=True)
@as_option
@at_option
def commission(shipment: int, units: int, since: date, actor: Actor, now: datetime) -> None:
    """Put units of a shipment that has come into operation.

    Example: lionrock supply commission 3 100 --since 2026-10-01
    """
    made = actions.commission_shipment(actor=actor, shipment=shipment, units=units, since=since, now=now)
    click.echo(f"Equipment #{made.pk}: {made.chips} × {made.chip}.")


@click.command("equipment")
@click.argument("site")
@click.argument("chip")
@click.argument("chips", type=int)
@click.option("--since", type=DAY, required=True)
@click.option("--note", required=True, help="What this rests on.")
@as_option
@at_option
def equipment(site: str, chip: str, chips: int, since: date, note: str, actor: Actor, now: datetime) -> None:
    """Record what runs at a site that no order here has brought.

    Example: lionrock supply equipment here nvidia-h800-sxm5-80gb 1315 --since 2024-12-09 --note "Report of 2024"
    """
    made = actions.commission_equipment(actor=actor, site=site, chip=chip, chips=chips, since=since, note=note, now=now)
    click.echo(f"Equipment #{made.pk}: {made.chips} × {made.chip}.")


@click.command("retire")
@click.argument("equipment", type=int)
@click.argument("chips", type=int)
@click.option("--on", type=DAY, required=True, help="From which day on; it may be to come.")
@_REASON
@as_option
@at_option
def retire(equipment: int, chips: int, on: date, reason: str, actor: Actor, now: datetime) -> None:
    """Take accelerators out of operation from a day on.

    Example: lionrock supply retire 1 128 --on 2027-05-01 --reason "End of its warranty"
    """
    actions.retire_equipment(actor=actor, equipment=equipment, chips=chips, on=on, reason=reason, now=now)
    click.echo(f"{chips} of equipment #{equipment} run no more from {on} on.")


@click.command("goal")
@click.argument("petaflops", type=int)
@click.option("--programme", required=True, metavar="ID")
@click.option("--by", type=DAY, required=True)
@click.option("--source", required=True, help="Who says so, and where.")
@as_option
@at_option
def goal(petaflops: int, programme: str, by: date, source: str, actor: Actor, now: datetime) -> None:
    """Say how many petaflops a programme wants by a day.

    Example: lionrock supply goal 3000 --programme hk-aiss --by 2027-06-30 --source "2025-26 Budget"
    """
    actions.set_goal(actor=actor, programme=programme, petaflops=petaflops, by=by, source=source, now=now)
    click.echo(f"The goal of {programme} is {petaflops} petaflops by {by}.")


COMMANDS: Final = (import_file, move, cancel, release, ship, ended, commission, equipment, retire, goal)
