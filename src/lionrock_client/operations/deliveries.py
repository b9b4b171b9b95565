"""Deliveries: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import Part, keyed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import DeliveryShown


class ListedDeliveryShown(TypedDict):
    """ListedDeliveryShown."""

    items: list[DeliveryShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class DeliveriesPart(Part):
    """The operations below /api/v1/deliveries."""

    def list_deliveries(
        self, *, limit: int | None = None, cursor: str | None = None, webhook: int | None = None
    ) -> Items[DeliveryShown]:
        """List what one's webhooks were told, or are to be, the newest first.

        Scope: `webhooks`.
        """
        asked = Asked("GET", "deliveries", query={"limit": limit, "cursor": cursor, "webhook": webhook})
        return self._items(asked)

    def send_again(self, number: int, *, key: str | None = None) -> DeliveryShown:
        """Have a delivery sent again, under the same id.

        Scope: `webhooks`.
        """
        asked = Asked("POST", path_of("deliveries/{number}/again", number=number), headers=keyed(key))
        return cast("DeliveryShown", self._connection.document(asked))
