"""HeldPayments: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of


class DropHeldRowAsked(TypedDict):
    """DropHeldRowAsked."""

    reason: str


class HeldPaymentDropped(TypedDict):
    """A row of a bank statement that could not be taken, with its first fault; a better file, or a hand, removes it."""

    programme: str

    file: str

    line: int

    raw: str


class HeldPaymentsPart(Part):
    """The operations below /api/v1/held-payments."""

    def drop_held_row(self, number: int, body: DropHeldRowAsked, *, key: str | None = None) -> HeldPaymentDropped:
        """Take a held row off the list, and say why: it was recorded otherwise, or is no payment.

        Takes the role finance. Raises `NotFound`, and `Invalid` without a reason.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("held-payments/{number}/drop", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("HeldPaymentDropped", self._connection.document(asked))
