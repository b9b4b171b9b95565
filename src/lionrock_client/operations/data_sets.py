"""DataSets: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items
from lionrock_client.operations.shared import DataSetShown, Printed


class AgreeTransferAsked(TypedDict):
    """AgreeTransferAsked."""

    source: str

    target: str

    effective: str

    instrument: NotRequired[str]

    prepared_on: NotRequired[str | None]


class ChangeZoneAsked(TypedDict):
    """ChangeZoneAsked."""

    zone: str

    why: str


class CustodyEventShown(TypedDict):
    """One link of a chain of custody, as `domain.chain.Event` has it; it seals the one before."""

    data_set: str

    number: int

    kind: str

    at: str

    by: str

    place: str

    source: str

    medium: str

    checksum: str

    witness: str

    zone: str

    note: str

    digest: str

    recorded_at: str


class ListedCustodyEventShown(TypedDict):
    """ListedCustodyEventShown."""

    items: list[CustodyEventShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedDataSetShown(TypedDict):
    """ListedDataSetShown."""

    items: list[DataSetShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedTransferShown(TypedDict):
    """ListedTransferShown."""

    items: list[TransferShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class RecordEventAsked(TypedDict):
    """RecordEventAsked."""

    kind: str

    place: str

    at: str

    medium: NotRequired[str]

    checksum: NotRequired[str]

    source: NotRequired[str]

    witness: NotRequired[str]

    note: NotRequired[str]


class TransferShown(TypedDict):
    """That data may go from one place to another under an instrument, and by which findings."""

    number: int

    data_set: str

    source: str

    target: str

    instrument: str

    effective: str

    prepared_on: str | None

    findings: Any

    agreed_at: str

    agreed_by: str


class DataSetsPart(Part):
    """The operations below /api/v1/data-sets."""

    def list_data_sets(self, *, limit: int | None = None, cursor: str | None = None) -> Items[DataSetShown]:
        """List the sets of data that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "data-sets", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def read_data_set(self, code: str) -> DataSetShown:
        """Show a set of data.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("data-sets/{code}", code=code))
        return cast("DataSetShown", self._connection.document(asked))

    def read_certificate(self, code: str) -> Printed:
        """Show the certificate of deletion; there is none while a copy lies anywhere.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("data-sets/{code}/certificate", code=code))
        return cast("Printed", self._connection.document(asked))

    def read_certificate_pdf(
        self, code: str, *, language: Literal["en", "zh-hant", "zh-hans"] | None = None
    ) -> Download:
        """Hand out the certificate of deletion as PDF.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("data-sets/{code}/certificate/pdf", code=code), query={"language": language})
        return self._connection.file(asked)

    def record_event(
        self, code: str, body: RecordEventAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> CustodyEventShown:
        """Append one event to the chain: `kind` is arrived, copied, checked or deleted.

        Takes the role cluster_admin or compliance. Raises `Invalid` with every fault, `Refused` with the finding when the
        data may not lie at that place, or cross a border without an agreed transfer. A checksum that differs from the
        arrival's is kept, and compliance is told at once.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("data-sets/{code}/events", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("CustodyEventShown", self._connection.document(asked))

    def list_custody_events(
        self, code: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[CustodyEventShown]:
        """List what happened to a set of data, the latest first; each seals the one before.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("data-sets/{code}/events", code=code), query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def agree_transfer(
        self,
        code: str,
        body: AgreeTransferAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> TransferShown:
        """Agree that data go from one place to another; what has to be filed, and by when, follows from the instrument.

        Takes the role compliance. Days are those of the programme's zone and calendar of holidays. Raises `Refused` with
        the findings: zone, instrument, what has to be done before.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("data-sets/{code}/transfers", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("TransferShown", self._connection.document(asked))

    def list_transfers(self, code: str, *, limit: int | None = None, cursor: str | None = None) -> Items[TransferShown]:
        """List the transfers of a set of data that were agreed.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("data-sets/{code}/transfers", code=code), query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def change_zone(
        self, code: str, body: ChangeZoneAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> CustodyEventShown:
        """Declare another zone for a data set, which is an event of its chain; takes the role compliance, and a reason.

        Raises `Invalid`. Copies that the new zone would not allow where they lie stay, and are shown as being out of place.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("data-sets/{code}/zone", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("CustodyEventShown", self._connection.document(asked))
