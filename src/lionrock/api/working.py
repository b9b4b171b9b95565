"""Doing what was put off: the worker's way from a request that waits to its answer.

A request that was killed in the middle is done again: what writes carries the key of its own, so that it is done
once; what speaks to other systems may be done again, as its operation says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.db import connection
from django.utils import timezone

from lionrock.api.calls import Call, Nothing
from lionrock.api.models import Work
from lionrock.api.once import Request, done_apart, done_together
from lionrock.api.operations import OPERATIONS
from lionrock.api.problems import own_defect, problem_response
from lionrock.api.registry import Effect, made
from lionrock.api.sending import Answer, answer_of
from lionrock.api.signing_in import actor_later
from lionrock.database.failures import other_tables
from lionrock.kernel.errors import LionrockError

_log = structlog.get_logger(__name__)


def do_work(now: datetime) -> int:
    """Answer what was put off, in the order in which it was asked; a row of config/due.py. Return how much."""
    waiting = Work.objects.filter(ended_at__isnull=True, asked_at__lte=now).order_by("pk")
    return sum(_do(number) for number in list(waiting.values_list("pk", flat=True)))


def _do(number: int) -> bool:
    with _alone(number) as free:
        # Began by whoever comes first, so that it is either cancelled or done.
        waiting = Work.objects.filter(pk=number, ended_at__isnull=True)
        if not (free and waiting.update(began_at=timezone.now())):
            return False
        answer = _answer(Work.objects.select_related("person", "token__organisation").get(pk=number))
        if answer is None:
            return False
        waiting.update(ended_at=timezone.now(), status=answer.status, headers=answer.headers, answer=answer.body)
        return True


def _answer(work: Work) -> Answer | None:
    """Return what came of it; nothing while an upgrade is under way: it waits for the process of that version."""
    try:
        return _done(work, timezone.now())
    except LionrockError as error:
        failed = problem_response(error, work.path)
    except Exception as error:
        if other_tables(error):
            _log.error("api.work.upgrading", work=str(work.uid), operation=work.operation, exc_info=error)
            return None
        _log.error("api.work.defect", work=str(work.uid), operation=work.operation, exc_info=error)
        failed = problem_response(own_defect(), work.path)
    return Answer(failed.status_code, failed.content, {"Content-Type": failed["Content-Type"]})


def _done(work: Work, now: datetime) -> Answer:
    operation = OPERATIONS[work.operation]
    query = operation.query.model_validate(work.query)
    body = Nothing() if work.body is None else operation.body.model_validate(work.body)
    call: Call[Any, Any] = Call(actor_later(work, now), work.person, now, query, body)

    def act() -> Answer:
        return answer_of(made(operation, call, work.parameters), operation.status)

    if operation.effect is Effect.NONE:
        return act()
    asked = Request(work.person, f"work:{work.uid}", work.uid.hex, now)
    answer = done_together(asked, act) if operation.effect is Effect.TOGETHER else done_apart(asked, act)
    for each in call.afterwards:
        each()
    return answer


@contextmanager
def _alone(number: int) -> Iterator[bool]:
    """Say whether no other process does this; the lock goes with our session when we die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('lionrock work'), %s)", [number % 2**31])
        [free] = cursor.fetchone() or [False]
    try:
        yield bool(free)
    finally:
        if free and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('lionrock work'), %s)", [number % 2**31])
