"""What the generated operations are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from lionrock_client.connection import Asked, Connection, new_key
from lionrock_client.documents import Document, Items, tag_of

JSON: Final = "application/json"


class Part:
    """Base of the parts of the API: what their operations share."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _items(self, asked: Asked) -> Items[Any]:
        def piece(cursor: str) -> Document:
            return self._connection.document(replace(asked, query={**asked.query, "cursor": cursor or None}))

        return Items(piece, asked.query.get("cursor") or "")


def json_of(body: Mapping[str, Any]) -> bytes:
    """Return what is sent as JSON."""
    return json.dumps(body, ensure_ascii=False).encode()


def keyed(key: str | None) -> dict[str, str]:
    """Return the header by which a write is done once, under a new key unless one is given."""
    return {"Idempotency-Key": key or new_key()}


def typed(kind: str) -> dict[str, str]:
    """Return the header that says what is sent."""
    return {"Content-Type": kind}


def unchanged(read: Mapping[str, Any] | str | None) -> dict[str, str]:
    """Return the header by which a change is made only of what was read."""
    return {} if read is None else {"If-Match": tag_of(read)}
