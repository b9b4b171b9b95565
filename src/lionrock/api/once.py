"""Requests that are repeated: the same key and content get the same answer, whatever was killed in between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from lionrock.api.models import KeptAnswer, Work
from lionrock.api.problems import invalid
from lionrock.api.sending import Answer
from lionrock.kernel.errors import Conflict, Invalid, LionrockError
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.models import Person

HEADER: Final = "Idempotency-Key"
KEPT_FOR: Final = timedelta(hours=48)
_KEY: Final = re.compile(r"[!-~]{1,200}")
AGAIN_HEADER: Final = "Idempotent-Replayed"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it is known again: whose, under which key, with which content."""

    person: Person
    key: str
    digest: str
    now: datetime


def read_key(header: str | None) -> str:
    """Return the key of a write; raises `Invalid` without one, or with one that is none."""
    if header is None:
        said = message(
            gettext_noop(
                "This write has no {field}. Send a new random one with each new write, and the same one when you "
                "repeat it: it is done once."
            ),
            field=HEADER,
        )
        raise invalid("api.once.no_key", said, HEADER)
    if not _KEY.fullmatch(header):
        said = message(
            gettext_noop("{field} takes 1 to 200 printable signs without spaces, such as a UUID."), field=HEADER
        )
        raise invalid("api.once.key", said, HEADER, header)
    return header


@transaction.atomic
def done_together(asked: Request, act: Callable[[], Answer]) -> Answer:
    """Do it and keep the answer, in one transaction, unless it was done; two at once are one after the other.

    An error undoes the key too: the same request may be tried again when things stand otherwise.
    """
    kept, fresh = _claim(asked)
    if not fresh:
        return _again(kept, asked)
    answer = act()
    _keep(kept, answer)
    return answer


def done_apart(asked: Request, act: Callable[[], Answer]) -> Answer:
    """Do what makes its own transactions, and keep the answer behind it.

    Killed in between, the same request does it again: only what may be done twice is done so. Raises
    `Conflict` while another process is at it.
    """
    kept, _ = _claim(asked)
    with _alone(kept.pk) as free:
        if not free:
            said = message(gettext_noop("The same request is under way. Send it again in a few seconds."))
            raise Conflict("api.once.under_way", said)
        kept = KeptAnswer.objects.filter(pk=kept.pk).first() or _claim(asked)[0]
        if kept.status or kept.digest != asked.digest:
            return _again(kept, asked)
        try:
            answer = act()
        except LionrockError:
            KeptAnswer.objects.filter(pk=kept.pk).delete()
            raise
        _keep(kept, answer)
        return answer


def _claim(asked: Request) -> tuple[KeptAnswer, bool]:
    return KeptAnswer.objects.get_or_create(
        person=asked.person, key=asked.key, defaults={"digest": asked.digest, "at": asked.now}
    )


def _keep(kept: KeptAnswer, answer: Answer) -> None:
    kept.status, kept.headers, kept.body = answer.status, answer.headers, answer.body
    kept.save(update_fields=["status", "headers", "body"])


def _again(kept: KeptAnswer, asked: Request) -> Answer:
    if kept.digest != asked.digest:
        raise _other_content(asked)
    return Answer(kept.status, bytes(kept.body), {**kept.headers, AGAIN_HEADER: "true"})


def _other_content(asked: Request) -> Invalid:
    said = message(
        gettext_noop("{field} “{value}” was used for another request. Take a new one for each new write."),
        field=HEADER,
        value=asked.key,
    )
    return invalid("api.once.other_content", said, HEADER, asked.key)


@contextmanager
def _alone(number: int) -> Iterator[bool]:
    """Say whether no other process does this request; the lock goes with our session when we die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('lionrock api'), %s)", [number % 2**31])
        [free] = cursor.fetchone() or [False]
        try:
            yield bool(free)
        finally:
            if free and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(hashtext('lionrock api'), %s)", [number % 2**31])


def forget_answers(now: datetime) -> int:
    """Forget the answers that nobody asks for again, soon or later; a row of config/due.py. Return how many."""
    Work.objects.filter(ended_at__lt=now - KEPT_FOR).delete()
    count, _ = KeptAnswer.objects.filter(at__lt=now - KEPT_FOR).delete()
    return count
