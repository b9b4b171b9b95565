"""Reading use and charges; each list is filtered by the one rule of visibility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from lionrock.charging.basis import load_basis
from lionrock.charging.locks import is_at_work
from lionrock.charging.models import (
    ChargeLine,
    ClosingTask,
    DecidedAdjustment,
    DecidedFee,
    HeldRow,
    MonthClose,
    UsageImport,
)
from lionrock.charging.reckoning import Reckoning, reckon
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import Month
from lionrock.notices.domain import told
from lionrock.people.domain import SEE_ALL_OF_IT, Actor
from lionrock.people.policies import require


def closes(viewer: Actor) -> QuerySet[MonthClose]:
    """Return the closed months of the programmes that the viewer works for."""
    everything = MonthClose.objects.all()
    return everything if viewer.operator else everything.filter(programme__in=viewer.programmes())


def charge_lines(close: MonthClose, account: str) -> QuerySet[ChargeLine]:
    """Return the lines of an account in a closed month, in order; the caller has seen to permission."""
    return ChargeLine.objects.filter(close=close, account=account).order_by("position")


def adjustments(viewer: Actor) -> QuerySet[DecidedAdjustment]:
    """Return the decided adjustments of the programmes that the viewer works for."""
    everything = DecidedAdjustment.objects.select_related("charged_in")
    return everything if viewer.operator else everything.filter(programme__in=viewer.programmes())


def fees(viewer: Actor) -> QuerySet[DecidedFee]:
    """Return the decided fees of the programmes that the viewer works for."""
    everything = DecidedFee.objects.select_related("charged_in")
    return everything if viewer.operator else everything.filter(programme__in=viewer.programmes())


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


@dataclass(frozen=True, slots=True)
class ClosingProgress:
    """How far the close of a large month is: parts and runs that are rated, of how many.

    `at_work` is false while nobody is at it: the worker will be, where it was asked (`for_worker`); else somebody
    stopped it, it could not be closed (`fault`), or whoever closed was interrupted. Asked again, it goes on.
    """

    programme: str
    month: Month
    begun_at: datetime
    begun_by: str
    parts_rated: int
    parts: int
    runs_rated: int
    runs: int
    at_work: bool
    for_worker: bool
    stopped_by: str
    fault: Message | None

    @property
    def rests(self) -> bool:
        """Whether it goes on only when somebody asks for it again."""
        return not (self.at_work or self.for_worker)

    @property
    def percent(self) -> int:
        """Of the runs, how many in a hundred are rated."""
        return 100 * self.runs_rated // self.runs if self.runs else 0


def closing_under_way(viewer: Actor) -> list[ClosingProgress]:
    """Return the closes that are under way, of the programmes that the viewer works for."""
    rated = Q(parts__content__isnull=False)
    found = ClosingTask.objects.order_by("programme").annotate(
        part_count=Count("parts"),
        rated_count=Count("parts", filter=rated),
        run_count=Sum("parts__runs", default=0),
        rated_runs=Sum("parts__runs", filter=rated, default=0),
    )
    visible = found if viewer.operator else found.filter(programme__in=viewer.programmes())
    return [
        ClosingProgress(
            programme=task.programme,
            month=Month.containing(task.month),
            begun_at=task.begun_at,
            begun_by=task.begun_by,
            parts_rated=task.rated_count,
            parts=task.part_count,
            runs_rated=task.rated_runs,
            runs=task.run_count,
            at_work=is_at_work(task.programme),
            for_worker=task.for_worker,
            stopped_by=task.stopped_by,
            fault=told(task.fault) if task.fault else None,
        )
        for task in visible
    ]
