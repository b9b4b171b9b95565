"""Which awards are close to what they may spend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.db import connection

from lionrock.awards.domain import IN_FORCE
from lionrock.awards.models import Award
from lionrock.awards.queries import awards, end_in_force
from lionrock.charging.models import MonthClose
from lionrock.finance.domain.caps import Nearness, Standing
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX, SPENT_PREFIX
from lionrock.ledger.queries import balances, programme_seen
from lionrock.people.domain import Actor

PACE_MONTHS: Final = 3
"""Closed months that the pace is the mean of."""

_ORDER: Final = {nearness: place for place, nearness in enumerate(Nearness)}


@dataclass(frozen=True, slots=True)
class AtCap:
    """An award with how it stands to its cap."""

    award: Award
    standing: Standing

    @property
    def left(self) -> Money:
        """What may still be spent."""
        return Money(self.standing.left, self.award.currency)

    @property
    def cap(self) -> Money:
        """What may be spent in all."""
        return Money(self.standing.cap, self.award.currency)


def at_caps(viewer: Actor, programme: str) -> list[AtCap]:
    """Return the awards in force, the closest to their cap first; raises `NotFound`. A constant number of queries."""
    currency = programme_seen(viewer, programme).currency
    closed = MonthClose.objects.filter(programme=programme).order_by("-month").values_list("pk", "month")[:PACE_MONTHS]
    latest = list(closed)
    if not latest:
        return []
    left, spent = balances(programme, COMMITTED_PREFIX, currency), balances(programme, SPENT_PREFIX, currency)
    paces = _paces([pk for pk, _ in latest])
    through = Month.containing(latest[0][1])
    in_force = awards(viewer).filter(programme=programme, state__in=[state.value for state in IN_FORCE])
    found = [
        AtCap(award, _standing(award, left, spent, paces, through))
        for award in in_force.select_related("organisation", "application").prefetch_related("versions")
    ]
    return sorted(found, key=lambda one: (_ORDER[one.standing.nearness], one.standing.share_left, one.award.code))


def _standing(
    award: Award, left: dict[str, int], spent: dict[str, int], paces: dict[str, Fraction], through: Month
) -> Standing:
    remaining = left.get(COMMITTED_PREFIX + award.code, 0)
    return Standing(
        cap=remaining + spent.get(SPENT_PREFIX + award.code, 0),
        left=remaining,
        pace=paces.get(award.code),
        through=through,
        ends=end_in_force(award),
    )


def _paces(closes: Collection[int]) -> dict[str, Fraction]:
    """Return what each award paid a month, the mean of those closes in which it paid or was charged for."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [list(closes)])
        return {award: Fraction(int(amount), months) for award, amount, months in cursor.fetchall()}


_PAID: Final = """
SELECT paid.award, sum(paid.amount::bigint), count(DISTINCT line.close_id)
FROM charging_chargeline line
CROSS JOIN LATERAL jsonb_each_text(line.subsidy_by_award) AS paid (award, amount)
WHERE line.close_id = ANY(%s)
GROUP BY 1
"""
