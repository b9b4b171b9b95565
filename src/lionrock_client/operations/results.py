"""Results: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.documents import Items
from lionrock_client.operations.shared import OutcomeShown


class ListedOutcomeShown(TypedDict):
    """ListedOutcomeShown."""

    items: list[OutcomeShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ResultsPart(Part):
    """The operations below /api/v1/results."""

    def list_results(
        self, *, limit: int | None = None, cursor: str | None = None, award: str | None = None, kind_: str | None = None
    ) -> Items[OutcomeShown]:
        """List the results of projects that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "results", query={"limit": limit, "cursor": cursor, "award": award, "kind": kind_})
        return self._items(asked)
