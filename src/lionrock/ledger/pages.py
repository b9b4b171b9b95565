"""The page of a programme's fund."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from lionrock.kernel.money import Money
from lionrock.ledger.domain.fund import FundMonth, FundOverview
from lionrock.ledger.queries import fund_overview
from lionrock.people.programmes import programme_on_file, programmes_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.charts import MonthParts, Part

MONTHS_DRAWN = 24
"""The chart shows the latest two years; the table beside it shows all months."""


@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """List the funds of the programmes that the viewer works for; the only one is shown at once."""
    seen = viewer_of(request).programmes()
    known = [programme for name, programme in programmes_on_file().items() if name in seen]
    if len(known) == 1:
        return redirect("ledger:fund", known[0].id)
    return render(request, "ledger/funds.html", {"programmes": known})


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
