"""Noting what became of the things that are due: when each began, and how it ended."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from lionrock.kernel.errors import LionrockError
from lionrock.operations.models import Run
from lionrock.operations.runs import Row


def is_due(row: Row, now: datetime) -> bool:
    """Tell whether the interval has passed since the row was last begun, by whomever."""
    return not Run.objects.filter(name=row.name, started_at__gt=now - row.every).exists()


def note_start(name: str, now: datetime) -> None:
    """Note that a row begins, before it does: a process that is killed in it has begun it too."""
    run, made = Run.objects.get_or_create(name=name, defaults={"started_at": now, "runs": 1})
    if not made:
        Run.objects.filter(pk=run.pk).update(started_at=now, runs=F("runs") + 1)


def note_end(name: str, now: datetime, error: LionrockError | None) -> None:
    """Note how it ended."""
    if error is None:
        Run.objects.filter(name=name).update(ended_at=now, error="")
    else:
        Run.objects.filter(name=name).update(failures=F("failures") + 1, error=error.code)
