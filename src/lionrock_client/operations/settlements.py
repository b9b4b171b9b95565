"""Settlements: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Any, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items


class ListedSettlementShown(TypedDict):
    """ListedSettlementShown."""

    items: list[SettlementShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class SettlePaperAsked(TypedDict):
    """SettlePaperAsked."""

    on: str

    reference: str


class SettledShown(TypedDict):
    """That a claim was paid by the scheme, or a remittance to its site; once, in full."""

    number: str | None

    on: str

    reference: str

    recorded_at: str

    recorded_by: str


class SettlementRead(TypedDict):
    """A claim or a remittance with its lines."""

    number: str

    kind: str

    programme: str

    to: str

    month: str

    issued_at: str

    currency: str

    amount: int

    lines: list[dict[str, Any]]


class SettlementShown(TypedDict):
    """A claim on the scheme, or what a site is owed; `amount` is minor units of `currency`."""

    number: str

    kind: str

    programme: str

    site: str

    month: str

    currency: str

    amount: int


class SettlementsPart(Part):
    """The operations below /api/v1/settlements."""

    def list_settlements(
        self, *, limit: int | None = None, cursor: str | None = None, programme: str | None = None
    ) -> Items[SettlementShown]:
        """List the claims and remittances that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "settlements", query={"limit": limit, "cursor": cursor, "programme": programme})
        return self._items(asked)

    def read_settlement(self, number: str) -> SettlementRead:
        """Show one claim or remittance with its lines.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("settlements/{number}", number=number))
        return cast("SettlementRead", self._connection.document(asked))

    def read_settlement_csv(self, number: str) -> Download:
        """Hand out the lines of a claim or remittance as CSV.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("settlements/{number}/csv", number=number))
        return self._connection.file(asked)

    def read_settlement_pdf(self, number: str) -> Download:
        """Hand out a claim or remittance as PDF, in the language of Accept-Language.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("settlements/{number}/pdf", number=number))
        return self._connection.file(asked)

    def settle_paper(self, number: str, body: SettlePaperAsked, *, key: str | None = None) -> SettledShown:
        """Record that a claim or a remittance was paid, in full, on a day. Takes the role finance.

        Raises `Invalid` for a day before it was issued or in the future or without a reference, `Conflict`
        when it was settled before, `Refused` when the day lies in a locked period.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("settlements/{number}/settle", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("SettledShown", self._connection.document(asked))
