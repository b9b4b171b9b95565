"""The journals that a programme makes, from the appropriation to the use of the last device-second.

Reserve, then settle or release: money moves from `free` to `committed` with an award, and from
there to `spent` with a month's statement, or back to `free`. At any instant

    appropriated = free + committed + spent
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lionrock.kernel.money import Money
from lionrock.ledger.domain import accounts
from lionrock.ledger.domain.journals import Entry, JournalDraft


def _move(amount: int, *, debit: str, credit: str) -> tuple[Entry, ...]:
    return Entry(debit, amount), Entry(credit, -amount)


def appropriation(programme: str, amount: Money, *, at: datetime, cause: str, reason: str) -> JournalDraft:
    """Put money into the fund; a negative amount takes free money out of it."""
    entries = _move(amount.minor, debit=accounts.FREE, credit=accounts.APPROPRIATION)
    return JournalDraft(programme, cause, amount.currency, f"Appropriation: {reason}", at, entries)


def commitment(programme: str, award: str, amount: Money, *, at: datetime, cause: str) -> JournalDraft:
    """Reserve money of the fund for an award."""
    entries = _move(amount.minor, debit=accounts.committed(award), credit=accounts.FREE)
    return JournalDraft(programme, cause, amount.currency, f"Commitment to {award}", at, entries)


def release(programme: str, award: str, amount: Money, *, at: datetime, cause: str) -> JournalDraft:
    """Give what an award will not spend back to the fund."""
    entries = _move(amount.minor, debit=accounts.FREE, credit=accounts.committed(award))
    return JournalDraft(programme, cause, amount.currency, f"Release from {award}", at, entries)


@dataclass(frozen=True, slots=True)
class AccrualLine:
    """What one statement line moves: the scheme's and the user's part of a gross amount.

    Both parts are negative for a correction. A line without an award has no subsidy.
    """

    organisation: str
    site: str
    subsidy: Money
    user: Money
    award: str | None = None


def accrual(
    programme: str,
    lines: Iterable[AccrualLine],
    *,
    at: datetime,
    cause: str,
    memo: str,
    details: Mapping[str, object] | None = None,
) -> JournalDraft | None:
    """Book statement lines: scheme and user owe, the sites have earned, commitments become spent.

    Lines are added up by account. Returns None when nothing is left to post, because every line is
    zero or they cancel out. Raises `Broken` when the lines mix currencies.
    """
    sums: Counter[str] = Counter()
    total: Money | None = None
    for line in lines:
        gross = line.subsidy + line.user
        total = gross if total is None else total + gross
        sums[accounts.receivable_from_user(line.organisation)] += line.user.minor
        sums[accounts.revenue(line.site)] -= gross.minor
        if line.award is not None:
            sums[accounts.receivable_from_scheme(line.award)] += line.subsidy.minor
            sums[accounts.spent(line.award)] += line.subsidy.minor
            sums[accounts.committed(line.award)] -= line.subsidy.minor
    entries = tuple(Entry(path, amount) for path, amount in sorted(sums.items()) if amount)
    if total is None or not entries:
        return None
    return JournalDraft(programme, cause, total.currency, memo, at, entries, dict(details or {}))


def opening(programme: str, unit: str, entries: tuple[Entry, ...], *, at: datetime, name: str) -> JournalDraft:
    """Begin the books with these balances of one unit."""
    return JournalDraft(programme, f"ledger.opening:{unit}", unit, f"Balances brought in from {name}", at, entries)


def quota_grant(
    programme: str, award: str, item: str, device_seconds: int, *, at: datetime, cause: str
) -> JournalDraft:
    """Give an award compute quota; a negative number of device-seconds takes it back."""
    entries = _move(
        device_seconds,
        debit=accounts.quota_remaining(award, item),
        credit=accounts.quota_granted(award, item),
    )
    memo = f"Quota of {item} for {award}"
    return JournalDraft(programme, cause, accounts.quota_unit(item), memo, at, entries)


def quota_use(programme: str, award: str, item: str, device_seconds: int, *, at: datetime, cause: str) -> JournalDraft:
    """Book compute quota as used; a negative number of device-seconds corrects earlier use."""
    entries = _move(
        device_seconds,
        debit=accounts.quota_used(award, item),
        credit=accounts.quota_remaining(award, item),
    )
    memo = f"Use of {item} by {award}"
    return JournalDraft(programme, cause, accounts.quota_unit(item), memo, at, entries)
