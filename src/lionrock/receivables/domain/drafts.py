"""The journals of receivables: money that comes in, and debts that end otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from lionrock.kernel.money import Money
from lionrock.ledger.domain import (
    CASH,
    INTEREST,
    Entry,
    JournalDraft,
    receivable_from_scheme,
    receivable_from_user,
    remitted,
    written_off,
)

CLAIM = "claim"


def payment_in(
    programme: str, organisation: str, amount: Money, *, reference: str, paid_on: date, at: datetime
) -> JournalDraft:
    """Book money that an organisation paid: cash grows, what it owes shrinks (below zero: it is in credit)."""
    entries = (Entry(CASH, amount.minor), Entry(receivable_from_user(organisation), -amount.minor))
    memo = f"Payment {reference} from {organisation}"
    details = {"payer": organisation, "reference": reference, "paid_on": paid_on.isoformat()}
    return JournalDraft(programme, f"receivables.payment:{reference}", amount.currency, memo, at, entries, details)


def payment_undone(programme: str, organisation: str, amount: Money, *, reference: str, at: datetime) -> JournalDraft:
    """Book that a payment did not stand: returned by the bank, or recorded by mistake."""
    entries = (Entry(CASH, -amount.minor), Entry(receivable_from_user(organisation), amount.minor))
    memo = f"Reversal of payment {reference} from {organisation}"
    return JournalDraft(programme, f"receivables.reversal:{reference}", amount.currency, memo, at, entries)


def writing_off(
    programme: str, organisation: str, amount: Money, *, document: str, number: int, at: datetime
) -> JournalDraft:
    """Book that nobody will collect an amount of a document."""
    entries = (Entry(written_off(organisation), amount.minor), Entry(receivable_from_user(organisation), -amount.minor))
    cause = f"receivables.write_off:{number}"
    return JournalDraft(programme, cause, amount.currency, f"Written off of {document}", at, entries)


def interest_note(
    programme: str, organisation: str, amount: Money, *, document: str, level: int, at: datetime
) -> JournalDraft:
    """Book interest on a document that is paid late."""
    entries = (Entry(receivable_from_user(organisation), amount.minor), Entry(INTEREST, -amount.minor))
    cause = f"receivables.interest:{document}:{level}"
    return JournalDraft(programme, cause, amount.currency, f"Interest on {document}", at, entries)


def settled_paper(
    programme: str,
    number: str,
    kind: str,
    amounts: Mapping[str, Money],
    *,
    reference: str,
    at: datetime,
) -> JournalDraft | None:
    """Book that the scheme has paid a claim, or that a remittance was paid over to its site.

    `amounts` are by award for a claim, by site for a remittance. None where it comes to nothing.
    """
    account, sign = (receivable_from_scheme, -1) if kind == CLAIM else (remitted, 1)
    entries = [Entry(account(name), sign * amount.minor) for name, amount in sorted(amounts.items()) if amount.minor]
    total = sum(entry.amount for entry in entries)
    if total:
        entries.append(Entry(CASH, -total))
    if not entries:
        return None
    currency = next(iter(amounts.values())).currency
    memo = f"{kind.capitalize()} {number} paid"
    cause = f"receivables.settle:{number}"
    return JournalDraft(programme, cause, currency, memo, at, tuple(entries), {"reference": reference})
