"""Equipment: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.operations.shared import EquipmentShown


class CommissionEquipmentAsked(TypedDict):
    """CommissionEquipmentAsked."""

    site: str

    chip: str

    chips: int

    since: str

    note: str


class RetireEquipmentAsked(TypedDict):
    """RetireEquipmentAsked."""

    chips: int

    on: str

    reason: str


class RetirementShown(TypedDict):
    """So many chips of an equipment run no more from a day on."""

    equipment: int

    chips: int

    on: str

    reason: str

    recorded_at: str


class EquipmentPart(Part):
    """The operations below /api/v1/equipment."""

    def commission_equipment(self, body: CommissionEquipmentAsked, *, key: str | None = None) -> EquipmentShown:
        """Record what runs at a site that no order here has brought.

        Takes the role cluster_admin of the site's programme. Raises `Invalid` with all faults.

        Scope: `compliance`.
        """
        asked = Asked("POST", "equipment", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("EquipmentShown", self._connection.document(asked))

    def retire_equipment(self, number: int, body: RetireEquipmentAsked, *, key: str | None = None) -> RetirementShown:
        """Take chips out of operation from a day on, which may be to come.

        Takes the role cluster_admin, and a reason. Raises `Invalid` for more than run, or a day before they did.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("equipment/{number}/retire", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("RetirementShown", self._connection.document(asked))
