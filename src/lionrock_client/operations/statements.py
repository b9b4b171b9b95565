"""Statements: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Any, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items
from lionrock_client.operations.shared import WriteOffShown


class AwardPaid(TypedDict):
    """What an award paid, and what was left of it then."""

    award: str

    subsidy: int

    left: int | None


class DocumentShown(TypedDict):
    """An invoice or a credit note; amounts are minor units of `currency`."""

    number: str

    kind: str

    programme: str

    organisation: str

    month: str

    currency: str

    gross: int

    subsidy: int

    user: int


class Explained(TypedDict):
    """A line, down to the runs, the price, the share and what limited it."""

    number: str

    line: int

    organisation: str

    month: str

    what: dict[str, Any]

    steps: list[dict[str, Any]]

    agrees: bool
    """That reckoning anew comes to what was billed."""

    runs: list[dict[str, Any]]

    billed_before: list[dict[str, Any]]


class LineShown(TypedDict):
    """A line of a statement."""

    kind: str

    what: str

    site: str

    quantity: str | None

    unit: str

    unit_price: str | None

    price_from: str | None

    corrects: str | None

    reason: str

    gross: int

    subsidy: int

    user: int

    subsidy_by_award: dict[str, int]


class ListedDocumentShown(TypedDict):
    """ListedDocumentShown."""

    items: list[DocumentShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class StatementShown(TypedDict):
    """A statement with its lines."""

    number: str

    kind: str

    programme: str

    organisation: str

    month: str

    currency: str

    gross: int

    subsidy: int

    user: int

    organisation_name: str

    issued_at: str

    lines: list[LineShown]

    awards: list[AwardPaid]


class WriteOffAsked(TypedDict):
    """WriteOffAsked."""

    amount: str
    """In the currency of the programme."""

    reason: str


class StatementsPart(Part):
    """The operations below /api/v1/statements."""

    def list_statements(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        programme: str | None = None,
        month: str | None = None,
        organisation: str | None = None,
    ) -> Items[DocumentShown]:
        """List the statements that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            "statements",
            query={
                "limit": limit,
                "cursor": cursor,
                "programme": programme,
                "month": month,
                "organisation": organisation,
            },
        )
        return self._items(asked)

    def read_statement(self, number: str) -> StatementShown:
        """Show one statement with its lines.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("statements/{number}", number=number))
        return cast("StatementShown", self._connection.document(asked))

    def read_statement_csv(self, number: str) -> Download:
        """Hand out the lines of a statement as CSV.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("statements/{number}/csv", number=number))
        return self._connection.file(asked)

    def explain_line(self, number: str, position: int) -> Explained:
        """Explain a line of a statement, down to the runs, the price, the share and what limited it.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("statements/{number}/lines/{position}", number=number, position=position))
        return cast("Explained", self._connection.document(asked))

    def read_statement_pdf(self, number: str) -> Download:
        """Hand out a statement as PDF, in the language of Accept-Language.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("statements/{number}/pdf", number=number))
        return self._connection.file(asked)

    def write_off(self, number: str, body: WriteOffAsked, *, key: str | None = None) -> WriteOffShown:
        """Ask to write off an amount of an invoice; where one person is enough, it is booked at once.

        Takes the role finance. All that was asked of one invoice counts together, so that no limit is
        passed in slices. Raises `Invalid` for an amount beyond what is open or without a reason, `Refused`
        where the programme lets nobody write off so much, or has not said who may.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("statements/{number}/write-off", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("WriteOffShown", self._connection.document(asked))
