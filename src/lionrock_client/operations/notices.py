"""Notices: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import Done


class ChooseWishesAsked(TypedDict):
    """ChooseWishesAsked."""

    pace: str

    hour: int


class ListedNoticeShown(TypedDict):
    """ListedNoticeShown."""

    items: list[NoticeShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class NoticeShown(TypedDict):
    """One thing that one person is told: the sentence as template and fields, and what it is about."""

    number: int

    kind: str

    code: str

    at: str

    urgent: bool

    read_at: str | None

    said: str


class WishesShown(TypedDict):
    """How one person wants e-mail; who has said nothing gets it at once."""

    pace: str

    hour: int


class NoticesPart(Part):
    """The operations below /api/v1/notices."""

    def list_notices(self, *, limit: int | None = None, cursor: str | None = None) -> Items[NoticeShown]:
        """List what one was told, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "notices", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def mark_all_read(self, *, key: str | None = None) -> Done:
        """Mark all that one was told as read.

        Scope: `people`.
        """
        asked = Asked("POST", "notices/read", headers=keyed(key))
        return cast("Done", self._connection.document(asked))

    def choose_wishes(self, body: ChooseWishesAsked, *, key: str | None = None) -> WishesShown:
        """Choose when mail comes: at once, daily at an hour, or never.

        Scope: `people`.
        """
        asked = Asked("POST", "notices/wishes", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("WishesShown", self._connection.document(asked))

    def mark_one(self, number: int, *, key: str | None = None) -> Done:
        """Mark one notice as read.

        Scope: `people`.
        """
        asked = Asked("POST", path_of("notices/{number}/read", number=number), headers=keyed(key))
        return cast("Done", self._connection.document(asked))
