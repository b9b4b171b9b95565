"""Journals before and after they are posted: plain values that sum to zero."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import gettext_noop, message
from lionrock.ledger.domain.accounts import fits

LARGEST = 10**17
"""The largest amount of one entry, in minor units or device-seconds: sums of them stay far inside 64 bits."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One leg: debit positive, credit negative, in the integer units of its journal."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """One event of the books, ready to be posted.

    `cause` names the event once and for all within the programme, so that posting it again changes
    nothing. `unit` is a currency or a quota unit. `at` is when the event holds, in UTC. `details`
    is plain JSON: hashes, line counts, what an auditor would ask for.

    Raises `Broken` naming every defect: a draft is made by code, never typed.
    """

    programme: str
    cause: str
    unit: str
    memo: str
    at: datetime
    entries: tuple[Entry, ...]
    details: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = defects(self)
        if found:
            raise Broken(
                "ledger.journal.malformed",
                message(
                    gettext_noop("The journal {cause} cannot be posted: {defects}."),
                    cause=self.cause,
                    defects="; ".join(found),
                ),
            )


def defects(draft: JournalDraft) -> list[str]:
    """Return what is wrong with a draft, in words; empty when nothing is."""
    found = []
    total = sum(entry.amount for entry in draft.entries)
    if len(draft.entries) < 2:
        found.append(f"it has {len(draft.entries)} entries and needs two")
    if total:
        found.append(f"its entries sum to {total} instead of zero")
    if draft.at.utcoffset() is None:
        found.append(f"its instant {draft.at} has no offset")
    if not draft.programme or not draft.cause:
        found.append("its programme or cause is empty")
    return found + [defect for entry in draft.entries for defect in _entry_defects(entry, draft.unit)]


def _entry_defects(entry: Entry, unit: str) -> list[str]:
    found = []
    if not entry.amount:
        found.append(f"the entry on {entry.account} is zero")
    if abs(entry.amount) > LARGEST:
        found.append(f"the entry on {entry.account} is larger than {LARGEST}")
    if not fits(entry.account, unit):
        found.append(f"there is no account {entry.account} in {unit}")
    return found


def content(unit: str, entries: Iterable[Entry], details: Mapping[str, object]) -> tuple[object, ...]:
    """Return what makes two journals of one cause the same: unit, entries in any order, details.

    When it holds and how the memo puts it may differ: a repeat is sent later than the original.
    """
    return unit, tuple(sorted(entries)), json.dumps(dict(details), sort_keys=True)


@dataclass(frozen=True, slots=True)
class PostedJournal:
    """A journal as it stands in the books."""

    number: int
    cause: str
    unit: str
    memo: str
    at: datetime
    recorded_at: datetime
    actor: str
    details: Mapping[str, object]
    entries: tuple[Entry, ...]
