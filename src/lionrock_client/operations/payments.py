"""Payments: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items


class ListedPaymentShown(TypedDict):
    """ListedPaymentShown."""

    items: list[PaymentShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class PaymentShown(TypedDict):
    """Money that an organisation paid, known by its reference within the programme; minor units."""

    number: int

    programme: str

    reference: str

    organisation: str

    amount: int

    currency: str

    paid_on: str

    note: str

    source: str

    recorded_at: str

    reversed_on: str | None

    reversal_reason: str | None


class ReceivablesWishAsked(TypedDict):
    """ReceivablesWishAsked."""

    invoice: str

    amount: NotRequired[int | None]


class RecordPaymentAsked(TypedDict):
    """RecordPaymentAsked."""

    programme: str

    organisation: str

    amount: str
    """In the currency of the programme."""

    paid_on: str

    reference: str

    wishes: NotRequired[list[ReceivablesWishAsked]]

    note: NotRequired[str]

    source: NotRequired[str]


class ReversePaymentAsked(TypedDict):
    """ReversePaymentAsked."""

    reason: str


class PaymentsPart(Part):
    """The operations below /api/v1/payments."""

    def list_payments(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        programme: str | None = None,
        organisation: str | None = None,
    ) -> Items[PaymentShown]:
        """List the payments that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET",
            "payments",
            query={"limit": limit, "cursor": cursor, "programme": programme, "organisation": organisation},
        )
        return self._items(asked)

    def record_payment(self, body: RecordPaymentAsked, *, key: str | None = None) -> PaymentShown:
        """Record money that an organisation paid; return it, and whether it is new. Takes the role finance.

        It pays the documents that it names (`wishes`), then the oldest open ones; what is over stays on
        account. The reference makes it one: again with the same content it changes nothing.

        Raises `Invalid` with every fault of amount, day, reference, payer and documents, `Conflict` when
        the reference was used for another payment, `Refused` when the day lies in a locked period.

        Scope: `money`.
        """
        asked = Asked("POST", "payments", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("PaymentShown", self._connection.document(asked))

    def read_payment(self, number: int) -> PaymentShown:
        """Show one payment.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("payments/{number}", number=number))
        return cast("PaymentShown", self._connection.document(asked))

    def reverse_payment(
        self,
        number: int,
        body: ReversePaymentAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> PaymentShown:
        """Record that a payment did not stand; what it paid is open again. Takes the role finance.

        Raises `Invalid` without a reason, `Conflict` when it was reversed before.

        Scope: `money`.
        """
        asked = Asked(
            "POST",
            path_of("payments/{number}/reverse", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("PaymentShown", self._connection.document(asked))
