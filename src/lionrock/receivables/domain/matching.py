"""Which invoices a payment pays: those that it names, then the oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What a payer names: an invoice, and how much of it (minor units; None: as much as is open and there)."""

    invoice: str
    amount: int | None = None


def spread(amount: int, opens: Mapping[str, int], wishes: Sequence[Wish] = ()) -> dict[str, int]:
    """Return how much of `amount` goes to each invoice, all in minor units; what is over stays on account.

    `opens` holds what is open of each invoice, the oldest first. What is named comes first, in the
    order named, and never gets more than is open of it.
    """
    left, paid = amount, dict.fromkeys(opens, 0)
    for invoice, most in [*((wish.invoice, wish.amount) for wish in wishes), *((each, None) for each in opens)]:
        still = max(opens.get(invoice, 0) - paid.get(invoice, 0), 0)
        part = min(left, still if most is None else min(still, most))
        if part:
            paid[invoice] += part
            left -= part
    return {invoice: part for invoice, part in paid.items() if part}
