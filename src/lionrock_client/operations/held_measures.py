"""HeldMeasures: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.documents import Items


class HeldMeasure(TypedDict):
    """A row of the accounting that cannot be counted or charged: why, and its text. It goes when it can be."""

    number: int

    site: str

    key: str

    job: str

    code: str

    raw: str

    since: str

    seen_at: str


class ListedHeldMeasure(TypedDict):
    """ListedHeldMeasure."""

    items: list[HeldMeasure]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class HeldMeasuresPart(Part):
    """The operations below /api/v1/held-measures."""

    def list_held_measures(
        self, *, limit: int | None = None, cursor: str | None = None, site: str | None = None
    ) -> Items[HeldMeasure]:
        """List what was measured and could not be taken in.

        Scope: `read`.
        """
        asked = Asked("GET", "held-measures", query={"limit": limit, "cursor": cursor, "site": site})
        return self._items(asked)
