"""Clusters: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import Part
from lionrock_client.connection import Asked


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

    def list_clusters(self, *, limit: int | None = None, cursor: str | None = None) -> ListedClusterShown:
        """List the clusters whose limits one looks after.

        Scope: `read`.
        """
        asked = Asked("GET", "clusters", query={"limit": limit, "cursor": cursor})
        return cast("ListedClusterShown", self._connection.document(asked))
