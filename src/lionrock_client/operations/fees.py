"""Fees: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.documents import Items
from lionrock_client.operations.shared import FeeShown


class ListedFeeShown(TypedDict):
    """ListedFeeShown."""

    items: list[FeeShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class FeesPart(Part):
    """The operations below /api/v1/fees."""

    def list_fees(
        self, *, limit: int | None = None, cursor: str | None = None, programme: str | None = None
    ) -> Items[FeeShown]:
        """List the fees that were decided to be shared, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "fees", query={"limit": limit, "cursor": cursor, "programme": programme})
        return self._items(asked)
