"""Holds: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of


class AnswerReleaseAsked(TypedDict):
    """AnswerReleaseAsked."""

    agree: bool

    reason: str


class AskReleaseAsked(TypedDict):
    """AskReleaseAsked."""

    reason: str


class HoldShown(TypedDict):
    """One reason that holds an order, or held it: why, in which words, and how that ended."""

    number: int

    order: str

    line: int

    why: str

    basis: str

    state: str

    since: str

    state_since: str


class HoldsPart(Part):
    """The operations below /api/v1/holds."""

    def answer_release(self, number: int, body: AnswerReleaseAsked, *, key: str | None = None) -> HoldShown:
        """Agree to release what holds an order, which then goes on, or refuse it.

        Takes the role compliance, and a reason. Raises `Refused` (supply.hold.four_eyes) for who placed the
        order and, to agree, for who asked; `Conflict` when nobody has asked.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("holds/{number}/answer", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("HoldShown", self._connection.document(asked))

    def ask_release(self, number: int, body: AskReleaseAsked, *, key: str | None = None) -> HoldShown:
        """Ask to release what holds an order: the first pair of eyes. It stays held until a second person agrees.

        Takes the role compliance, and a reason; not who placed the order. Raises `Refused` for a supplier
        who may be on a list: two persons clear that in screening.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("holds/{number}/release", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("HoldShown", self._connection.document(asked))
