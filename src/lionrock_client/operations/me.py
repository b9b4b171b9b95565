"""Me: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import Part
from lionrock_client.connection import Asked


class Held(TypedDict):
    """One role, for one programme or one organisation."""

    role: str

    programme: str | None

    organisation: str | None


class Me(TypedDict):
    """The person whose token this is, with what the token may."""

    email: str

    name: str

    language: str

    roles: list[Held]


class MePart(Part):
    """The operations below /api/v1/me."""

    def read_me(self) -> Me:
        """Tell who one is, and with which roles this token acts.

        Scope: `read`.
        """
        asked = Asked("GET", "me")
        return cast("Me", self._connection.document(asked))
