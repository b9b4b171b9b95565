"""The page of what-if: what months come to, and what they would at another share, other prices, another cap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.charging.domain.prices import PriceVersion
from lionrock.charging.domain.supposing import ALL, Comparison, Sums, Supposition
from lionrock.charging.reckoning import are_large
from lionrock.charging.what_if import what_if
from lionrock.finance.pages.choosing import choose
from lionrock.finance.queries.organisations import organisation_names
from lionrock.kernel.errors import Fault, Invalid, Refused, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, Price, parse_decimal
from lionrock.kernel.periods import Month, local_midnight
from lionrock.ledger.queries import programme_seen
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.programme import Programme
from lionrock.rules.shape import Names

Value = TypeVar("Value")
MOST_MONTHS: Final = 12
PRICE: Final = "price."
"""What the name of an item's field begins with."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An item with the price that holds now, and the one that was typed."""

    field: str
    names: Names
    price: str
    typed: str


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation, or all: as things are, as supposed, and what that is more, in money."""

    names: Names | None
    as_is: tuple[Money, Money, Money]
    supposed: tuple[Money, Money, Money]
    more: tuple[Money, Money, Money]


@require_safe
def supposing_index(request: HttpRequest) -> HttpResponse:
    """Choose the programme."""
    return choose(request, "finance_what_if:show", gettext("What if"))


@require_safe
def supposing(request: HttpRequest, programme: str) -> HttpResponse:
    """Ask for months and suppositions, and compare them; nothing is written, so that the address says it all."""
    viewer, rules = viewer_of(request), programme_on_file(programme)
    programme_seen(viewer, programme)
    found, wrong = None, None
    if "month" in request.GET:
        try:
            months, supposed = _asked(request.GET, rules)
            check_small_enough(programme, months)
            found = what_if(viewer, programme, months, supposed)
        except (Invalid, Refused) as error:
            wrong = error
    context = {
        "programme": rules.names,
        "code": programme,
        "currency": rules.currency,
        "month": request.GET.get("month", str(Month.of(timezone.now(), rules.zone).plus(-1))),
        "until": request.GET.get("until", ""),
        "share": request.GET.get("share", ""),
        "cap": request.GET.get("cap", ""),
        "items": _listed(request.GET, rules),
        "wrong": wrong,
        "rows": _rows(found) if found else None,
    }
    return render(request, "finance/what_if.html", context, status=wrong.status if wrong else 200)


def _asked(given: Mapping[str, str], rules: Programme) -> tuple[list[Month], Supposition]:
    """Read what was typed; raises `Invalid` with the faults of all fields."""
    faults: list[Fault] = []
    first = _read(faults, "month", given.get("month", ""), Month.parse)
    last = _read(faults, "until", given.get("until", ""), Month.parse) or first
    share = _read(faults, "share", given.get("share", ""), _share)
    cap = _read(faults, "cap", given.get("cap", ""), lambda text: Money.parse(text, rules.currency, field="cap").minor)
    prices = {
        item: _read(faults, PRICE + item, given.get(PRICE + item, ""), lambda text: Price.parse(text, rules.currency))
        for item in rules.items
    }
    if first is not None and last is not None and not first <= last < first.plus(MOST_MONTHS):
        said = message(gettext_noop("Ask for up to {most} months, the first of them first."), most=MOST_MONTHS)
        faults.append(Fault("finance.what_if.months", said, field="until"))
    if faults or first is None or last is None:
        raise Invalid("finance.what_if.asked", faults[0].message, faults=faults)
    months = [first.plus(number) for number in range(MOST_MONTHS) if first.plus(number) <= last]
    supposed = Supposition(
        prices={item: (_version(rules, item, price, first),) for item, price in prices.items() if price is not None},
        shares={} if share is None else {ALL: share},
        caps={} if cap is None else {ALL: cap},
    )
    return months, supposed


def _read(faults: list[Fault], field: str, text: str, read: Callable[[str], Value]) -> Value | None:
    """Return what a field says; None for an empty one, and for one with a fault, which is kept under its name."""
    own: list[Fault] = []
    with collecting(own):
        return read(text.strip()) if text.strip() else None
    faults += [Fault(fault.code, fault.message, field=field, value=text) for fault in own]
    return None


def _share(text: str) -> Fraction:
    per_cent = parse_decimal(text, places=4, field="share")
    if not 0 <= per_cent <= 100:
        said = message(gettext_noop("“{value}” is no share. Write per cent from 0 to 100."), value=text)
        raise Invalid("finance.what_if.share", said, faults=[Fault("finance.what_if.share", said, field="share")])
    return Fraction(per_cent) / 100


def _version(rules: Programme, item: str, price: Price, first: Month) -> PriceVersion:
    listed = rules.items[item]
    starts = local_midnight(first.first_day, listed.zone)
    return PriceVersion(item, None, starts, first.first_day.isoformat(), price, listed.unit)


def check_small_enough(programme: str, months: list[Month]) -> None:
    """Raise `Refused` for months with so much use that nobody can wait for the comparison."""
    if are_large(programme, months, programme_on_file(programme).zone):
        said = gettext_noop(
            "These months have so much use that comparing them takes longer than a page can wait. Ask on the server: "
            "{command}."
        )
        command = f"lionrock charge what-if --programme {programme} --month {months[0]} --until {months[-1]} …"
        raise Refused("finance.what_if.large", message(said, command=command))


def _listed(given: Mapping[str, str], rules: Programme) -> list[Listed]:
    found = []
    for code, item in rules.items.items():
        now = item.listed_at(timezone.now())
        price = f"{now.price.decimal:f}" if now and now.price else ""
        found.append(Listed(PRICE + code, item.names, price, given.get(PRICE + code, "")))
    return found


def _rows(found: Comparison) -> list[Row]:
    """Return a row for each organisation, the most changed first, and one for all."""
    names = organisation_names(found.accounts)
    rows = [_row(found, account, names.get(account, Names(account))) for account in found.accounts]
    rows.sort(key=lambda row: -abs(row.more[2].minor))
    whole = _compared(None, found.total_as_is, found.total_supposed, found.currency)
    return [*rows, whole]


def _row(found: Comparison, account: str, names: Names) -> Row:
    as_is, supposed = found.as_is.get(account, Sums()), found.supposed.get(account, Sums())
    return _compared(names, as_is, supposed, found.currency)


def _compared(names: Names | None, as_is: Sums, supposed: Sums, currency: str) -> Row:
    return Row(names, _money(as_is, currency), _money(supposed, currency), _money(supposed - as_is, currency))


def _money(sums: Sums, currency: str) -> tuple[Money, Money, Money]:
    return Money(sums.gross, currency), Money(sums.subsidy, currency), Money(sums.user, currency)
