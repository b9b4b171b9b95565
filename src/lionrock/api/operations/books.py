"""The books of a programme: money put in, months locked, trial balance, statement of the fund, journals, exports."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lionrock.api.calls import Call, Nothing
from lionrock.api.declared.answers import shape
from lionrock.api.declared.things import figures, handed_out, listed, make, sent_file
from lionrock.api.domain.tokens import Scope
from lionrock.kernel.periods import Month
from lionrock.ledger import actions
from lionrock.ledger.domain.beancount_text import beancount_lines
from lionrock.ledger.domain.exports import csv_lines
from lionrock.ledger.domain.hledger_text import hledger_lines
from lionrock.ledger.models import Journal, PeriodLock
from lionrock.ledger.queries import (
    book,
    fund_statement,
    journals,
    months_of_books,
    period_locks,
    programme_seen,
    trial_of,
)
from lionrock.people.domain import Actor

_PROGRAMME = "programmes/{programme}"
_JOURNAL = shape(
    "JournalShown",
    Journal,
    "number=pk programme cause unit memo at recorded_at actor details",
    postings=(
        list[dict[str, Any]],
        lambda row: [{"account": each.account.path, "amount": each.amount} for each in row.postings.all()],
    ),
)
_LOCK = shape("PeriodLockShown", PeriodLock, "programme before reason locked_at locked_by")

make(
    actions.appropriate,
    f"{_PROGRAMME}/appropriations",
    Scope.MONEY,
    _JOURNAL,
    pages=("ledger:fund",),
    commands=("ledger appropriate",),
)
make(actions.lock_period, f"{_PROGRAMME}/locks", Scope.MONEY, _LOCK, commands=("ledger lock",))
make(actions.reopen_period, f"{_PROGRAMME}/locks/reopen", Scope.MONEY, _LOCK, commands=("ledger reopen",))
listed(
    f"{_PROGRAMME}/locks",
    "list_locks",
    "List the locks of the books and what opened them again; the newest holds.",
    period_locks,
    _LOCK,
    pages=("ledger:trial",),
    commands=("ledger locks",),
)
sent_file(
    actions.bring_in_balances,
    f"{_PROGRAMME}/opening-balances",
    Scope.MONEY,
    _JOURNAL,
    content="text",
    takes=("text/csv",),
    of=lambda made: made[0],
    as_text=True,
    commands=("ledger begin",),
)


def _journals(viewer: Actor, programme: str) -> QuerySet[Journal]:
    programme_seen(viewer, programme)
    return journals(viewer).filter(programme=programme).prefetch_related("postings__account")


listed(
    f"{_PROGRAMME}/journals",
    "list_journals",
    "List what was booked, with its postings in minor units of its unit, the newest first.",
    _journals,
    _JOURNAL,
    pages=("ledger:fund",),
    commands=("ledger export",),
)


def _span(viewer: Actor, programme: str, first: Month | None, last: Month | None) -> tuple[Month, Month]:
    known = months_of_books(viewer, programme) or (Month(1970, 1), Month(1970, 1))
    start = first or known[0]
    return start, max(start, last or known[1])


def _trial(viewer: Actor, programme: str, first: Month | None = None, last: Month | None = None) -> dict[str, Any]:
    start, end = _span(viewer, programme, first, last)
    found = trial_of(viewer, programme, start, end)
    names = ("account", "unit", "opening", "debit", "credit", "closing")
    rows = [{name: getattr(row, name) for name in names} for row in found.rows]
    return {"programme": programme, "from": str(start), "to": str(end), "rows": rows}


def _statement(viewer: Actor, programme: str, first: Month | None = None, last: Month | None = None) -> dict[str, Any]:
    found = fund_statement(viewer, programme, *_span(viewer, programme, first, last))
    names = ("award", "opening", "committed", "released", "spent", "closing")
    return {
        "programme": programme,
        "currency": found.currency,
        "from": str(found.first),
        "to": str(found.last),
        "opening": found.opening,
        "appropriated": found.appropriated,
        "committed": found.moves.committed,
        "released": found.moves.released,
        "closing": found.closing,
        "awards": [{name: getattr(row, name) for name in names} for row in found.awards],
    }


figures(
    _trial,
    f"{_PROGRAMME}/trial-balance",
    name="read_trial_balance",
    said="Show what each account held, its debits, its credits and what it holds, over months (`first` to `last`).",
    pages=("ledger:trial",),
    commands=("ledger trial",),
)
figures(
    _statement,
    f"{_PROGRAMME}/fund-statement",
    name="read_fund_statement",
    said="Show what was free in the fund, put in, given to awards and given back, over months (`first` to `last`).",
    pages=("ledger:fund",),
    commands=("ledger statement",),
)


def _export(lines: Any, kind: str, name: str) -> None:
    def content(call: Call[Nothing, Nothing], programme: str) -> bytes:
        return "".join(f"{line}\n" for line in lines(book(call.actor, programme))).encode()

    handed_out(
        f"export_books_{name}",
        f"Hand out all that was booked, as {name}.",
        f"{_PROGRAMME}/books/{name}",
        content,
        kind,
        pages=("ledger:fund",),
        commands=("ledger export",),
    )


for _lines, _kind, _name in (
    (beancount_lines, "text/plain", "beancount"),
    (hledger_lines, "text/plain", "hledger"),
    (csv_lines, "text/csv", "csv"),
):
    _export(_lines, _kind, _name)
