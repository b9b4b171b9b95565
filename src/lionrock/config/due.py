"""What has to be done from time to time: the one table of it, and the command that does it.

Each row is an action of some room that may be called at any time, does what is due by then, and
says how much that was. It makes its own transactions: a mail that the server has taken must stay
marked, whatever fails after it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType
from typing import Final

import click
from django.db import close_old_connections, connection

from lionrock.allocations.actions import push_allocations
from lionrock.api.actions import deliver_webhooks
from lionrock.api.once import forget_answers
from lionrock.assurance.actions import remind_conditions
from lionrock.awards.actions import lapse_offers
from lionrock.concerns.actions import escalate_concerns
from lionrock.config.environment import environment
from lionrock.config.interruptions import interruption
from lionrock.custody.actions import remind_custody
from lionrock.intake.actions import remind_applicants, remind_office
from lionrock.jobs.actions import refresh_open_jobs
from lionrock.kernel.errors import LionrockError
from lionrock.metering.actions import collect_due, reconcile_due
from lionrock.notices.actions import send_mail
from lionrock.outcomes.actions import remind_reports
from lionrock.people.actions import forget_joinings
from lionrock.receivables.actions import remind_debtors
from lionrock.review.actions import remind_assessors
from lionrock.screening.actions import screen_due
from lionrock.supply.actions import recheck_orders
from lionrock.terminal.clock import read_instant
from lionrock.terminal.errors import defect, describe
from lionrock.terminal.output import Table, json_option, show
from lionrock.usage.actions import look_due


@dataclass(frozen=True, slots=True)
class Due:
    """One row: what is done, and why from time to time."""

    action: Callable[[datetime], int]
    why: str

    @property
    def name(self) -> str:
        """The action as people write it: "notices.send_mail"."""
        room = self.action.__module__.removeprefix("lionrock.").split(".")[0]
        return f"{room}.{self.action.__name__}"


DUE: Final = (
    Due(refresh_open_jobs, "a job that has ended is charged and told of, though nobody looks"),
    Due(lapse_offers, "money that nobody has accepted in time is free for others"),
    Due(push_allocations, "clusters hold what awards give, and what was changed there by hand is put back"),
    Due(remind_office, "the programme has pledged when it answers"),
    Due(remind_applicants, "an unanswered question keeps an application waiting"),
    Due(remind_reports, "a report that is due, or late, is written by somebody who thinks of it"),
    Due(remind_assessors, "an assessment that is late keeps an application waiting"),
    Due(remind_conditions, "a condition that is not met by its day holds a project, and somebody has to know"),
    Due(remind_debtors, "what is late is paid by somebody who is reminded of it"),
    Due(remind_custody, "what a transfer asks for is filed in time, and data go when their time is over"),
    Due(escalate_concerns, "a concern that nobody answers for in time is seen by somebody else"),
    Due(forget_joinings, "what strangers wrote who never came is not kept"),
    Due(collect_due, "what ran is charged, and shown, soon after it ran"),
    Due(reconcile_due, "a day counted otherwise than the cluster counts it is seen the day after"),
    Due(look_due, "what was out of service, and since when, is known though nobody looks"),
    Due(screen_due, "who was not on a list yesterday may be today"),
    Due(recheck_orders, "rules and lists change, licences expire and days pass while an order is on its way"),
    Due(deliver_webhooks, "what programs are to be told reaches them, and again until they take it"),
    Due(forget_answers, "an answer that nobody asks for again is not kept"),
    Due(send_mail, "notices go out as each person wishes; last, so that what the rows above say goes out too"),
)
"""In this order."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a row: how much was done, or why not (None: another process is at it)."""

    name: str
    done: int | None
    error: LionrockError | None = None

    @property
    def said(self) -> str:
        """What became of it, in words."""
        if self.error is not None:
            return describe(self.error)
        return "another process is at it" if self.done is None else ""


def run_due(now: datetime, rows: Sequence[Due] | None = None, stop: threading.Event | None = None) -> list[Done]:
    """Do what is due (all of `DUE`); a row that fails stops no other, a set `stop` ends it before the next."""
    ended = []
    for row in DUE if rows is None else rows:
        if stop is not None and stop.is_set():
            break
        ended.append(_run(row, now))
    return ended


def _run(row: Due, now: datetime) -> Done:
    try:
        with _alone(row.name) as free:
            return Done(row.name, row.action(now) if free else None)
    except LionrockError as error:
        return Done(row.name, None, error)
    except Exception as error:
        return Done(row.name, None, interruption(error, environment()) or defect(error))
    finally:
        connection.close_if_unusable_or_obsolete()


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Say whether no other process does this row; until the end of the block none will.

    The lock belongs to our session with the database, which gives it back when we die.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"lionrock due {name}"])
        [free] = cursor.fetchone() or [False]
    try:
        yield bool(free)
    finally:
        if free and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"lionrock due {name}"])


@click.command()
@click.option("--at", metavar="INSTANT", help="When this holds, such as 2026-10-01T09:00+08:00 (default: now).")
@click.option("--watch", type=click.IntRange(1), metavar="SECONDS", help="Go on, looking again after so many seconds.")
@json_option
@click.pass_context
def due(ctx: click.Context, at: str | None, watch: int | None, as_json: bool) -> None:
    """Do what is due: send mail, lapse what was not accepted, remind.

    A timer calls it every minute (deploy/lionrock-due.timer), or it watches by itself; two never do the
    same thing at once. SIGTERM ends it after the thing at hand.

    Example: lionrock due
    """
    given = read_instant(at) if at else None
    with _stopping() as stop:
        worst = _round(given, stop, as_json=as_json)
        while watch and not stop.wait(watch):
            close_old_connections()
            worst = _round(given, stop, as_json=as_json)
    ctx.exit(worst)


def _round(given: datetime | None, stop: threading.Event, *, as_json: bool) -> int:
    """Do what is due once, tell it, and return the exit code: that of the first row that failed."""
    ended = run_due(given or datetime.now(UTC), stop=stop)
    rows = [{"name": each.name, "done": each.done, "said": each.said} for each in ended]
    table = Table(["what", "done"], [[each.name, "–" if each.done is None else each.done] for each in ended])
    show(rows, table, as_json=as_json)
    for each in ended:
        if each.said:
            click.echo(f"{each.name}: {each.said}", err=True)
    return next((each.error.exit_code for each in ended if each.error), 0)


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
