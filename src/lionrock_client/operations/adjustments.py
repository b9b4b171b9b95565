"""Adjustments: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.documents import Items
from lionrock_client.operations.shared import AdjustmentShown


class ListedAdjustmentShown(TypedDict):
    """ListedAdjustmentShown."""

    items: list[AdjustmentShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class AdjustmentsPart(Part):
    """The operations below /api/v1/adjustments."""

    def list_adjustments(
        self, *, limit: int | None = None, cursor: str | None = None, programme: str | None = None
    ) -> Items[AdjustmentShown]:
        """List what was charged or credited by decision, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "adjustments", query={"limit": limit, "cursor": cursor, "programme": programme})
        return self._items(asked)
