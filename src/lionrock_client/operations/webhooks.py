"""Webhooks: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import DeliveryShown, Topic


class Changed(TypedDict):
    """What is to be other; what is left out stays."""

    url: NotRequired[str | None]

    topics: NotRequired[list[Topic] | None]


class Keys(TypedDict):
    """The keys that sign now, the newest first."""

    keys: list[str]


class ListedWebhookShown(TypedDict):
    """ListedWebhookShown."""

    items: list[WebhookShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class Registered(TypedDict):
    """A new webhook."""

    url: str
    """Begins with https://."""

    topics: list[Topic]


class WebhookShown(TypedDict):
    """An address that is told what happens."""

    number: int

    url: str

    topics: list[Topic]

    created_at: str

    ended_at: str | None

    old_key_until: str | None
    """Until then the key before the newest signs, too."""


class WebhooksPart(Part):
    """The operations below /api/v1/webhooks."""

    def list_webhooks(self, *, limit: int | None = None, cursor: str | None = None) -> Items[WebhookShown]:
        """List one's own webhooks, the newest first.

        Scope: `webhooks`.
        """
        asked = Asked("GET", "webhooks", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def register_webhook(self, body: Registered, *, key: str | None = None) -> WebhookShown:
        """Let an address be told what happens, as far as one may see it oneself.

        Scope: `webhooks`.
        """
        asked = Asked("POST", "webhooks", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("WebhookShown", self._connection.document(asked))

    def read_webhook(self, number: int) -> WebhookShown:
        """Show one of one's webhooks.

        Scope: `webhooks`.
        """
        asked = Asked("GET", path_of("webhooks/{number}", number=number))
        return cast("WebhookShown", self._connection.document(asked))

    def change_webhook(
        self, number: int, body: Changed, *, read: Mapping[str, Any] | str, key: str | None = None
    ) -> WebhookShown:
        """Give a webhook another address, or other topics.

        Scope: `webhooks`.
        """
        asked = Asked(
            "PATCH",
            path_of("webhooks/{number}", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("WebhookShown", self._connection.document(asked))

    def end_webhook(self, number: int, *, read: Mapping[str, Any] | str, key: str | None = None) -> WebhookShown:
        """Tell an address nothing any more.

        Scope: `webhooks`.
        """
        asked = Asked("DELETE", path_of("webhooks/{number}", number=number), headers=keyed(key) | unchanged(read))
        return cast("WebhookShown", self._connection.document(asked))

    def read_keys(self, number: int) -> Keys:
        """Show the keys that sign what a webhook is told.

        Scope: `webhooks`.
        """
        asked = Asked("GET", path_of("webhooks/{number}/keys", number=number))
        return cast("Keys", self._connection.document(asked))

    def change_key(self, number: int, *, key: str | None = None) -> WebhookShown:
        """Sign with a new key, and for a day with the old one too; read the keys afterwards.

        Scope: `webhooks`.
        """
        asked = Asked("POST", path_of("webhooks/{number}/keys", number=number), headers=keyed(key))
        return cast("WebhookShown", self._connection.document(asked))

    def try_webhook(self, number: int, *, key: str | None = None) -> DeliveryShown:
        """Put a trial on its way.

        Scope: `webhooks`.
        """
        asked = Asked("POST", path_of("webhooks/{number}/trial", number=number), headers=keyed(key))
        return cast("DeliveryShown", self._connection.document(asked))
