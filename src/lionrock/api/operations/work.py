"""What was asked with `Prefer: respond-async`: how it stands, its answer once there is one, and letting it be."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from http import HTTPMethod

from pydantic import BaseModel, Field

from lionrock.api.actions import cancel_work
from lionrock.api.calls import Call, File, Nothing
from lionrock.api.cursors import Listed, Piece, piece_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.models import Work
from lionrock.api.queries import work, work_by_id
from lionrock.api.registry import Effect, operation
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message


class Standing(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WorkShown(BaseModel):
    """A request that is answered later."""

    id: str
    operation: str
    state: Standing
    asked_at: datetime
    began_at: datetime | None = Field(description="Of the last try, where one was killed.")
    ended_at: datetime | None
    status: int | None = Field(description="What it would have been answered with; its answer is under /answer.")


def work_shown(each: Work) -> WorkShown:
    """Return how a request stands."""
    return WorkShown(
        id=str(each.uid),
        operation=each.operation,
        state=_standing(each),
        asked_at=each.asked_at,
        began_at=each.began_at,
        ended_at=each.ended_at,
        status=each.status,
    )


def _standing(each: Work) -> Standing:
    if each.cancelled_at is not None:
        return Standing.CANCELLED
    if each.status is not None:
        return Standing.DONE if each.status < 400 else Standing.FAILED
    return Standing.RUNNING if each.began_at is not None else Standing.WAITING


@operation(HTTPMethod.GET, "work", Scope.READ, alone=True)
def list_work(call: Call[Piece, Nothing]) -> Listed[WorkShown]:
    """List one's requests that are answered later, of the last two days, the newest first."""
    return piece_of(work(call.actor), call.query, work_shown)


@operation(HTTPMethod.GET, "work/{id}", Scope.READ, alone=True)
def read_work(call: Call[Nothing, Nothing], id: str) -> WorkShown:  # noqa: A002 - as it is shown
    """Tell how a request stands that is answered later."""
    return work_shown(work_by_id(call.actor, id))


@operation(
    HTTPMethod.GET, "work/{id}/answer", Scope.READ, alone=True,
    produces=("application/json", "application/problem+json", "text/csv", "application/zip"),
)  # fmt: skip
def read_answer(call: Call[Nothing, Nothing], id: str) -> File:  # noqa: A002 - as it is shown
    """Hand out the answer of a request, or the problem that it ended with.

    It is of the type that the operation answers with, or a problem document; `status` of the request tells which.
    """
    found = work_by_id(call.actor, id)
    if found.answer is None:
        said = message(gettext_noop("There is no answer: it waits, runs, or was cancelled. Ask how it stands."))
        raise Conflict("api.work.no_answer", said)
    return File(bytes(found.answer), found.headers["Content-Type"])


@operation(HTTPMethod.POST, "work/{id}/cancel", Scope.READ, effect=Effect.TOGETHER, alone=True)
def cancel_work_(call: Call[Nothing, Nothing], id: str) -> WorkShown:  # noqa: A002 - as it is shown
    """Let a request be that waits; one that has begun goes on to its end."""
    return work_shown(cancel_work(actor=call.actor, id=id, now=call.now))
