"""Closing months: what is in the way, what is held, what is charged by decision, what would be otherwise."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet

from lionrock.api.declared.answers import facts, plain, printed, shape
from lionrock.api.declared.things import Thing, figures, listed, make
from lionrock.api.domain.tokens import Scope
from lionrock.api.problems import invalid
from lionrock.charging import actions
from lionrock.charging.commands.supposing import comparison_data
from lionrock.charging.domain.supposing import ALL, Supposition
from lionrock.charging.models import ClosingTask, DecidedAdjustment, DecidedFee, HeldRow, LeasePause, MonthClose
from lionrock.charging.queries import adjustments, closes, closing_under_way, fees, held_rows
from lionrock.charging.what_if import what_if
from lionrock.finance.pages.supposing import MOST_MONTHS, check_small_enough
from lionrock.finance.queries.caps import at_caps
from lionrock.finance.queries.closing import cockpit
from lionrock.finance.queries.held import wrongs
from lionrock.finance.queries.spending import By, spending
from lionrock.kernel.errors import NotFound, Refused
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import parse_share
from lionrock.kernel.periods import Month
from lionrock.ledger.queries import programme_seen
from lionrock.people.domain import Actor
from lionrock.web.sentences import translate

_PROGRAMME = "programmes/{programme}"
_CLOSE = shape("MonthCloseShown", MonthClose, "programme month closed_at closed_by held gross subsidy user currency")


def close_month(*, actor: Actor, programme: str, month: Month, now: datetime) -> MonthClose:
    """Close a month: its use is charged, and its statements are issued; takes the role finance.

    A month that is rated in parts is refused here, for it takes longer than a request: ask for its close. The same
    month closed again is answered as it was closed.
    """
    if cockpit(actor, programme, now).takes_long(month):
        said = gettext_noop(
            "{month} has so much use that it is rated in parts, for longer than a request can wait. Ask for its close: "
            "POST {path}. Its percentage stands in the list of what is under way."
        )
        path = f"/api/v1/closes/under-way/{programme}"
        raise Refused("api.close.large", message(said, month=month, path=path))
    return actions.close_month(actor=actor, programme=programme, month=month, now=now)


make(
    close_month,
    f"{_PROGRAMME}/closes",
    Scope.MONEY,
    _CLOSE,
    pages=("finance_closing:close",),
    commands=("charge close",),
)


def _closes(viewer: Actor, programme: str) -> QuerySet[MonthClose]:
    programme_seen(viewer, programme)
    return closes(viewer).filter(programme=programme)


listed(
    f"{_PROGRAMME}/closes",
    "list_closes",
    "List the months that are closed, the latest first.",
    _closes,
    _CLOSE,
    pages=("finance_closing:show", "finance_closing:list"),
    commands=("charge closed",),
)
figures(
    cockpit,
    f"{_PROGRAMME}/closing",
    name="read_closing",
    said="Tell which month is to be closed next, and what is in the way of it.",
    pages=("finance_closing:show",),
    commands=("charge closing",),
)


def _under_way(viewer: Actor) -> list[dict[str, Any]]:
    return [
        {
            "programme": each.programme,
            "month": str(each.month),
            "percent": each.percent,
            "at_work": each.at_work,
            "for_worker": each.for_worker,
            "stopped_by": each.stopped_by,
            "fault": translate(each.fault) if each.fault else "",
        }
        for each in closing_under_way(viewer)
    ]


figures(
    _under_way,
    "closes/under-way",
    name="list_closes_under_way",
    said="Tell how far the closes of large months are.",
    rows=True,
    pages=("finance_closing:list",),
    commands=("charge closing",),
)
_ASKED = shape("CloseAsked", ClosingTask, "programme month begun_at begun_by for_worker stopped_by")
make(
    actions.ask_close,
    "closes/under-way/{programme}",
    Scope.MONEY,
    _ASKED,
    status=HTTPStatus.ACCEPTED,
    pages=("finance_closing:close",),
)
make(
    actions.stop_close,
    "closes/under-way/{programme}/stop",
    Scope.MONEY,
    _ASKED,
    status=HTTPStatus.OK,
    pages=("finance_closing:stop",),
)
figures(
    at_caps,
    f"{_PROGRAMME}/caps",
    name="list_caps",
    said="Tell which awards are close to what they may spend, the closest first.",
    rows=True,
    pages=("finance_caps:show", "finance_caps:list"),
)


def _spending(viewer: Actor, programme: str, by: By = By.CATEGORY) -> dict[str, Any]:
    found = spending(viewer, programme, by)
    spent = [
        {by.value: key, "month": str(month), "spent": amount.minor}
        for key, months in found.parts.items()
        for month, amount in sorted(months.items())
    ]
    return {"currency": found.fund.currency, "spent": spent, "forecast": printed(found.ahead)}


figures(
    _spending,
    f"{_PROGRAMME}/spending",
    name="read_spending",
    said="Tell what was spent in each closed month, and how long the fund lasts.",
    pages=("finance:show", "finance:list", "finance:file"),
)


def _what_if(
    viewer: Actor, programme: str, month: Month, until: Month | None = None, share: str = "", cap: int | None = None
) -> dict[str, object]:
    programme_seen(viewer, programme)
    last = until or month
    if not month <= last < month.plus(MOST_MONTHS):
        said = message(gettext_noop("Ask for up to {most} months, the first of them first."), most=MOST_MONTHS)
        raise invalid("finance.what_if.months", said, "until", str(last))
    months = [month.plus(number) for number in range(MOST_MONTHS) if month.plus(number) <= last]
    check_small_enough(programme, months)
    shares: dict[str, Fraction] = {ALL: parse_share(share)} if share else {}
    supposed = Supposition(prices={}, shares=shares, caps={} if cap is None else {ALL: cap})
    return comparison_data(what_if(viewer, programme, months, supposed))


figures(
    _what_if,
    f"{_PROGRAMME}/what-if",
    name="read_what_if",
    said="Compare what months come to with what they would at another share or cap; nothing is written.",
    pages=("finance_what_if:show", "finance_what_if:list"),
    commands=("charge what-if",),
)


def _held(viewer: Actor, programme: str) -> QuerySet[HeldRow]:
    programme_seen(viewer, programme)
    return held_rows(viewer).filter(usage_import__programme=programme)


def _held_row(viewer: Actor, programme: str, number: int, **_lock: bool) -> HeldRow:
    row = _held(viewer, programme).filter(pk=number).first()
    if row is None:
        said = gettext_noop("Row {number} is held no more, or not for you. See what else is held.")
        raise NotFound("finance.held.unknown", message(said, number=number))
    return row


_ROW = Thing(
    path="programmes/{programme}/held-rows/{number}",
    scope=Scope.USAGE,
    shape=shape(
        "HeldRowShown",
        HeldRow,
        "number=pk file=usage_import.name line code raw",
        reason=(str, lambda row: translate(Message(row.template, row.fields))),
    ),
    find=_held_row,
    names={},
)
_ROW.listed(
    "list_held_rows",
    "List the rows of a programme's files of use that could not be taken in.",
    _held,
    pages=("finance_held:show", "finance_held:list"),
    commands=("usage held",),
)
_ROW.read("read_held_row", "Show one of them.", pages=("finance_held:row",))


def mend_row(*, actor: Actor, programme: str, number: int, line: str, now: datetime) -> HeldRow:
    """Take in a held row as it is written by hand, in our normal form; it is held no more then."""
    row = _held_row(actor, programme, number)
    actions.mend_row(actor=actor, row=row, line=line, now=now)
    return row


def set_row_aside(*, actor: Actor, programme: str, number: int, reason: str, now: datetime) -> HeldRow:
    """Let a held row go without charging it, and say why."""
    row = _held_row(actor, programme, number)
    actions.set_row_aside(actor=actor, row=row, reason=reason, now=now)
    return row


_SETTLED = shape("HeldRowSettled", HeldRow, "file=usage_import.name line code raw")
for _action, _verb in ((mend_row, "mend"), (set_row_aside, "set-aside")):
    make(_action, f"{_ROW.path}/{_verb}", Scope.USAGE, _SETTLED, status=HTTPStatus.OK, pages=("finance_held:row",))


def _faults(viewer: Actor, programme: str) -> list[Any]:
    programme_seen(viewer, programme)
    return list(plain(wrongs(viewer, programme)))


figures(
    _faults,
    f"{_PROGRAMME}/held-rows/faults",
    name="list_held_faults",
    said="Tell what is wrong with held rows, and how many have the same fault.",
    rows=True,
    pages=("finance_held:show",),
)
make(
    actions.try_rows_again,
    f"{_PROGRAMME}/held-rows/again",
    Scope.USAGE,
    facts("RowsTried", taken=int, held=int),
    pages=("finance_held:again",),
)

_ADJUSTMENT = shape(
    "AdjustmentShown", DecidedAdjustment, "programme cause account award site amount reason month decided_by decided_at"
)
_FEE = shape("FeeShown", DecidedFee, "programme cause weights site amount reason month decided_by decided_at")
make(actions.adjust, f"{_PROGRAMME}/adjustments", Scope.MONEY, _ADJUSTMENT, commands=("charge adjust",))
make(actions.share_fee, f"{_PROGRAMME}/fees", Scope.MONEY, _FEE, commands=("charge share-fee",))
make(
    actions.pause_lease,
    "awards/{code}/pauses",
    Scope.MONEY,
    shape("LeasePauseShown", LeasePause, "programme cause award starts ends reason decided_by decided_at"),
    given={"code": "award"},
    commands=("charge pause-lease",),
)
listed(
    "adjustments",
    "list_adjustments",
    "List what was charged or credited by decision, the newest first.",
    adjustments,
    _ADJUSTMENT,
    by={"programme": "programme"},
    commands=("charge decided",),
)
listed(
    "fees",
    "list_fees",
    "List the fees that were decided to be shared, the newest first.",
    fees,
    _FEE,
    by={"programme": "programme"},
    commands=("charge decided",),
)
