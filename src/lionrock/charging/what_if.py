"""What months would have come to at other prices, shares or caps. The database itself refuses to be changed by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import connection, transaction

from lionrock.awards.models import Award
from lionrock.awards.queries import versions_of
from lionrock.charging.basis import Basis, load_basis
from lionrock.charging.domain.closing import MonthFacts, close_month
from lionrock.charging.domain.lines import Line
from lionrock.charging.domain.subsidy import Purse
from lionrock.charging.domain.supposing import Comparison, Supposition, sums_by_account
from lionrock.charging.frozen import newest
from lionrock.charging.reckoning import Plan, rate
from lionrock.kernel.periods import Month
from lionrock.people.domain import SEE_ALL_OF_IT, Actor
from lionrock.people.policies import require


def what_if(viewer: Actor, programme: str, months: Sequence[Month], supposition: Supposition) -> Comparison:
    """Return what the use of months, closed or open, comes to as things are and as they are supposed, by account.

    Takes any role of the programme. Each month's own use is rated, all of it, as its records stand now;
    caps begin at what each award had left before the first of the months and are used up month by month.
    Nothing is written: the transaction is read-only. Raises `Invalid` when an award or item is unknown.
    """
    require(viewer, *SEE_ALL_OF_IT, programme=programme)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        basis = load_basis(programme)
        supposition.check(basis.awards, basis.programme.items)
        other = replace(basis, prices=supposition.prices_of(basis.prices), awards=supposition.awards_of(basis.awards))
        caps, paid = _caps(programme), _paid_before(programme, min(months))
        as_is = _lines(programme, months, basis, _left(caps, paid))
        supposed = _lines(programme, months, other, _left(supposition.caps_of(caps), paid))
    return Comparison(basis.programme.currency, sums_by_account(as_is), sums_by_account(supposed))


def _lines(programme: str, months: Sequence[Month], basis: Basis, left: dict[str, int]) -> list[Line]:
    purse, lines, bound = Purse(left), [], newest(programme)
    for month in sorted(months):
        plan = Plan(month, bound, {str(month): ""}, {})
        rated = rate(programme, plan, basis)
        facts = MonthFacts(month, basis.zone, basis.awards, {month: rated[month].lines})
        lines += close_month(facts, purse)
    return lines


def _caps(programme: str) -> dict[str, int]:
    """Return the cap of each accepted award as its terms stand now, in minor units."""
    accepted = Award.objects.filter(programme=programme, accepted_at__isnull=False).prefetch_related("versions")
    return {award.code: versions_of(award)[-1].cap.minor for award in accepted}


def _paid_before(programme: str, month: Month) -> dict[str, int]:
    """Return what each award has paid in the months before, by their documents."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [programme, month.first_day])
        return {award: int(paid) for award, paid in cursor.fetchall()}


_PAID = """
SELECT part.key, sum(part.value::bigint)
FROM charging_chargeline line
JOIN charging_monthclose closed ON closed.id = line.close_id
CROSS JOIN LATERAL jsonb_each_text(line.subsidy_by_award) AS part
WHERE closed.programme = %s AND closed.month < %s
GROUP BY part.key
"""


def _left(caps: dict[str, int], paid: dict[str, int]) -> dict[str, int]:
    return {award: max(0, cap - paid.get(award, 0)) for award, cap in caps.items()}
