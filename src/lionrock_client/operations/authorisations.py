"""Authorisations: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked
from lionrock_client.documents import Items
from lionrock_client.operations.shared import AuthorisationShown


class ListedAuthorisationShown(TypedDict):
    """ListedAuthorisationShown."""

    items: list[AuthorisationShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class RecordAuthorisationAsked(TypedDict):
    """RecordAuthorisationAsked."""

    programme: str

    number: str

    kind: StatesKind

    chip: str

    quantity: int

    applied_on: str

    conditions: NotRequired[str]

    needs_statement: NotRequired[bool]


StatesKind: TypeAlias = "Literal['licence', 'exception_nac', 'exception_aca']"
"""What authorises: a licence, or an exception of which somebody was notified."""


class AuthorisationsPart(Part):
    """The operations below /api/v1/authorisations."""

    def record_authorisation(self, body: RecordAuthorisationAsked, *, key: str | None = None) -> AuthorisationShown:
        """Record that a licence was applied for, or that somebody was notified of the use of an exception.

        `quantity` is in chips. Takes the role office or compliance. Raises `Invalid` with all faults.

        Scope: `compliance`.
        """
        asked = Asked("POST", "authorisations", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("AuthorisationShown", self._connection.document(asked))

    def list_authorisations(self, *, limit: int | None = None, cursor: str | None = None) -> Items[AuthorisationShown]:
        """List licences and exceptions.

        Scope: `read`.
        """
        asked = Asked("GET", "authorisations", query={"limit": limit, "cursor": cursor})
        return self._items(asked)
