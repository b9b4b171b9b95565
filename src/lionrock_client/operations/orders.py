"""Orders: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import AmountIn, OrderShown, Printed, ShipmentShown


class AnnounceShipmentAsked(TypedDict):
    """AnnounceShipmentAsked."""

    line: int

    units: int

    reference: str

    sent_on: str

    expected_on: str


class CancelOrderAsked(TypedDict):
    """CancelOrderAsked."""

    reason: str


class CoverLineAsked(TypedDict):
    """CoverLineAsked."""

    number: str


class ListedOrderShown(TypedDict):
    """ListedOrderShown."""

    items: list[OrderShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class MoveDeliveryAsked(TypedDict):
    """MoveDeliveryAsked."""

    due: str

    reason: str


class OrderLineShown(TypedDict):
    """So many units of a chip (or of a server with so many of it) for a site; the price of a unit in minor units."""

    order: str

    position: int

    chip: str

    chips_per_unit: int

    units: int

    site: str

    promised: str

    due: str

    authorisation: str | None


class PlaceOrderAsked(TypedDict):
    """PlaceOrderAsked."""

    draft: SupplyOrderDraftAsked


class SupplyLineDraftAsked(TypedDict):
    """SupplyLineDraftAsked."""

    chip: str

    units: int

    price: AmountIn

    site: str

    due: str

    chips_per_unit: NotRequired[int]


class SupplyOrderDraftAsked(TypedDict):
    """SupplyOrderDraftAsked."""

    supplier: str

    reference: str

    destination: str

    exporting_from: str

    headquarters: str

    lines: list[SupplyLineDraftAsked]

    uses: NotRequired[list[str]]


class OrdersPart(Part):
    """The operations below /api/v1/orders."""

    def list_orders(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        programme: str | None = None,
        state: str | None = None,
    ) -> Items[OrderShown]:
        """List the orders that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "orders", query={"limit": limit, "cursor": cursor, "programme": programme, "state": state})
        return self._items(asked)

    def place_order(self, body: PlaceOrderAsked, *, key: str | None = None) -> OrderShown:
        """Place an order; it is held at once where screening or a control says so, and never refused for that.

        Takes the role office or compliance. Raises `Invalid` with all its faults.

        Scope: `compliance`.
        """
        asked = Asked("POST", "orders", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("OrderShown", self._connection.document(asked))

    def read_order(self, code: str) -> Printed:
        """Show an order: its lines, what was determined of them, what holds it, its shipments.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("orders/{code}", code=code))
        return cast("Printed", self._connection.document(asked))

    def cancel_order(
        self, code: str, body: CancelOrderAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> OrderShown:
        """Cancel what has not come of an order; what it held of licences is free for others.

        Takes the role office or compliance, and a reason. Raises `Conflict` for an order that is over.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("orders/{code}/cancel", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("OrderShown", self._connection.document(asked))

    def cover_line(self, code: str, position: int, body: CoverLineAsked, *, key: str | None = None) -> OrderLineShown:
        """Say by which authorisation a line is to be shipped; an empty number takes it away.

        Lines are served in the order in which they were covered. Takes the role office or compliance.
        Raises `Invalid` for an authorisation of another chip.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("orders/{code}/lines/{position}/cover", code=code, position=position),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("OrderLineShown", self._connection.document(asked))

    def move_delivery(
        self, code: str, position: int, body: MoveDeliveryAsked, *, key: str | None = None
    ) -> OrderLineShown:
        """Plan a line for another day; the rules are asked again for that day, and both answers stay.

        Takes the role office or compliance, and a reason. Raises `Conflict` for an order that is over.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("orders/{code}/lines/{position}/move", code=code, position=position),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("OrderLineShown", self._connection.document(asked))

    def announce_shipment(
        self,
        code: str,
        body: AnnounceShipmentAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ShipmentShown:
        """Record a shipment of a line, or of a part of it; while its line is held it waits, and is not refused.

        Takes the role office or compliance. Raises `Invalid` for more than is still to come.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("orders/{code}/shipments", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ShipmentShown", self._connection.document(asked))
