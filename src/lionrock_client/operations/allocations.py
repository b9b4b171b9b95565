"""Allocations: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.documents import Items


class AllocationShown(TypedDict):
    """The right to use so many device-seconds of an item."""

    award: str

    organisation: str

    item: str

    count: int

    device_seconds: int

    used: int

    remaining: int

    starts: str

    ends: str

    state: str


class ListedAllocationShown(TypedDict):
    """ListedAllocationShown."""

    items: list[AllocationShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class AllocationsPart(Part):
    """The operations below /api/v1/allocations."""

    def list_allocations(
        self, *, limit: int | None = None, cursor: str | None = None, award: str | None = None
    ) -> Items[AllocationShown]:
        """List the allocations under the awards that one may see, with what is used and left.

        Scope: `read`.
        """
        asked = Asked("GET", "allocations", query={"limit": limit, "cursor": cursor, "award": award})
        return self._items(asked)
