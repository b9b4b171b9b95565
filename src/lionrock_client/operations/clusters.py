"""Clusters: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.documents import Items


class ClusterShown(TypedDict):
    """A place where a programme's jobs run, and the driver that speaks to it."""

    code: str

    name: str

    programme: str

    seen_at: str | None


class ListedClusterShown(TypedDict):
    """ListedClusterShown."""

    items: list[ClusterShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ClustersPart(Part):
    """The operations below /api/v1/clusters."""

    def list_clusters(self, *, limit: int | None = None, cursor: str | None = None) -> Items[ClusterShown]:
        """List the clusters whose limits one looks after.

        Scope: `read`.
        """
        asked = Asked("GET", "clusters", query={"limit": limit, "cursor": cursor})
        return self._items(asked)
