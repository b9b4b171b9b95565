"""The page of a fund's burn-down: what was spent, by what, and what will be left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.finance.domain.forecast import FEWEST, FUTURES, Ahead
from lionrock.finance.drawing import burn_down
from lionrock.finance.pages.choosing import choose
from lionrock.finance.queries.organisations import organisation_names
from lionrock.finance.queries.spending import By, Spending, spending
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.programme import Programme
from lionrock.rules.shape import Names
from lionrock.web.charts import MonthParts, Part
from lionrock.web.spreadsheets import to_csv

DRAWN: Final = 24
"""Months of the past that are drawn; the files have all."""

Label = Names | Message | str

LATEST: Final = 6
"""Closed months with a column of their own in the table."""

WORDS: Final = {
    By.CATEGORY: gettext_noop("Category"),
    By.SITE: gettext_noop("Site"),
    By.ITEM: gettext_noop("Item"),
    By.ORGANISATION: gettext_noop("Organisation"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What was spent on one key: in all, of the whole, and in each of the latest months."""

    label: Label
    total: Money
    share: Fraction
    latest: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class AheadRow:
    """A month to come as it is shown; `exhausted` is the part of futures in which nothing is left."""

    month: Month
    low: Money
    middle: Money
    high: Money
    exhausted: Fraction


@require_safe
def spending_index(request: HttpRequest) -> HttpResponse:
    """Choose the programme."""
    return choose(request, "finance:show", gettext("Spending"))


@require_safe
def spending_page(request: HttpRequest, programme: str) -> HttpResponse:
    """Show how the fund burns down, what is forecast, and what was spent on what."""
    by = _by(request)
    found = spending(viewer_of(request), programme, by)
    rules = programme_on_file(programme)
    latest = found.months[-LATEST:]
    context = {
        "programme": rules.names,
        "code": programme,
        "spending": found,
        "by": by.value,
        "word": gettext(WORDS[by]),
        "choices": [(each.value, gettext(word)) for each, word in WORDS.items()],
        "chart": burn_down(found.left_after[-DRAWN:], found.ahead),
        "drawn": [_drawn(month, found.totals[month]) for month in found.months[-DRAWN:]],
        "ahead": [_ahead(one, found) for one in found.ahead],
        "first_dry": next((one.month for one in found.ahead if one.exhausted > FUTURES // 2), None),
        "fewest": FEWEST,
        "months": latest,
        "rows": _rows(found, latest, rules),
        "files": [
            (ending.upper(), f"{reverse('finance:file', args=[programme, ending])}?by={by.value}")
            for ending in ("csv", "json")
        ],
    }
    return render(request, "finance/spending.html", context)


@require_safe
def spending_file(request: HttpRequest, programme: str, ending: str) -> HttpResponse:
    """Hand out what was spent: a row for each key and closed month."""
    by = _by(request)
    found = spending(viewer_of(request), programme, by)
    rows = [
        (key, str(month), amount) for key, months in found.parts.items() for month, amount in sorted(months.items())
    ]
    headers = {"Content-Disposition": f'attachment; filename="spending-{programme}.{ending}"'}
    if ending == "csv":
        cells = [[*row, found.fund.currency] for row in rows]
        content = to_csv([by.value, "month", "spent", "currency"], cells)
        return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
    if ending == "json":
        listed = [{by.value: key, "month": month, "spent": amount.minor} for key, month, amount in rows]
        told = {"currency": found.fund.currency, "spent": listed, "forecast": [_plain(one) for one in found.ahead]}
        return HttpResponse(json.dumps(told, indent=2), content_type="application/json", headers=headers)
    said = gettext_noop("Spending is handed out as csv or json, not as {ending}.")
    raise NotFound("finance.spending.format", message(said, ending=ending))


def _by(request: HttpRequest) -> By:
    asked = request.GET.get("by", "")
    return By(asked) if asked in {each.value for each in By} else By.CATEGORY


def _plain(one: Ahead) -> dict[str, object]:
    return {
        "month": str(one.month),
        "left_low": one.low,
        "left_middle": one.middle,
        "left_high": one.high,
        "exhausted_per_thousand": one.exhausted,
    }


def _drawn(month: Month, spent: Money) -> MonthParts:
    return MonthParts(month, (Part("spent", gettext("Spent"), spent),))


def _ahead(one: Ahead, found: Spending) -> AheadRow:
    low, middle, high = (Money(value, found.fund.currency) for value in (one.low, one.middle, one.high))
    return AheadRow(one.month, low, middle, high, Fraction(one.exhausted, FUTURES))


def _rows(found: Spending, latest: tuple[Month, ...], rules: Programme) -> list[Row]:
    whole = sum(found.total_of(key).minor for key in found.parts)
    nothing = Money(0, found.fund.currency)
    names = organisation_names(found.parts) if found.by is By.ORGANISATION else {}
    return [
        Row(
            label=_label(key, found.by, rules, names),
            total=found.total_of(key),
            share=Fraction(found.total_of(key).minor, whole) if whole else Fraction(0),
            latest=tuple(months.get(month, nothing) for month in latest),
        )
        for key, months in found.parts.items()
    ]


def _label(key: str, by: By, rules: Programme, organisations: Mapping[str, Names]) -> Label:
    if by is By.CATEGORY:
        labels = {parameter.path.split(".")[1]: parameter.label for parameter in rules.family("categories")}
        return labels.get(key, key)
    if by is By.ITEM and key in rules.items:
        return rules.items[key].names
    return organisations.get(key, key)
