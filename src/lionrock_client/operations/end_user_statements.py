"""EndUserStatements: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked
from lionrock_client.documents import Items


class EndUserStatementShown(TypedDict):
    """What the end user of a site has signed: for which uses, from which day, up to which day."""

    site: str

    reference: str

    signed_by: str

    signed_on: str

    expires_on: str | None

    uses: str


class KeepStatementAsked(TypedDict):
    """KeepStatementAsked."""

    site: str

    reference: str

    signed_by: str

    signed_on: str

    expires_on: NotRequired[str | None]

    uses: str


class ListedEndUserStatementShown(TypedDict):
    """ListedEndUserStatementShown."""

    items: list[EndUserStatementShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class EndUserStatementsPart(Part):
    """The operations below /api/v1/end-user-statements."""

    def keep_statement(self, body: KeepStatementAsked, *, key: str | None = None) -> EndUserStatementShown:
        """Keep what the end user of a site has signed; orders for that site are looked at again.

        Takes the role office or compliance of the site's programme. Raises `Invalid` with all faults.

        Scope: `compliance`.
        """
        asked = Asked("POST", "end-user-statements", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("EndUserStatementShown", self._connection.document(asked))

    def list_end_user_statements(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[EndUserStatementShown]:
        """List end-user statements.

        Scope: `read`.
        """
        asked = Asked("GET", "end-user-statements", query={"limit": limit, "cursor": cursor})
        return self._items(asked)
