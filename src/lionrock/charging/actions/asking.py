"""The close of a month that somebody asks for and the worker does: asking, stopping, and doing it."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from lionrock.audit.actions import record
from lionrock.charging.actions.closing import freeze, go_on_closing
from lionrock.charging.actions.freezing import Stopped, task_of
from lionrock.charging.locks import alone_if_free
from lionrock.charging.models import ClosingTask
from lionrock.kernel.errors import Conflict, LionrockError
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import Month
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject, kept
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.queries import actor_by_email


def ask_close(*, actor: Actor, programme: str, month: Month, now: datetime) -> ClosingTask:
    """Ask for the close of a month, which the worker then does; takes the role finance.

    What the month consists of is settled now: what arrives later is a correction. Asked again while it rests or
    could not be closed, it goes on where it stopped. Whoever asks is told how it ends.

    Raises `Conflict` when the month, or a later one, is closed already, or a close of the programme is at work,
    and `Refused` when the month has not ended.
    """
    require(actor, Role.FINANCE, programme=programme)
    with alone_if_free(programme) as free:
        if not free:
            said = gettext_noop("A month of {programme} is being closed at this moment. Look how far it is.")
            raise Conflict("charging.close.at_work", message(said, programme=programme))
        return _ask(actor, programme, month, now)


@transaction.atomic
def _ask(actor: Actor, programme: str, month: Month, now: datetime) -> ClosingTask:
    task = task_of(programme, month) or freeze(programme, month, actor, now)[0]
    task.begun_by, task.for_worker, task.stopped_by, task.fault = actor.email, True, "", {}
    task.save(update_fields=["begun_by", "for_worker", "stopped_by", "fault"])
    record("charging.ask_close", f"{programme} {month}", actor=actor.email, now=now, programme=programme)
    return task


@transaction.atomic
def stop_close(*, actor: Actor, programme: str, now: datetime) -> ClosingTask:
    """Let a close rest that is under way, whoever is at it; takes the role finance. What is rated is kept.

    Raises `Conflict` when there is none, or it is closed by now.
    """
    require(actor, Role.FINANCE, programme=programme)
    task = ClosingTask.objects.select_for_update().filter(programme=programme, stopped_by="").first()
    if task is None:
        said = gettext_noop("No close of {programme} is under way: it is over, or rests already.")
        raise Conflict("charging.close.none_under_way", message(said, programme=programme))
    task.for_worker, task.stopped_by = False, actor.email
    task.save(update_fields=["for_worker", "stopped_by"])
    month = Month.containing(task.month)
    record("charging.stop_close", f"{programme} {month}", actor=actor.email, now=now, programme=programme)
    return task


def close_asked(now: datetime) -> int:
    """Close the months that were asked for; return how many. Killed, the next call goes on where this one was."""
    return sum(_close(programme, now) for programme in list(_asked().values_list("programme", flat=True)))


def _asked() -> models.QuerySet[ClosingTask]:
    return ClosingTask.objects.filter(for_worker=True).order_by("begun_at")


def _close(programme: str, now: datetime) -> bool:
    with alone_if_free(programme) as free:
        task = _asked().filter(programme=programme).first() if free else None
        if task is None:
            return False
        try:
            go_on_closing(task, actor=actor_by_email(task.begun_by), now=now)
        except Stopped:
            return False
        except LionrockError as error:
            _note_fault(task, error.message, now)
            return False
        return True


@transaction.atomic
def _note_fault(task: ClosingTask, said: Message, now: datetime) -> None:
    """Let it rest until somebody has looked why, and tell whoever asked."""
    ClosingTask.objects.filter(pk=task.pk).update(for_worker=False, fault=kept(said))
    notify(to=[task.begun_by], said=said, about=Subject("closing", task.programme), now=now)
