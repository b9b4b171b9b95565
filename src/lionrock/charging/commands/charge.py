"""`lionrock charge`: preview and close months, list what was closed, replay case files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from lionrock.charging.actions import close_month
from lionrock.charging.commands.deciding import adjust_account, list_decided, pause, share_amount
from lionrock.charging.commands.replay import replay
from lionrock.charging.commands.supposing import compare
from lionrock.charging.domain.lines import Line, totals
from lionrock.charging.models import MonthClose
from lionrock.charging.queries import ClosingProgress, closes, closing_under_way, preview
from lionrock.charging.reckoning import Reckoning
from lionrock.kernel.money import Money, settle
from lionrock.kernel.periods import Month
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show
from lionrock.terminal.progress import Progress

SHOWN_JOBS = 5


@click.group()
def charge() -> None:
    """Charges: preview, close, what-if, adjust, replay, and more."""


charge.add_command(replay)
for command in (compare, adjust_account, share_amount, pause, list_decided):
    charge.add_command(command)


@charge.command("preview")
@click.option("--programme", required=True, metavar="ID", help="Whose month it is.")
@click.option("--month", required=True, help="Such as 2026-10.")
@as_option
@json_option
def show_preview(programme: str, month: str, actor: Actor, as_json: bool) -> None:
    """Show what a month comes to so far; nothing is written.

    Example: lionrock charge preview --programme hk-aiss-demo --month 2026-10
    """
    reckoning = preview(actor, programme, Month.parse(month))
    currency = programme_on_file(programme).currency
    table = _line_table(reckoning.lines, currency).render()
    show(preview_data(programme, reckoning), table + _unpriced(reckoning.held), as_json=as_json)


def preview_data(programme: str, reckoning: Reckoning) -> dict[str, object]:
    """Return what a month comes to so far as plain values; amounts are minor units of the currency."""
    gross, subsidy, user = totals(reckoning.lines)
    return {
        "programme": programme,
        "month": str(reckoning.month),
        "currency": programme_on_file(programme).currency,
        "gross": gross,
        "subsidy": subsidy,
        "user": user,
        "lines": [_line(line) for line in reckoning.lines],
        "held": reckoning.held,
    }


def _line(line: Line) -> dict[str, object]:
    charged = line.charge
    return {
        "kind": charged.kind.value,
        "account": charged.account,
        "site": charged.site,
        "item": charged.item,
        "corrects": str(charged.corrects) if charged.corrects else None,
        "device_seconds": None if charged.device_seconds is None else settle(charged.device_seconds),
        "gross": line.gross,
        "subsidy": line.subsidy,
        "user": line.user,
        "subsidy_by_award": dict(line.subsidy_by_award),
    }


def _line_table(lines: Iterable[Line], currency: str) -> Table:
    amounts = ("gross", "subsidy", "user")
    names = ["account", "site", "item", "corrects", "device_seconds"]
    rows = []
    for shown in map(_line, lines):
        money = [Money(int(str(shown[name])), currency) for name in amounts]
        rows.append([*("" if shown[name] is None else shown[name] for name in names), *money])
    return Table([*names, *amounts], rows, right=frozenset({"device_seconds", *amounts}))


def _unpriced(held: Mapping[str, Any]) -> str:
    """Return what stays out for want of a price, a line for each month, to stand below a table."""
    lines = [
        f"{month}: {found['runs']:,} runs of {found['unpriced_device_seconds']:,} device-seconds have no price and are "
        f"held: {', '.join(found['jobs'][:SHOWN_JOBS])}{' …' if found['runs'] > SHOWN_JOBS else ''}"
        for month, found in sorted(held.items())
    ]
    return "".join(f"\n\n{line}" for line in lines)


@charge.command("close")
@click.option("--programme", required=True, metavar="ID", help="Whose month it is.")
@click.option("--month", required=True, help="Such as 2026-10.")
@click.option("--afresh", is_flag=True, help="Forget what an interrupted close of a large month has rated.")
@as_option
@at_option
@json_option
def close(programme: str, month: str, afresh: bool, actor: Actor, now: datetime, as_json: bool) -> None:
    """Close a month: rate, split, post to the ledger, issue the statements. All of it or nothing.

    A large month is rated in parts that are kept: interrupted, the same command goes on where it
    stopped. `lionrock charge closing` tells how far it is.

    Example: lionrock charge close --programme hk-aiss-demo --month 2026-10
    """
    shown = Progress(f"{programme} {month}", "runs rated")
    wanted = Month.parse(month)
    closed = close_month(actor=actor, programme=programme, month=wanted, now=now, progress=shown, afresh=afresh)
    show(_close(closed), _close_table([closed]).render() + _unpriced(closed.held), as_json=as_json)


@charge.command("closing")
@as_option
@json_option
def list_closing(actor: Actor, as_json: bool) -> None:
    """Tell how far the closes of large months are that are under way, or were interrupted.

    Example: lionrock charge closing
    """
    found = closing_under_way(actor)
    rows = [
        [
            one.programme,
            str(one.month),
            f"{one.runs_rated:,} of {one.runs:,}",
            f"{one.percent} %",
            f"{one.parts_rated} of {one.parts}",
            _state(one),
        ]
        for one in found
    ]
    table = Table(["programme", "month", "runs rated", "done", "parts", "state"], rows, right=frozenset({"done"}))
    show(
        [{**asdict(one), "month": str(one.month), "fault": str(one.fault or "")} for one in found],
        table,
        as_json=as_json,
    )


def _state(one: ClosingProgress) -> str:
    if one.at_work:
        return "at work"
    if one.for_worker:
        return "waits for the worker"
    if one.fault is not None:
        return str(one.fault)
    how = f"stopped by {one.stopped_by}" if one.stopped_by else "interrupted"
    return f"{how}: close the month again, and it goes on from here"


@charge.command("closed")
@as_option
@json_option
def list_closed(actor: Actor, as_json: bool) -> None:
    """List the closed months.

    Example: lionrock charge closed
    """
    found = list(closes(actor))
    show([_close(one) for one in found], _close_table(found), as_json=as_json)


def _close(closed: MonthClose) -> dict[str, object]:
    return {
        "programme": closed.programme,
        "month": str(Month.containing(closed.month)),
        "closed_at": closed.closed_at,
        "currency": closed.currency,
        "gross": closed.gross,
        "subsidy": closed.subsidy,
        "user": closed.user,
        "held": closed.held,
    }


def _close_table(found: Iterable[MonthClose]) -> Table:
    rows = [
        [one.programme, str(Month.containing(one.month))]
        + [Money(amount, one.currency) for amount in (one.gross, one.subsidy, one.user)]
        for one in found
    ]
    headings = ["programme", "month", "at list price", "scheme", "users"]
    return Table(headings, rows, right=frozenset(headings[2:]))
