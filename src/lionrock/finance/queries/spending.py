"""What the scheme bore in each closed month, by what, and what will be left of the fund."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import connection

from lionrock.charging.models import MonthClose
from lionrock.finance.domain.forecast import Ahead, forecast
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.domain.fund import FundOverview
from lionrock.ledger.queries import fund_overview
from lionrock.people.domain import Actor

AHEAD: Final = 12
"""Months that are forecast."""


class By(StrEnum):
    """What spending is told apart by."""

    CATEGORY = "category"
    SITE = "site"
    ITEM = "item"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Spending:
    """A programme's spending in closed months.

    `months` are the closed ones, `totals` what the scheme bore in each, `by` the same told apart:
    key → month → minor units. `ahead` is empty while too few months are closed.
    """

    fund: FundOverview
    by: By
    months: tuple[Month, ...]
    totals: Mapping[Month, Money]
    parts: Mapping[str, Mapping[Month, Money]]
    ahead: tuple[Ahead, ...]

    @property
    def left(self) -> Money:
        """What is not spent: committed or free."""
        return self.fund.appropriated - self.fund.spent

    @property
    def left_after(self) -> list[tuple[Month, Money]]:
        """What was left unspent when each month's use was paid: appropriated by its end, less all used up to it."""
        found, used = [], 0
        for month in self.months:
            used += self.totals[month].minor
            put_in = [one.appropriated.minor for one in self.fund.months if one.month <= month]
            found.append((month, Money((put_in[-1] if put_in else 0) - used, self.fund.currency)))
        return found

    def total_of(self, key: str) -> Money:
        """Return what was spent on one key in all closed months."""
        return Money(sum(amount.minor for amount in self.parts[key].values()), self.fund.currency)


def spending(viewer: Actor, programme: str, by: By) -> Spending:
    """Return what was spent and what is forecast; raises `NotFound`. A constant number of queries."""
    fund = fund_overview(viewer, programme)
    closed = MonthClose.objects.filter(programme=programme).order_by("month").values_list("month", "subsidy")
    totals = {Month.containing(month): Money(subsidy, fund.currency) for month, subsidy in closed}
    months = tuple(totals)
    left = fund.appropriated - fund.spent
    spent = [amount.minor for amount in totals.values()]
    ahead = forecast(spent, left.minor, months[-1], AHEAD) if months else []
    return Spending(fund, by, months, totals, _parts(programme, by, fund.currency), tuple(ahead))


def _parts(programme: str, by: By, currency: str) -> dict[str, dict[Month, Money]]:
    with connection.cursor() as cursor:
        cursor.execute(_SPENT_BY[by], {"programme": programme})
        found: dict[str, dict[Month, Money]] = {}
        for key, month, amount in cursor.fetchall():
            found.setdefault(key or "", {})[Month.containing(month)] = Money(int(amount), currency)
    return dict(sorted(found.items(), key=lambda part: (-sum(each.minor for each in part[1].values()), part[0])))


_BY_LINE: Final = """
SELECT line.{column}, closed.month, sum(line.subsidy)
FROM charging_chargeline line JOIN charging_monthclose closed ON closed.id = line.close_id
WHERE closed.programme = %(programme)s AND line.subsidy <> 0
GROUP BY 1, 2
"""

_BY_CATEGORY: Final = """
SELECT application.category, closed.month, sum(paid.amount::bigint)
FROM charging_chargeline line JOIN charging_monthclose closed ON closed.id = line.close_id
CROSS JOIN LATERAL jsonb_each_text(line.subsidy_by_award) AS paid (award, amount)
JOIN awards_award award ON award.code = paid.award
JOIN applications_application application ON application.id = award.application_id
WHERE closed.programme = %(programme)s
GROUP BY 1, 2
"""

_SPENT_BY: Final = {
    By.CATEGORY: _BY_CATEGORY,
    By.SITE: _BY_LINE.format(column="site"),
    By.ITEM: _BY_LINE.format(column="item"),
    By.ORGANISATION: _BY_LINE.format(column="account"),
}
