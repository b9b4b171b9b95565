"""Which awards are close to what they may spend."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.db import connection

from lionrock.awards.domain import IN_FORCE
from lionrock.awards.models import Award, AwardVersion
from lionrock.awards.queries import KEPT_LONG, awards
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
    """How an award stands to its cap."""

    code: str
    standing: Standing
    currency: str

    @property
    def left(self) -> Money:
        """What may still be spent."""
        return Money(self.standing.left, self.currency)

    @property
    def cap(self) -> Money:
        """What may be spent in all."""
        return Money(self.standing.cap, self.currency)


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
    found = []
    for code, ends in _in_force(viewer, programme).items():
        remaining = left.get(COMMITTED_PREFIX + code, 0)
        cap = remaining + spent.get(SPENT_PREFIX + code, 0)
        found.append(AtCap(code, Standing(cap, remaining, paces.get(code), through, ends), currency))
    return sorted(found, key=lambda one: (_ORDER[one.standing.nearness], one.standing.share_left, one.code))


def _in_force(viewer: Actor, programme: str) -> dict[str, date]:
    """Return the awards in force by code, each with the day from which it pays no more, as its terms stand now."""
    wanted = awards(viewer).filter(programme=programme, state__in=[state.value for state in IN_FORCE])
    varied = AwardVersion.objects.filter(award__in=wanted).order_by("pk").values_list("award__code", "valid_to")
    return {**dict(wanted.values_list("code", "valid_to")), **dict(varied)}


def shown(viewer: Actor, found: Iterable[AtCap]) -> dict[str, Award]:
    """Return the awards of a page of them by code, with what a list shows."""
    codes = [one.code for one in found]
    rows = awards(viewer).filter(code__in=codes).select_related("organisation", "application").defer(*KEPT_LONG)
    return {award.code: award for award in rows}


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
