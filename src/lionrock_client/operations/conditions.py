"""Conditions: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.documents import Items
from lionrock_client.operations.shared import ConditionShown


class ListedConditionShown(TypedDict):
    """ListedConditionShown."""

    items: list[ConditionShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ConditionsPart(Part):
    """The operations below /api/v1/conditions."""

    def list_conditions(self, *, limit: int | None = None, cursor: str | None = None) -> Items[ConditionShown]:
        """List the conditions that are not met, of applications that one may see.

        Scope: `read`.
        """
        asked = Asked("GET", "conditions", query={"limit": limit, "cursor": cursor})
        return self._items(asked)
