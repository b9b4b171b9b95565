"""What was decided and is not charged yet, as the domain knows it."""

from __future__ import annotations

from django.db.models import Q

from lionrock.charging.domain.closing import Adjustment, SharedFee
from lionrock.charging.models import DecidedAdjustment, DecidedFee, MonthClose
from lionrock.kernel.periods import Month


def _due(programme: str, month: Month) -> Q:
    return Q(programme=programme, month__lte=month.first_day, charged_in__isnull=True)


def adjustments_due(programme: str, month: Month) -> tuple[Adjustment, ...]:
    """Return the adjustments that the close of a month charges, in the order in which they were decided."""
    rows = DecidedAdjustment.objects.filter(_due(programme, month)).order_by("id")
    return tuple(
        Adjustment(row.account, row.amount, row.reason, Month.containing(row.month), row.award, row.site)
        for row in rows
    )


def fees_due(programme: str, month: Month) -> tuple[SharedFee, ...]:
    """Return the shared fees that the close of a month charges or settles, in the order in which they were decided."""
    return tuple(map(_fee, DecidedFee.objects.filter(_due(programme, month)).order_by("id")))


def between_sites_due(programme: str, month: Month) -> list[tuple[str, SharedFee]]:
    """Return the cause and content of those that are settled between sites."""
    rows = DecidedFee.objects.filter(_due(programme, month), between_sites=True).order_by("id")
    return [(row.cause, _fee(row)) for row in rows]


def _fee(row: DecidedFee) -> SharedFee:
    """Return a fee as the domain knows it."""
    month = Month.containing(row.month)
    return SharedFee(row.amount, row.weights, row.reason, month, row.between_sites, row.site)


def note_charged(close: MonthClose) -> None:
    """Note that a close has charged all that was due; in its transaction, with the books held."""
    due = _due(close.programme, Month.containing(close.month))
    for model in (DecidedAdjustment, DecidedFee):
        model.objects.filter(due).update(charged_in=close)
