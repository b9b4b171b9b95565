"""The close of a large month as a task: frozen once, rated part by part, and gone on with wherever it stopped.

Nothing of it is in the books. What a part comes to is kept in one statement; killed at any moment, what is
kept is right, and what is not kept is rated again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Sum

from lionrock.charging.basis import Basis
from lionrock.charging.bulk import rate_in_bulk
from lionrock.charging.frozen import Part, parts_of
from lionrock.charging.models import ClosingTask, TaskPart
from lionrock.charging.rated import RatedMonth, added_up, from_content, to_content
from lionrock.charging.reckoning import PART, Plan
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor


class Stopped(Conflict):
    """Somebody lets the close rest; what is rated is kept."""


def task_of(programme: str, month: Month) -> ClosingTask | None:
    """Return the close of this very month that is under way, or None."""
    return ClosingTask.objects.filter(programme=programme, month=month.first_day).first()


def forget(programme: str) -> None:
    """Forget a close that is under way, and what it has rated."""
    ClosingTask.objects.filter(programme=programme).delete()


@transaction.atomic
def begin_task(programme: str, plan: Plan, basis: Basis, actor: Actor, now: datetime) -> ClosingTask:
    """Note a close and the parts that it consists of, in the place of any other of the programme."""
    forget(programme)
    task = ClosingTask.objects.create(
        programme=programme,
        month=plan.month.first_day,
        begun_at=now,
        begun_by=actor.email,
        last_record=plan.bound,
        rated=dict(plan.rated),
    )
    parts = [
        (month, part)
        for month in plan.months
        for part in parts_of(programme, month.interval(basis.zone), plan.bound, PART)
    ]
    TaskPart.objects.bulk_create(
        TaskPart(task=task, number=number, month=month.first_day, after=part.after, upto=part.upto, runs=part.runs)
        for number, (month, part) in enumerate(parts, 1)
    )
    return task


def go_on(programme: str) -> None:
    """Let a close that rests be worked at again."""
    ClosingTask.objects.filter(programme=programme).update(stopped_by="", fault={})


def check_not_stopped(task: ClosingTask) -> None:
    """Raise `Stopped` where somebody lets the close rest since it was begun."""
    stopped_by = ClosingTask.objects.filter(pk=task.pk).values_list("stopped_by", flat=True).first()
    if not stopped_by:
        return
    said = gettext_noop(
        "{who} stopped the close of {month}. What is rated is kept: close the month again, and it goes on from there."
    )
    raise Stopped("charging.close.stopped", message(said, who=stopped_by, month=Month.containing(task.month)))


def rate_parts(task: ClosingTask, basis: Basis, progress: Callable[[int], None]) -> None:
    """Rate what no earlier try has rated; raises `Stopped` between two parts."""
    parts = TaskPart.objects.filter(task=task)
    done = parts.filter(content__isnull=False).aggregate(runs=Sum("runs"))["runs"] or 0
    progress(done)
    for row in parts.filter(content__isnull=True).defer("content"):
        check_not_stopped(task)
        part = Part(row.after.astimezone(UTC), row.upto.astimezone(UTC) if row.upto else None, row.runs)
        month = Month.containing(row.month)
        rated = rate_in_bulk(task.programme, month, basis, task.last_record, part)
        parts.filter(pk=row.pk).update(content=to_content(rated))
        done += row.runs
        progress(done)


def rated_by(task: ClosingTask, basis: Basis) -> dict[Month, RatedMonth]:
    """Return the months of a task, all parts of which are rated."""
    return {Month.parse(text): added_up(_parts(task, Month.parse(text), basis)) for text in sorted(task.rated)}


def _parts(task: ClosingTask, month: Month, basis: Basis) -> Iterator[RatedMonth]:
    rows = TaskPart.objects.filter(task=task, month=month.first_day, content__isnull=False).order_by("number")
    for row in rows.iterator(chunk_size=1):
        yield from_content(row.content or {}, month, basis.prices)
