"""Deputies: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import Part, keyed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import DeputyShown


class ListedDeputyShown(TypedDict):
    """ListedDeputyShown."""

    items: list[DeputyShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class DeputiesPart(Part):
    """The operations below /api/v1/deputies."""

    def list_deputies(
        self, *, limit: int | None = None, cursor: str | None = None, programme: str | None = None
    ) -> Items[DeputyShown]:
        """List who stands in for whom, now or later, as far as one has to do with it.

        Scope: `read`.
        """
        asked = Asked("GET", "deputies", query={"limit": limit, "cursor": cursor, "programme": programme})
        return self._items(asked)

    def end_deputyship(self, number: int, *, key: str | None = None) -> DeputyShown:
        """End a deputyship before its last day; the holder, the deputy and who names the staff may.

        Scope: `people`.
        """
        asked = Asked("POST", path_of("deputies/{number}/end", number=number), headers=keyed(key))
        return cast("DeputyShown", self._connection.document(asked))
