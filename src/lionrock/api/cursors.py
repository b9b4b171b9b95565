"""Long lists in pieces: a cursor says behind which row to go on, so that new rows move nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from django.db.models import Model, QuerySet
from pydantic import BaseModel, Field

from lionrock.api.calls import Given
from lionrock.api.problems import invalid
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message

MOST: Final = 1000
_LARGEST: Final = 2**63 - 1

Row = TypeVar("Row", bound=Model)
Shown = TypeVar("Shown", bound=BaseModel)


class Piece(Given):
    """Which piece of a list is asked for."""

    limit: int = Field(25, ge=1, le=MOST, description="So many at most.")
    cursor: str = Field("", max_length=100, description="`next` of the piece before; empty for the first.")


class Listed(BaseModel, Generic[Shown]):
    """A piece of a list, the newest first."""

    items: list[Shown]
    next: str | None = Field(description="The cursor of the next piece; null behind the last.")


def piece_of(rows: QuerySet[Row], asked: Piece, show: Callable[[Row], Shown]) -> Listed[Shown]:
    """Return one piece of the rows, in the order in which they were put on file, the latest first.

    Raises `Invalid` for a cursor that none of our answers held.
    """
    found = rows.order_by("-pk")
    if asked.cursor:
        found = found.filter(pk__lt=_read(asked.cursor))
    taken: Sequence[Row] = list(found[: asked.limit + 1])
    shown = taken[: asked.limit]
    return Listed(
        items=[show(each) for each in shown], next=_written(shown[-1].pk) if len(taken) > asked.limit else None
    )


def _written(key: int) -> str:
    return base64.urlsafe_b64encode(f"after:{key}".encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        word, _, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(":")
    except (binascii.Error, ValueError):
        raise _no_cursor(cursor) from None
    if word != "after" or not (key.isascii() and key.isdigit()) or int(key) > _LARGEST:
        raise _no_cursor(cursor)
    return int(key)


def _no_cursor(cursor: str) -> Invalid:
    said = message(
        gettext_noop("“{value}” is no cursor of this list. Take `next` of an answer as it is, or leave it out."),
        value=cursor,
    )
    return invalid("api.list.cursor", said, "cursor", cursor)
