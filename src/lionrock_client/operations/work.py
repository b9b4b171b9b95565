"""Work: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict, cast

from lionrock_client.calling import Part, keyed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items


class ListedWorkShown(TypedDict):
    """ListedWorkShown."""

    items: list[WorkShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


Standing: TypeAlias = "Literal['waiting', 'running', 'done', 'failed', 'cancelled']"
"""How far it is."""


class WorkShown(TypedDict):
    """A request that is answered later."""

    id: str

    operation: str

    state: Standing

    asked_at: str

    began_at: str | None
    """Of the last try, where one was killed."""

    ended_at: str | None

    status: int | None
    """What it would have been answered with; its answer is under /answer."""


class WorkPart(Part):
    """The operations below /api/v1/work."""

    def list_work(self, *, limit: int | None = None, cursor: str | None = None) -> Items[WorkShown]:
        """List one's requests that are answered later, of the last two days, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "work", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def read_work(self, id: str) -> WorkShown:
        """Tell how a request stands that is answered later.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("work/{id}", id=id))
        return cast("WorkShown", self._connection.document(asked))

    def read_answer(self, id: str) -> Download:
        """Hand out the answer of a request, or the problem that it ended with.

        It is of the type that the operation answers with, or a problem document; `status` of the request tells which.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("work/{id}/answer", id=id))
        return self._connection.file(asked)

    def cancel_work(self, id: str, *, key: str | None = None) -> WorkShown:
        """Let a request be that waits; one that has begun goes on to its end.

        Scope: `read`.
        """
        asked = Asked("POST", path_of("work/{id}/cancel", id=id), headers=keyed(key))
        return cast("WorkShown", self._connection.document(asked))
