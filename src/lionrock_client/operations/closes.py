"""Closes: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.operations.shared import Rows


class AskCloseAsked(TypedDict):
    """AskCloseAsked."""

    month: str
    """Such as 2026-03."""


class CloseAsked(TypedDict):
    """The close of a large month that is under way; it goes when the month is closed, and is nothing in the books."""

    programme: str

    month: str

    begun_at: str

    begun_by: str

    for_worker: bool

    stopped_by: str


class ClosesPart(Part):
    """The operations below /api/v1/closes."""

    def list_closes_under_way(self) -> Rows:
        """Tell how far the closes of large months are.

        Scope: `read`.
        """
        asked = Asked("GET", "closes/under-way")
        return cast("Rows", self._connection.document(asked))

    def ask_close(self, programme: str, body: AskCloseAsked, *, key: str | None = None) -> CloseAsked:
        """Ask for the close of a month, which the worker then does; takes the role finance.

        What the month consists of is settled now: what arrives later is a correction. Asked again while it rests or
        could not be closed, it goes on where it stopped. Whoever asks is told how it ends.

        Raises `Conflict` when the month, or a later one, is closed already, or a close of the programme is at work,
        and `Refused` when the month has not ended.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("closes/under-way/{programme}", programme=programme),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("CloseAsked", self._connection.document(asked))

    def stop_close(self, programme: str, *, key: str | None = None) -> CloseAsked:
        """Let a close rest that is under way, whoever is at it; takes the role finance. What is rated is kept.

        Raises `Conflict` when there is none, or it is closed by now.

        Scope: `money`.
        """
        asked = Asked("POST", path_of("closes/under-way/{programme}/stop", programme=programme), headers=keyed(key))
        return cast("CloseAsked", self._connection.document(asked))
