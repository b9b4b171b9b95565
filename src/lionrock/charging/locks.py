"""Who closes a month of a programme: one at a time, whoever was killed lets go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(programme: str) -> Iterator[None]:
    """Be the only one who closes a month of the programme; another waits. Who is killed lets go."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [programme])
    try:
        yield
    finally:
        _let_go(programme)


@contextmanager
def alone_if_free(programme: str) -> Iterator[bool]:
    """Be the only one where nobody closes at this moment, and say so; else say that somebody does."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [programme])
        [free] = cursor.fetchone() or [False]
    try:
        yield bool(free)
    finally:
        if free:
            _let_go(programme)


def _let_go(programme: str) -> None:
    # Where the connection is lost, so is the lock.
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute(_UNLOCK, [programme])


def is_at_work(programme: str) -> bool:
    """Tell whether anybody closes a month of the programme at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_LOCKED, [programme])
        return bool((cursor.fetchone() or (False,))[0])


_LOCK = "SELECT pg_advisory_lock(hashtextextended('lionrock.charging.close:' || %s, 0))"
_TRY = "SELECT pg_try_advisory_lock(hashtextextended('lionrock.charging.close:' || %s, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('lionrock.charging.close:' || %s, 0))"
_IS_LOCKED = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND ((classid::bigint << 32) | objid::bigint) = hashtextextended('lionrock.charging.close:' || %s, 0)
)
"""
