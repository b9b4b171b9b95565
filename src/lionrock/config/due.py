"""What has to be done from time to time: the one table of it, and the command that does it.

Each row is an action of some room that may be called at any time, does what is due by then, and
says how much that was. It makes its own transactions: a mail that the server has taken must stay
marked, whatever fails after it.
"""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import click
import structlog
from django.db import close_old_connections, connection

from lionrock.allocations.actions import push_allocations
from lionrock.api.actions import deliver_webhooks
from lionrock.api.once import forget_answers
from lionrock.api.working import do_work
from lionrock.assurance.actions import remind_conditions
from lionrock.audit.sealing import seal_due
from lionrock.awards.actions import lapse_offers
from lionrock.charging.actions import close_asked
from lionrock.concerns.actions import escalate_concerns
from lionrock.config.environment import environment
from lionrock.config.interruptions import interruption
from lionrock.config.unsafe import require_safe
from lionrock.custody.actions import remind_custody
from lionrock.identity.actions import forget_entries, forget_resets, forget_sessions
from lionrock.intake.actions import remind_applicants, remind_office
from lionrock.jobs.actions import refresh_open_jobs
from lionrock.kernel import tracing
from lionrock.kernel.errors import LionrockError
from lionrock.metering.actions import collect_due, reconcile_due
from lionrock.notices.actions import send_mail
from lionrock.operations.actions import is_due, note_end, note_start
from lionrock.operations.runs import Row
from lionrock.operations.supervising import stopping
from lionrock.outcomes.actions import remind_reports
from lionrock.oversight.actions import erase_due
from lionrock.people.actions import forget_joinings, look_at_domains
from lionrock.receivables.actions import remind_debtors
from lionrock.review.actions import remind_assessors
from lionrock.screening.actions import screen_due
from lionrock.supply.actions import recheck_orders
from lionrock.terminal.clock import read_instant
from lionrock.terminal.errors import defect, describe
from lionrock.terminal.output import Table, json_option, show
from lionrock.usage.actions import look_due

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """One row: what is done, and why from time to time."""

    action: Callable[[datetime], int]
    why: str
    every: timedelta = timedelta(minutes=1)

    @property
    def name(self) -> str:
        """The action as people write it: "notices.send_mail"."""
        room = self.action.__module__.removeprefix("lionrock.").split(".")[0]
        return f"{room}.{self.action.__name__}"

    @property
    def row(self) -> Row:
        """The row as `operations` knows it."""
        return Row(self.name, self.every)


_HOURLY: Final = timedelta(hours=1)
_SOON: Final = timedelta(seconds=5)
"""Where somebody waits for it."""


DUE: Final = (
    Due(refresh_open_jobs, "a job that has ended is charged and told of, though nobody looks"),
    Due(lapse_offers, "money that nobody has accepted in time is free for others"),
    Due(push_allocations, "clusters hold what awards give, and what was changed there by hand is put back"),
    Due(remind_office, "the programme has pledged when it answers", _HOURLY),
    Due(remind_applicants, "an unanswered question keeps an application waiting", _HOURLY),
    Due(remind_reports, "a report that is due, or late, is written by somebody who thinks of it", _HOURLY),
    Due(remind_assessors, "an assessment that is late keeps an application waiting", _HOURLY),
    Due(remind_conditions, "a condition that is not met by its day holds a project, and somebody has to know", _HOURLY),
    Due(remind_debtors, "what is late is paid by somebody who is reminded of it", _HOURLY),
    Due(remind_custody, "what a transfer asks for is filed in time, and data go when their time is over", _HOURLY),
    Due(escalate_concerns, "a concern that nobody answers for in time is seen by somebody else"),
    Due(forget_joinings, "what strangers wrote who never came is not kept", _HOURLY),
    Due(forget_resets, "links that count no more are not kept", _HOURLY),
    Due(look_at_domains, "who had a mail domain yesterday may not have it any more", _HOURLY),
    Due(forget_entries, "from where somebody signed in is not kept for ever", _HOURLY),
    Due(forget_sessions, "sign-ins that are over are not kept", _HOURLY),
    Due(collect_due, "what ran is charged, and shown, soon after it ran"),
    Due(reconcile_due, "a day counted otherwise than the cluster counts it is seen the day after", _HOURLY),
    Due(look_due, "what was out of service, and since when, is known though nobody looks"),
    Due(screen_due, "who was not on a list yesterday may be today", _HOURLY),
    Due(recheck_orders, "rules and lists change, licences expire and days pass while an order is on its way"),
    Due(close_asked, "a large month is closed though nobody can wait for it", _SOON),
    Due(do_work, "what was asked of the API for later has its answer", _SOON),
    Due(deliver_webhooks, "what programs are to be told reaches them, and again until they take it"),
    Due(forget_answers, "an answer that nobody asks for again is not kept", _HOURLY),
    Due(erase_due, "what a programme keeps no longer, and lets go by itself, is not kept"),
    Due(seal_due, "what was written is tied to all before it, so that tampering shows"),
    Due(send_mail, "notices go out as each person wishes; last, so that what the rows above say goes out too"),
)
"""In this order; each again as long after its last start as it says."""


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
    return [done for row in _until(stop, DUE if rows is None else rows) if (done := _run(row, now, lambda _: True))]


def run_again(now: datetime, rows: Sequence[Due] | None = None, stop: threading.Event | None = None) -> list[Done]:
    """Do those whose interval has passed since any process began them; say so of these alone.

    Whether it has is asked once the row is ours: of any number of processes one does it.
    """
    rows = DUE if rows is None else rows
    return [done for row in _until(stop, rows) if (done := _run(row, now, lambda row: is_due(row, now)))]


def _until(stop: threading.Event | None, rows: Sequence[Due]) -> Iterator[Due]:
    return itertools.takewhile(lambda _: stop is None or not stop.is_set(), rows)


def _run(row: Due, now: datetime, wanted: Callable[[Row], bool]) -> Done | None:
    traced = tracing.current.set(tracing.begin())
    try:
        with _alone(row.name) as free:
            if not free:
                return Done(row.name, None)
            return _noted(row, now) if wanted(row.row) else None
    except Exception as error:
        return Done(row.name, None, _told(error))
    finally:
        tracing.current.reset(traced)
        connection.close_if_unusable_or_obsolete()


def _noted(row: Due, now: datetime) -> Done:
    """Do it, and note that it began, and how it ended."""
    note_start(row.name, now)
    try:
        done = row.action(now)
    except Exception as error:
        told = _told(error)
        connection.close_if_unusable_or_obsolete()
        note_end(row.name, now, told)
        return Done(row.name, None, told)
    note_end(row.name, now, None)
    return Done(row.name, done)


def _told(error: Exception) -> LionrockError:
    if isinstance(error, LionrockError):
        return error
    told = interruption(error, environment()) or defect(error)
    told.__cause__ = error
    return told


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

    All of it now, whatever its interval; `lionrock worker` does each thing at its own. Two never do the
    same thing at once. SIGTERM ends it after the thing at hand.

    Example: lionrock due
    """
    given = read_instant(at) if at else None
    with stopping(signal.SIGTERM) as stop:
        worst = _round(given, stop, as_json=as_json)
        while watch and not stop.wait(watch):
            close_old_connections()
            worst = _round(given, stop, as_json=as_json)
    ctx.exit(worst)


BEAT_SECONDS: Final = 5
"""How often a worker looks whether something is due again."""


@click.command()
@click.option("--once", is_flag=True, help="Look once, and end.")
def worker(once: bool) -> None:
    """Do what is due, each thing at its interval, until SIGTERM; that ends it after the thing at hand.

    Any number may run, on any number of machines: the database lets one at a time do each thing, and lets
    another one do it when that is killed.

    Example: lionrock worker --once
    """
    require_safe(environment())
    with stopping(signal.SIGTERM) as stop:
        while True:
            close_old_connections()
            for each in run_again(datetime.now(UTC), stop=stop):
                _log_done(each)
            if once or stop.wait(BEAT_SECONDS):
                return


def _log_done(each: Done) -> None:
    if each.error is not None:
        _log.error("due.failed", row=each.name, code=each.error.code, exc_info=each.error.__cause__ or each.error)
    elif each.done:
        _log.info("due.done", row=each.name, done=each.done)


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
