"""WriteOffs: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.operations.shared import WriteOffShown


class RefuseWriteOffAsked(TypedDict):
    """RefuseWriteOffAsked."""

    reason: str


class WriteOffsPart(Part):
    """The operations below /api/v1/write-offs."""

    def agree_to_write_off(self, number: int, *, key: str | None = None) -> WriteOffShown:
        """Agree to a write-off, which books it. Takes another person than who asked, with the authority it needs.

        Raises `Refused` for who asked, `Conflict` when it was answered, or so much is no longer open.

        Scope: `money`.
        """
        asked = Asked("POST", path_of("write-offs/{number}/agree", number=number), headers=keyed(key))
        return cast("WriteOffShown", self._connection.document(asked))

    def refuse_write_off(self, number: int, body: RefuseWriteOffAsked, *, key: str | None = None) -> WriteOffShown:
        """Refuse a write-off, or take back what one has asked; takes the role finance or chair, and a reason.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("write-offs/{number}/refuse", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("WriteOffShown", self._connection.document(asked))
