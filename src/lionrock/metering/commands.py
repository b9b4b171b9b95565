"""`lionrock metering`: read what clusters account for, see how far, what is held, and compare totals."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

import click
from django.db import close_old_connections

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.messages import Message
from lionrock.metering.actions import collect as collect_site
from lionrock.metering.actions import reconcile as reconcile_site
from lionrock.metering.actions.collecting import Collected
from lionrock.metering.queries import held_rows, standings
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option, read_instant
from lionrock.terminal.errors import describe
from lionrock.terminal.output import Table, json_option, show


@click.group()
def metering() -> None:
    """What ran on clusters: collect, status, held, reconcile."""


@metering.command("collect")
@click.option("--site", required=True, metavar="CODE")
@click.option("--from", "since", metavar="INSTANT", help="Read from here, again where it was read before.")
@click.option("--to", "until", metavar="INSTANT", help="With --from: read up to here (default: now).")
@click.option("--watch", type=click.IntRange(1), metavar="SECONDS", help="Go on, reading again after so many seconds.")
@as_option
@at_option
@json_option
def collect(
    site: str, since: str | None, until: str | None, watch: int | None, actor: Actor, now: datetime, as_json: bool
) -> None:
    """Read what ran since the cluster was last read, and pass on to charging what awards used.

    It may be interrupted and started again at any time, and run twice at once. SIGTERM ends watching.

    Example: lionrock metering collect --site aisc
    """
    span = (read_instant(since) if since else None, read_instant(until) if until else None)
    if watch is None:
        _show(_collect(site, actor, now, span), as_json=as_json)
        return
    with _stopping() as stop:
        while not stop.is_set():
            _try(site, actor, span, as_json=as_json)
            span = (None, None)
            close_old_connections()
            stop.wait(watch)


def _collect(site: str, actor: Actor, now: datetime, span: tuple[datetime | None, datetime | None]) -> Collected:
    def tell(through: datetime, rows: int) -> None:
        click.echo(f"{site}: {rows:,} rows, up to {through:%Y-%m-%d %H:%M}Z", err=True)

    return collect_site(actor=actor, site=site, now=now, since=span[0], until=span[1], progress=tell)


def _try(site: str, actor: Actor, span: tuple[datetime | None, datetime | None], *, as_json: bool) -> None:
    """Read once; a cluster that is away now is asked again the next time."""
    try:
        _show(_collect(site, actor, datetime.now(UTC), span), as_json=as_json)
    except LionrockError as error:
        click.echo(describe(error), err=True)


def _show(done: Collected, *, as_json: bool) -> None:
    found = {"site": done.site, "from": done.span.start, "to": done.span.end, "rows": dict(sorted(done.tally.items()))}
    rows = [[name, f"{count:,}"] for name, count in sorted(done.tally.items())]
    show(found, Table(["rows of " + done.site, "count"], rows, right=frozenset({"count"})), as_json=as_json)


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Return what SIGTERM sets, in place of ending at once."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = signal.signal(signal.SIGTERM, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)


@metering.command("status")
@as_option
@at_option
@json_option
def status(actor: Actor, now: datetime, as_json: bool) -> None:
    """Tell how far each site was read, what is held, and which days differ from Slurm's own totals.

    Example: lionrock metering status
    """
    rows = [
        {
            "site": one.site.code,
            "read up to": one.collection.through if one.collection else None,
            "lag": int(one.lag.total_seconds()) if one.lag is not None else None,
            "running": one.running,
            "held": one.held,
            "days that differ": one.differing,
            "says": str(Message(one.collection.failure["template"], one.collection.failure["fields"]))
            if one.collection and one.collection.failure
            else "",
        }
        for one in standings(actor, now)
    ]
    names = ["site", "read up to", "lag", "running", "held", "days that differ", "says"]
    show(
        rows,
        Table(names, [["–" if row[name] is None else row[name] for name in names] for row in rows]),
        as_json=as_json,
    )


@metering.command("held")
@click.option("--site", metavar="CODE")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows to show.")
@as_option
@json_option
def held(site: str | None, limit: int, actor: Actor, as_json: bool) -> None:
    """List what the accounting says and cannot be counted or charged, with the reason.

    Example: lionrock metering held --site aisc
    """
    rows = [
        {
            "site": row.site.code,
            "job": row.job,
            "since": row.since,
            "code": row.code,
            "reason": str(Message(row.template, row.fields)),
            "raw": row.raw,
        }
        for row in held_rows(actor, site)[:limit]
    ]
    names = ["site", "job", "since", "reason"]
    show(rows, Table(names, [[row[name] for name in names] for row in rows]), as_json=as_json)


@metering.command("reconcile")
@click.option("--site", required=True, metavar="CODE")
@click.option("--from", "start", required=True, metavar="INSTANT", help="A whole hour, mostly a midnight.")
@click.option("--to", "end", required=True, metavar="INSTANT", help="A whole hour after it.")
@as_option
@at_option
@json_option
def reconcile(site: str, start: str, end: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Compare the device-seconds of a span with those that Slurm itself reports; status 3 where they differ.

    Example: lionrock metering reconcile --site aisc --from 2026-10-01T00:00+08:00 --to 2026-10-02T00:00+08:00
    """
    done = reconcile_site(actor=actor, site=site, now=now, start=read_instant(start), end=read_instant(end))
    found = {
        "site": site,
        "from": done.start,
        "to": done.end,
        "agrees": done.agrees,
        "reported": done.reported,
        "counted": done.counted,
        "charging": done.charged,
        "differences": done.differences,
    }
    devices = sorted({*done.reported, *done.counted})
    rows = [[device, f"{done.reported.get(device, 0):,}", f"{done.counted.get(device, 0):,}"] for device in devices]
    table = Table(["device-seconds of", "reported by Slurm", "counted here"], rows)
    show(found, table, as_json=as_json)
    if not done.agrees:
        raise click.exceptions.Exit(3)
