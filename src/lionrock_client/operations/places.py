"""Places: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked
from lionrock_client.documents import Items


class ListedPlaceShown(TypedDict):
    """ListedPlaceShown."""

    items: list[PlaceShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class PlaceShown(TypedDict):
    """Somewhere data of a programme may lie: a site where jobs run, or a vault, a partner, somebody's rooms."""

    code: str

    name: str

    programme: str

    site: str | None

    created_at: str


class SetPlaceAsked(TypedDict):
    """SetPlaceAsked."""

    programme: str

    code: str

    zone: str

    why: str

    name: NotRequired[str]

    partner: NotRequired[bool]

    abroad: NotRequired[bool]


class PlacesPart(Part):
    """The operations below /api/v1/places."""

    def set_place(self, body: SetPlaceAsked, *, key: str | None = None) -> PlaceShown:
        """Say in which zone a place lies, or say it anew; a site of the programme goes by its own code and name.

        Takes the role compliance, and a reason. `partner`: a partner runs it; `abroad`: it lies across the border of the
        programme. Raises `Invalid` with every fault, `Conflict` for a code that another programme has.

        Scope: `compliance`.
        """
        asked = Asked("POST", "places", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("PlaceShown", self._connection.document(asked))

    def list_places(self, *, limit: int | None = None, cursor: str | None = None) -> Items[PlaceShown]:
        """List the places where data lie, of programmes that one works for.

        Scope: `read`.
        """
        asked = Asked("GET", "places", query={"limit": limit, "cursor": cursor})
        return self._items(asked)
