"""What a job costs, by the functions that charge it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import AwardBook
from lionrock.charging.domain.lines import totals, usage_charges
from lionrock.charging.domain.prices import PriceBook
from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.subsidy import Purse, allot
from lionrock.charging.domain.tariff import rate_month
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Interval, Month, months_touched


@dataclass(frozen=True, slots=True)
class Tariffs:
    """What costs rest on: prices and awards, the programme's zone and currency, and what awards have left.

    `left` maps an award to what it may still pay, in minor units, by the books of closed months.
    """

    prices: PriceBook
    awards: AwardBook
    zone: ZoneInfo
    currency: str
    left: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Cost:
    """List price, and how scheme and user share it; `complete` is false where a part has no price."""

    list_price: Money
    scheme: Money
    own: Money
    complete: bool = True

    @property
    def runs_short(self) -> bool:
        """Tell whether the user bears all of it, although it costs something."""
        return self.list_price.minor > 0 and self.scheme.minor == 0


def cost_of(runs: Sequence[Run], earlier: Iterable[Run], tariffs: Tariffs) -> Cost:
    """Return what runs add to what is charged, beside earlier ones of the same open months.

    A line is rounded once for all its runs, and an award pays until it has nothing left: what some
    runs cost is the difference between the months with them and the months without.
    """
    before = list(earlier)
    months = sorted({month for run in runs for month in _months(run, tariffs.zone)})
    with_them, without = Purse(dict(tariffs.left)), Purse(dict(tariffs.left))
    gross = scheme = own = 0
    complete = True
    for month in _from_first(months, before, tariffs.zone):
        more, all_priced = _month(month, [*before, *runs], tariffs, with_them)
        less, _ = _month(month, before, tariffs, without)
        gross, scheme, own = gross + more[0] - less[0], scheme + more[1] - less[1], own + more[2] - less[2]
        complete = complete and all_priced
    return Cost(Money(gross, tariffs.currency), Money(scheme, tariffs.currency), Money(own, tariffs.currency), complete)


def _from_first(months: Sequence[Month], before: Sequence[Run], zone: ZoneInfo) -> list[Month]:
    """Return the months up to the last one that the runs touch: earlier use takes from an award first."""
    if not months:
        return []
    earlier = {month for run in before for month in _months(run, zone) if month < months[-1]}
    return sorted({*months, *earlier})


def _months(run: Run, zone: ZoneInfo) -> Iterable[Month]:
    return months_touched(Interval(run.start, run.end), zone) if run.start < run.end else ()


def _month(month: Month, runs: Sequence[Run], tariffs: Tariffs, purse: Purse) -> tuple[tuple[int, int, int], bool]:
    rated = rate_month(month, tariffs.zone, tariffs.prices, tariffs.awards, runs)
    return totals(allot(usage_charges(rated.lines, tariffs.zone), purse)), not rated.unpriced
