"""Closing a month: rate, allot, write the lines, post to the ledger, tell the rooms above.

What changes the books is one transaction: killed at any moment, either the month is closed with everything
that belongs to it, or nothing of it exists and closing it again gives the same result. Of a large month the
rating comes before that transaction, in parts that are kept (`freezing.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.charging.actions.freezing import (
    begin_task,
    check_not_stopped,
    forget,
    go_on,
    rate_parts,
    rated_by,
    task_of,
)
from lionrock.charging.basis import Basis, load_basis
from lionrock.charging.decisions import between_sites_due, note_charged
from lionrock.charging.domain.lines import Line, totals
from lionrock.charging.events import MonthClosed
from lionrock.charging.locks import alone
from lionrock.charging.models import ChargeLine, ClosingTask, MonthClose
from lionrock.charging.reckoning import Reckoning, are_large, make_plan, reckon, reckon_rated, unwatched
from lionrock.kernel import events
from lionrock.kernel.errors import Conflict, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, settle
from lionrock.kernel.periods import Month
from lionrock.ledger.actions import post
from lionrock.ledger.bulk import post_all
from lionrock.ledger.domain.accounts import revenue
from lionrock.ledger.domain.drafts import AccrualLine, accrual, quota_use
from lionrock.ledger.domain.journals import Entry, JournalDraft
from lionrock.ledger.locks import lock_books
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require


def close_month(
    *,
    actor: Actor,
    programme: str,
    month: Month,
    now: datetime,
    progress: Callable[[int], None] = unwatched,
    afresh: bool = False,
) -> MonthClose:
    """Close a month of a programme; takes the role finance.

    A month with much use is rated in parts that are kept: after an interruption the same call goes on
    where it stopped and sees the same records, unless prices or awards of the month are others by now,
    or it is to begin `afresh`. The books change in one transaction at the end.

    Raises `Conflict` when the month, or a later one, is closed already, or somebody stops it, and `Refused`
    when it has not ended, or when the programme has set no rule of proration.
    """
    require(actor, Role.FINANCE, programme=programme)
    with alone(programme):
        if afresh:
            forget(programme)
        go_on(programme)
        closed = _close_small(programme, month, actor, now, progress)
        while closed is None:
            closed = _close_large(programme, month, actor, now, progress)
    return closed


def go_on_closing(task: ClosingTask, *, actor: Actor, now: datetime) -> MonthClose:
    """Close a month whose close was begun, unless somebody stops it; takes the role finance, raises as `close_month`.

    The caller has made sure to be the only one who closes.
    """
    require(actor, Role.FINANCE, programme=task.programme)
    closed = None
    while closed is None:
        closed = _close_large(task.programme, Month.containing(task.month), actor, now, unwatched)
    return closed


@transaction.atomic
def _close_small(
    programme: str, month: Month, actor: Actor, now: datetime, progress: Callable[[int], None]
) -> MonthClose | None:
    """Close a month at once, or return None when that would keep the books for too long."""
    basis = _hold_books(programme, month, now)
    if task_of(programme, month) is not None or are_large(programme, [month], basis.zone):
        return None
    plan = make_plan(programme, month, basis)
    if are_large(programme, plan.months, basis.zone):
        return None
    return _finish(reckon(programme, month, basis, progress, plan), programme, basis, actor, now)


def _close_large(
    programme: str, month: Month, actor: Actor, now: datetime, progress: Callable[[int], None]
) -> MonthClose | None:
    """Freeze, rate in parts and close; None when prices or awards were changed meanwhile, and it begins again."""
    basis = load_basis(programme)
    task = task_of(programme, month)
    if task is None or make_plan(programme, month, basis, task.last_record).rated != task.rated:
        task, basis = freeze(programme, month, actor, now)
    rate_parts(task, basis, progress)
    return _close_rated(task, actor, now)


@transaction.atomic
def freeze(programme: str, month: Month, actor: Actor, now: datetime) -> tuple[ClosingTask, Basis]:
    """Begin a close, and return what it rests on; what the worker was asked for stays asked for.

    The books are held for a moment, so that no record before the bound is late.
    """
    basis = _hold_books(programme, month, now)
    before = task_of(programme, month)
    task = begin_task(programme, make_plan(programme, month, basis), basis, actor, now)
    if before is not None:
        task.for_worker, task.stopped_by = before.for_worker, before.stopped_by
        task.save(update_fields=["for_worker", "stopped_by"])
    return task, basis


@transaction.atomic
def _close_rated(task: ClosingTask, actor: Actor, now: datetime) -> MonthClose | None:
    month = Month.containing(task.month)
    basis = _hold_books(task.programme, month, now)
    # Whoever stops it from here on waits, and finds it closed.
    kept = ClosingTask.objects.select_for_update().get(pk=task.pk)
    check_not_stopped(task)
    plan = make_plan(task.programme, month, basis, task.last_record)
    if plan.rated != task.rated:
        return None
    reckoning = reckon_rated(task.programme, plan, basis, rated_by(task, basis))
    closed = _finish(reckoning, task.programme, basis, actor, now)
    if kept.for_worker:
        _tell_closed(closed, to=kept.begun_by, now=now)
    return closed


def _tell_closed(closed: MonthClose, *, to: str, now: datetime) -> None:
    """Tell whoever asked for it, and was not kept waiting."""
    said = gettext_noop("{month} of {programme} is closed, and its documents are issued.")
    said_of = message(said, month=Month.containing(closed.month), programme=closed.programme)
    notify(to=[to], said=said_of, about=Subject("closing", closed.programme), now=now)


def _hold_books(programme: str, month: Month, now: datetime) -> Basis:
    lock_books(programme)
    basis = load_basis(programme)
    _check_may_close(programme, month, basis, now)
    return basis


def _finish(reckoning: Reckoning, programme: str, basis: Basis, actor: Actor, now: datetime) -> MonthClose:
    """Write the lines, post them, note it, and let the documents be issued; in the caller's transaction."""
    forget(programme)
    close = _write(reckoning, programme, basis, actor, now)
    _post_to_ledger(close, reckoning, basis, actor)
    note_charged(close)
    record(
        "charging.close_month",
        f"{programme} {reckoning.month}",
        actor=actor.email,
        now=now,
        programme=programme,
        details={"lines": len(reckoning.lines), "gross": close.gross, "subsidy": close.subsidy, "user": close.user},
    )
    events.publish(MonthClosed(close, actor, now))
    return close


def _check_may_close(programme: str, month: Month, basis: Basis, now: datetime) -> None:
    latest = MonthClose.objects.filter(programme=programme).order_by("-month").first()
    if latest is not None and latest.month >= month.first_day:
        raise Conflict(
            "charging.close.closed_already",
            message(
                gettext_noop(
                    "{programme} is closed up to {latest}, so {month} cannot be closed. What arrives for a closed "
                    "month is corrected in the next one."
                ),
                programme=programme,
                latest=str(Month.containing(latest.month)),
                month=str(month),
            ),
        )
    if now < month.interval(basis.zone).end:
        raise Refused(
            "charging.close.not_ended",
            message(
                gettext_noop("{month} ends on {end}; it cannot be closed before. Look at a preview instead."),
                month=str(month),
                end=month.interval(basis.zone).end.astimezone(basis.zone).isoformat(),
            ),
        )


def _write(reckoning: Reckoning, programme: str, basis: Basis, actor: Actor, now: datetime) -> MonthClose:
    gross, subsidy, user = totals(reckoning.lines)
    close = MonthClose.objects.create(
        programme=programme,
        month=reckoning.month.first_day,
        closed_at=now,
        closed_by=actor.email,
        last_record=reckoning.last_record,
        basis=dict(reckoning.basis),
        held=dict(reckoning.held),
        gross=gross,
        subsidy=subsidy,
        user=user,
        currency=basis.programme.currency,
    )
    rows = (_row(close, position, line) for position, line in enumerate(reckoning.lines, 1))
    ChargeLine.objects.bulk_create(rows, batch_size=1000)
    return close


def _row(close: MonthClose, position: int, line: Line) -> ChargeLine:
    charge = line.charge
    seconds = Fraction(charge.device_seconds or 0)
    price = charge.price
    return ChargeLine(
        close=close,
        position=position,
        kind=charge.kind.value,
        account=charge.account,
        site=charge.site,
        item=charge.item or "",
        month_of_use=charge.corrects.first_day if charge.corrects else close.month,
        corrects=charge.corrects.first_day if charge.corrects else None,
        first_use=charge.first_use,
        seconds_numerator=seconds.numerator,
        seconds_denominator=seconds.denominator,
        price_label=price.label if price else "",
        price_starts=price.starts if price else None,
        price_millionths=price.price.millionths if price else None,
        price_unit=price.unit.value if price else "",
        price_site=price.site if price else None,
        terms=[[code, str(share)] for code, share in charge.terms],
        gross=line.gross,
        subsidy=line.subsidy,
        user=line.user,
        subsidy_by_award=dict(line.subsidy_by_award),
        reason=charge.reason,
    )


def _post_to_ledger(close: MonthClose, reckoning: Reckoning, basis: Basis, actor: Actor) -> None:
    """Book the lines as one accrual, and the quota that they used; both hold at the month's last second."""
    at = reckoning.month.interval(basis.zone).end - timedelta(seconds=1)
    cause = f"charging.close_month:{reckoning.month}"
    draft = accrual(
        close.programme,
        (part for line in reckoning.lines for part in _accrual_lines(line, close.currency)),
        at=at,
        cause=cause,
        memo=f"Charges of {reckoning.month}",
        details={"month": str(reckoning.month), "lines": len(reckoning.lines)},
    )
    if draft is not None:
        post(draft, actor=actor.email)
    use = [
        quota_use(close.programme, award, item, used, at=at, cause=f"{cause}:quota:{award}:{item}")
        for (award, item), seconds in sorted(_quota_used(reckoning.lines).items())
        if (used := settle(seconds))
    ]
    post_all([*use, *_between_sites(close, at, cause)], actor=actor.email)


def _between_sites(close: MonthClose, at: datetime, cause: str) -> Iterator[JournalDraft]:
    """Yield what fees between sites move: each site's share, from what it has earned to who laid it out."""
    for decided, fee in between_sites_due(close.programme, Month.containing(close.month)):
        moves = Counter(fee.shares())
        moves[fee.site] -= fee.amount
        entries = tuple(Entry(revenue(site), amount) for site, amount in sorted(moves.items()) if amount)
        if entries:
            memo = f"Between sites: {fee.reason}"
            yield JournalDraft(close.programme, f"{cause}:fee:{decided}", close.currency, memo, at, entries)


def _accrual_lines(line: Line, currency: str) -> Iterator[AccrualLine]:
    """Yield what a statement line moves: the user's part, then each award's."""
    charge = line.charge
    nothing = Money(0, currency)
    yield AccrualLine(charge.account, charge.site, nothing, Money(line.user, currency))
    for award, amount in line.subsidy_by_award.items():
        yield AccrualLine(charge.account, charge.site, Money(amount, currency), nothing, award)


def _quota_used(lines: list[Line]) -> dict[tuple[str, str], Fraction]:
    """Return device-seconds by award and item; use counts against the award that serves first."""
    used: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in lines:
        charge = line.charge
        if charge.item and charge.terms and charge.device_seconds:
            used[charge.terms[0][0], charge.item] += charge.device_seconds
    return used
