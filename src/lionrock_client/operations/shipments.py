"""Shipments: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.operations.shared import EquipmentShown, ShipmentShown


class CommissionShipmentAsked(TypedDict):
    """CommissionShipmentAsked."""

    units: int

    since: str


class EndShipmentAsked(TypedDict):
    """EndShipmentAsked."""

    arrived: bool

    on: str


class ShipmentsPart(Part):
    """The operations below /api/v1/shipments."""

    def commission_shipment(
        self, number: int, body: CommissionShipmentAsked, *, key: str | None = None
    ) -> EquipmentShown:
        """Put units of a shipment that has come into operation: from that day they count as certain.

        Takes the role cluster_admin. Raises `Refused` while the line is held, `Conflict` for what has not
        come, `Invalid` for more units than have come, or a day to come.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("shipments/{number}/commission", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("EquipmentShown", self._connection.document(asked))

    def end_shipment(self, number: int, body: EndShipmentAsked, *, key: str | None = None) -> ShipmentShown:
        """Record that a shipment has come, or is lost: what is lost is still to come, and stands as at risk.

        Takes the role office or compliance. Raises `Invalid` for a day to come or before it was sent,
        `Conflict` for a shipment that has ended.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("shipments/{number}/end", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ShipmentShown", self._connection.document(asked))
