"""The page of a programme's fund."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.errors import Invalid
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.domain.fund import FundMonth, FundOverview
from lionrock.ledger.domain.reports import AwardMoves, FundStatement, TrialRow
from lionrock.ledger.queries import fund_overview, fund_statement, months_of_books, period_locks, trial_of
from lionrock.people.choosing import choose_programme
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.charts import MonthParts, Part
from lionrock.web.writing import digits, money_digits

MONTHS_DRAWN = 24
"""The chart shows the latest two years; the table beside it shows all months."""


@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """List the funds of the programmes that the viewer works for; the only one is shown at once."""
    nothing = gettext("You work for no programme, and so have no fund to see.")
    seen = viewer_of(request).programmes()
    return choose_programme(request, seen, page="ledger:fund", heading=gettext("Funds"), nothing=nothing)


@require_safe
def fund(request: HttpRequest, programme: str) -> HttpResponse:
    """Show how the fund stands, and how it stood at the end of each month."""
    viewer = viewer_of(request)
    overview = fund_overview(viewer, programme)
    names = programme_on_file(programme).names
    context = {
        "programme": names.in_language(get_language() or "en"),
        "fund": overview,
        "bar": fund_parts(overview),
        "drawn": [month_parts(month) for month in overview.months[-MONTHS_DRAWN:]],
        "months": reversed(overview.months),
    }
    return render(request, "ledger/fund.html", context)


def fund_parts(overview: FundOverview) -> tuple[Part, Part, Part]:
    """Return the three parts that the fund consists of."""
    return (
        _spent(overview.spent),
        _committed(overview.committed),
        Part("free", gettext("Free"), overview.free),
    )


def month_parts(month: FundMonth) -> MonthParts:
    """Return what is drawn of a month: what was promised by its end, spent and not yet spent."""
    return MonthParts(month.month, (_spent(month.spent), _committed(month.committed)))


def _spent(amount: Money) -> Part:
    return Part("spent", gettext("Spent"), amount)


def _committed(amount: Money) -> Part:
    return Part("committed", gettext("Committed"), amount)


@require_safe
def trial(request: HttpRequest, programme: str) -> HttpResponse:
    """Show the trial balance and the statement of the fund over months (`?from=`, `?to=`), and the locks."""
    viewer = viewer_of(request)
    known = months_of_books(viewer, programme)
    first, last = (_month(request.GET.get(name, "")) for name in ("from", "to"))
    today = Month.of(timezone.now(), programme_on_file(programme).zone)
    span = (first or (known[0] if known else today), last or (known[1] if known else today))
    found = trial_of(viewer, programme, span[0], max(span))
    statement = fund_statement(viewer, programme, span[0], max(span))
    locks = list(period_locks(viewer, programme)[:10])
    context = {
        "programme": programme_on_file(programme),
        "first": span[0],
        "last": max(span),
        "rows": [_amounts(row) for row in found.rows],
        "totals": [_amounts(row) for row in found.totals()],
        "statement": statement,
        "fund_lines": _fund_lines(statement),
        "award_rows": [_award_row(row, statement) for row in (*statement.awards, statement.moves)],
        "locks": locks,
        "locked": locks[0].before if locks else None,
        "zone": programme_on_file(programme).zone,
    }
    return render(request, "ledger/trial.html", context)


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except Invalid:
        return None


def _amounts(row: TrialRow) -> tuple[str, str, list[str]]:
    amounts = (row.opening, row.debit, row.credit, row.closing)
    written = [_written(amount, row.unit) for amount in amounts]
    return row.account, row.unit, written


def _written(amount: int, unit: str) -> str:
    """Return an amount as the page writes it: of a currency with its decimals, of a quota whole device-seconds."""
    return money_digits(Money(amount, unit)) if unit in DECIMALS else digits(Decimal(amount), 0)


def _fund_lines(found: FundStatement) -> list[tuple[str, Money]]:
    return [
        (gettext("Free before"), found.money(found.opening)),
        (gettext("Appropriated"), found.money(found.appropriated)),
        (gettext("Committed to awards"), found.money(-found.moves.committed)),
        (gettext("Released by awards"), found.money(found.moves.released)),
        (gettext("Free at the end"), found.money(found.closing)),
    ]


def _award_row(row: AwardMoves, found: FundStatement) -> tuple[str, list[Money]]:
    return row.award, [found.money(each) for each in (row.opening, row.committed, row.released, row.spent, row.closing)]
