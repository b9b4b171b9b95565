"""What can be read at the terminal: capacity, orders, one order, and what could be bought instead."""

from __future__ import annotations

from datetime import date, datetime

import click

from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.choosing import OUT_OF_REACH
from lionrock.controls.showing import choice_data
from lionrock.kernel.money import Money, to_places
from lionrock.kernel.periods import local_date
from lionrock.notices.domain import told
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone
from lionrock.supply.actions.rechecking import today_of
from lionrock.supply.commands.days import DAY
from lionrock.supply.domain.capacity import Capacity, Standing
from lionrock.supply.domain.states import HoldState
from lionrock.supply.exports import CAPACITY_COLUMNS, ORDER_COLUMNS, capacity_rows, order_rows, petaflops
from lionrock.supply.models import Order
from lionrock.supply.policies import SEE_PRICES
from lionrock.supply.queries.alternatives import Side, side_by_side
from lionrock.supply.queries.capacity import planned_capacity
from lionrock.supply.queries.orders import order_by_code
from lionrock.supply.queries.orders import orders as orders_of
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show
from lionrock.web.spreadsheets import to_csv


@click.group()
def supply() -> None:
    """Supply: capacity, orders, licences, shipments, equipment."""


@supply.command("capacity")
@click.option("--programme", required=True, metavar="ID")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")
@as_option
@at_option
@json_option
def capacity(programme: str, as_csv: bool, actor: Actor, now: datetime, as_json: bool) -> None:
    """Tell the capacity of a programme over time against its goal, in petaflops.

    Example: lionrock supply capacity --programme hk-aiss --json
    """
    found = planned_capacity(actor, programme, today_of(programme, now)).capacity
    if as_csv:
        click.echo(to_csv(CAPACITY_COLUMNS, capacity_rows(found)), nl=False)
        return
    heads = ["from", *(standing.value for standing in Standing), "together"]
    cells = [
        [level.on, *(to_places(level.petaflops[each], 1) for each in Standing), to_places(level.total, 1)]
        for level in found.levels
    ]
    table = Table(heads, cells, right=frozenset(heads[1:])).render()
    show(capacity_data(found), f"{_said(found)}\n{table}", as_json=as_json)


def capacity_data(found: Capacity) -> dict[str, object]:
    """Return the capacity over time as plain values."""
    goal, gaps = found.goal, {standing: found.gap(standing) for standing in Standing}
    return {
        "goal": {"petaflops": goal.petaflops, "by": goal.by, "source": goal.source} if goal else None,
        "lacks_petaflops": {each.value: None if gap is None else petaflops(gap) for each, gap in gaps.items()},
        "reached_on": {standing.value: found.reached(standing) for standing in Standing},
        "unrated_chips": dict(found.unrated),
        "levels": [dict(zip(CAPACITY_COLUMNS, row, strict=True)) for row in capacity_rows(found)],
    }


def _said(found: Capacity) -> str:
    if found.goal is None:
        return "No goal is set."
    gaps = {standing: found.gap(standing) for standing in Standing}
    lacks = ", ".join(f"{each.value} {to_places(gap, 1)}" for each, gap in gaps.items() if gap is not None)
    return f"The goal is {found.goal.petaflops} petaflops by {found.goal.by}. By then lack, counting up to: {lacks}."


@supply.command("orders")
@click.option("--held", is_flag=True, help="Only what is held.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")
@as_option
@json_option
def orders(held: bool, as_csv: bool, actor: Actor, as_json: bool) -> None:
    """List the lines of all orders.

    Example: lionrock supply orders --held
    """
    found = orders_of(actor)
    rows = order_rows(actor, found.filter(state="held") if held else found)
    if as_csv:
        click.echo(to_csv(ORDER_COLUMNS, rows), nl=False)
        return
    data = [dict(zip(ORDER_COLUMNS, row, strict=True)) for row in rows]
    shown = ("order", "state", "held_for", "line", "chip", "units", "chips_per_unit", "site", "due", "authorisation")
    table = Table(shown, [["–" if row[name] is None else row[name] for name in shown] for row in data])
    show(data, table, as_json=as_json)


@supply.command("order")
@click.argument("code")
@as_option
@json_option
def order(code: str, actor: Actor, as_json: bool) -> None:
    """Show an order: what was determined of it, what holds it, and its shipments.

    Example: lionrock supply order PO-2026-0001
    """
    data = order_data(actor, order_by_code(actor, code))
    show(data, "\n".join(_lines(data)), as_json=as_json)


def order_data(actor: Actor, found: Order) -> dict[str, object]:
    """Return an order as plain values; prices are there only for those who may see them."""
    priced = actor.holds(*SEE_PRICES, programme=found.programme)
    standing = found.holds.exclude(state=HoldState.LIFTED.value)
    return {
        "order": found.code,
        "state": found.state,
        "supplier": found.supplier.organisation.code,
        "holds": [
            {"hold": each.pk, "why": each.why, "line": each.line, "state": each.state, "said": str(told(each.said))}
            for each in standing
        ],
        "lines": [
            {
                "line": line.position,
                "chip": line.chip,
                "chips": line.chips,
                "price": Money(line.price, line.currency).decimal if priced else None,
                "currency": line.currency if priced else None,
                "due": line.due,
                "authorisation": line.authorisation.number if line.authorisation else None,
                "determined": [
                    {"on": each.on, "cause": each.cause, "at": each.at, **each.content}
                    for each in line.determined.all()
                ],
                "shipments": [
                    {"shipment": each.pk, "reference": each.reference, "units": each.units, "state": each.state}
                    for each in line.shipments.all()
                ],
            }
            for line in found.lines.select_related("authorisation").prefetch_related("determined", "shipments")
        ],
    }


def _lines(data: dict[str, object]) -> list[str]:
    """Return an order for people at a terminal."""
    lines = [f"{data['order']}  {data['state']}  {data['supplier']}"]
    for hold in _list(data["holds"]):
        lines.append(f"  held (#{hold['hold']}, {hold['state']}): {hold['said']}")
    for line in _list(data["lines"]):
        lines.append(f"  line {line['line']}: {line['chips']} × {line['chip']}, due {line['due']}")
        for each in _list(line["determined"]):
            answer = f"{each['eccn_para']}, {each['authorisation']}, {each['review_policy']}"
            lines.append(f"    {each['on']} ({each['cause']}): {answer}; version {each['version']}")
        for each in _list(line["shipments"]):
            lines.append(f"    shipment #{each['shipment']} {each['reference']}: {each['units']}, {each['state']}")
    return lines


def _list(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


@supply.command("alternatives")
@click.option("--to", "destination", required=True, metavar="COUNTRY")
@click.option("--from", "exporting_from", default=None, metavar="COUNTRY")
@click.option("--headquarters", default=None, metavar="COUNTRY", help="Of the end user's ultimate parent.")
@click.option("--date", "on", type=DAY, default=None, help="Day of shipment (default: today).")
@as_option
@at_option
@json_option
def alternatives(
    destination: str,
    exporting_from: str | None,
    headquarters: str | None,
    on: date | None,
    actor: Actor,
    now: datetime,
    as_json: bool,
) -> None:
    """Put what could be bought side by side: way, petaflops, power, price, lead time, images an hour.

    Example: lionrock supply alternatives --to HK --from US --headquarters HK
    """
    day = on or local_date(now, house_zone())
    found = side_by_side(actor, Question((), day, destination, exporting_from, headquarters))
    rows = [_side(side) for side in found if side.choice.way not in OUT_OF_REACH]
    heads = ("chip_id", "way", "eccn_para", "petaflops_fp16", "power_w", "price", "lead_days", "images_per_hour")
    table = Table(heads, [["not known" if row[name] is None else row[name] for name in heads] for row in rows])
    show(rows, table, as_json=as_json)


def _side(side: Side) -> dict[str, object]:
    rates = {f"petaflops_{each.value}": rate for each, rate in side.petaflops.items()}
    return {
        **choice_data(side.choice),
        **{name: None if rate is None else petaflops(rate) for name, rate in rates.items()},
        "price": str(side.price) if side.price else None,
        "lead_days": side.days,
        "images_per_hour": side.images.per_hour if side.images else None,
    }
