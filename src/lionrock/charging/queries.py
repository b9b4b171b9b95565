"""Reading use and charges; each list is filtered by the one rule of visibility."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.charging.basis import load_basis
from lionrock.charging.models import ChargeLine, HeldRow, MonthClose, UsageImport
from lionrock.charging.reckoning import Reckoning, reckon
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Month
from lionrock.people.domain import SEE_ALL_OF_IT, Actor
from lionrock.people.policies import require


def closes(viewer: Actor) -> QuerySet[MonthClose]:
    """Return the closed months of the programmes that the viewer works for."""
    everything = MonthClose.objects.all()
    return everything if viewer.operator else everything.filter(programme__in=viewer.programmes())


def charge_lines(close: MonthClose, account: str) -> QuerySet[ChargeLine]:
    """Return the lines of an account in a closed month, in order; the caller has seen to permission."""
    return ChargeLine.objects.filter(close=close, account=account).order_by("position")


def imports(viewer: Actor) -> QuerySet[UsageImport]:
    """Return the imports of the programmes that the viewer works for."""
    everything = UsageImport.objects.all()
    return everything if viewer.operator else everything.filter(programme__in=viewer.programmes())


def held_rows(viewer: Actor) -> QuerySet[HeldRow]:
    """Return the rows that are held in those imports."""
    return HeldRow.objects.filter(usage_import__in=imports(viewer)).select_related("usage_import")


def preview(viewer: Actor, programme: str, month: Month) -> Reckoning:
    """Return what a month comes to so far; nothing is written. Takes any role of the programme.

    Raises `NotFound` when the month is closed: its statements are the answer.
    """
    require(viewer, *SEE_ALL_OF_IT, programme=programme)
    if MonthClose.objects.filter(programme=programme, month__gte=month.first_day).exists():
        raise NotFound(
            "charging.preview.closed",
            message(
                gettext_noop("{month} of {programme} is closed. See `lionrock statement list --month {month}`."),
                month=str(month),
                programme=programme,
            ),
        )
    return reckon(programme, month, load_basis(programme))
