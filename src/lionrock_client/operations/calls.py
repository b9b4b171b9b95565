"""Calls: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items


class CallShown(TypedDict):
    """A call."""

    code: str

    programme: str

    state: str

    opens: str

    closes: str | None

    budget: str | None
    """Currency and amount; null where the fund alone is the limit."""

    title: str

    title_zh_hant: str

    title_zh_hans: str


class CreateCallAsked(TypedDict):
    """CreateCallAsked."""

    programme: str

    title: str

    opens: str

    closes: NotRequired[str | None]

    budget: NotRequired[str | None]

    title_zh_hant: NotRequired[str]

    title_zh_hans: NotRequired[str]


class ListedCallShown(TypedDict):
    """ListedCallShown."""

    items: list[CallShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class CallsPart(Part):
    """The operations below /api/v1/calls."""

    def list_calls(
        self, *, limit: int | None = None, cursor: str | None = None, programme: str | None = None
    ) -> Items[CallShown]:
        """List the calls that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "calls", query={"limit": limit, "cursor": cursor, "programme": programme})
        return self._items(asked)

    def create_call(self, body: CreateCallAsked, *, key: str | None = None) -> CallShown:
        """Prepare a call of a programme. `budget` is what its awards may commit together.

        Takes the role office. Raises `NotFound` for an unknown programme, `Invalid` for no title, a window
        that ends before it begins, or a budget that is negative or in another currency.

        Scope: `office`.
        """
        asked = Asked("POST", "calls", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("CallShown", self._connection.document(asked))

    def read_call(self, code: str) -> CallShown:
        """Show one call.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("calls/{code}", code=code))
        return cast("CallShown", self._connection.document(asked))

    def close_call(
        self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> CallShown:
        """Let a call take no more applications; those submitted stay and can be decided.

        Takes the role office. Raises `Conflict` when the call is not open.

        Scope: `office`.
        """
        asked = Asked("POST", path_of("calls/{code}/close", code=code), headers=keyed(key) | unchanged(read))
        return cast("CallShown", self._connection.document(asked))

    def open_call(self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None) -> CallShown:
        """Let a call take applications (within its window).

        Takes the role office. Raises `Refused` while the programme's owner has not set a value that a
        call needs, with one finding for each; `Conflict` when the call was opened before.

        Scope: `office`.
        """
        asked = Asked("POST", path_of("calls/{code}/open", code=code), headers=keyed(key) | unchanged(read))
        return cast("CallShown", self._connection.document(asked))
