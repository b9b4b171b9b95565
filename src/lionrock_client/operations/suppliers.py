"""Suppliers: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked
from lionrock_client.documents import Items


class ListedSupplierShown(TypedDict):
    """ListedSupplierShown."""

    items: list[SupplierShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class RegisterSupplierAsked(TypedDict):
    """RegisterSupplierAsked."""

    organisation: str

    country: str

    name: NotRequired[str]


class SupplierShown(TypedDict):
    """An organisation that sells; it is screened as every organisation on file is."""

    organisation: str | None

    country: str

    registered_at: str


class SuppliersPart(Part):
    """The operations below /api/v1/suppliers."""

    def register_supplier(self, body: RegisterSupplierAsked, *, key: str | None = None) -> SupplierShown:
        """Put an organisation on file as a supplier, and screen it; registered before, it is left as it is.

        With a name, an organisation that is not on file is put there first (which takes the office).
        Takes the role office or compliance of any programme. Raises `Invalid`, `NotFound`.

        Scope: `compliance`.
        """
        asked = Asked("POST", "suppliers", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("SupplierShown", self._connection.document(asked))

    def list_suppliers(self, *, limit: int | None = None, cursor: str | None = None) -> Items[SupplierShown]:
        """List the suppliers.

        Scope: `read`.
        """
        asked = Asked("GET", "suppliers", query={"limit": limit, "cursor": cursor})
        return self._items(asked)
