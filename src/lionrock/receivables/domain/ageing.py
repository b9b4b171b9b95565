"""What is open, by how long it has been due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

BUCKETS: Final = (0, 30, 60, 90)
"""The last day late of each class but the last: not late, 1 to 30 days, 31 to 60, 61 to 90; over 90."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document as it stands on a day; amounts in minor units.

    `total` is what it asks (below zero: a credit note), `matched` what payments and credit notes have
    paid of it (of a credit note, what was used of it, below zero), `interest` what was charged for
    lateness. `due` None: its programme has set no term of payment, so that it is never late.
    """

    number: str
    organisation: str
    currency: str
    total: int
    issued: date
    due: date | None
    matched: int = 0
    written_off: int = 0
    interest: int = 0

    @property
    def open(self) -> int:
        """What is still to be paid; of a credit note, below zero, what may still be used."""
        return self.total + self.interest - self.matched - self.written_off

    def days_late(self, on: date) -> int:
        """Days since it was due; zero while it is not late."""
        return max((on - self.due).days, 0) if self.due else 0


def bucket_of(days_late: int) -> int:
    """Return the number of the class of ageing, from 0 (not late) to 4 (over 90 days)."""
    return sum(days_late > last for last in BUCKETS)


@dataclass(frozen=True, slots=True)
class Aged:
    """What one organisation owes on a day, by class of ageing; minor units.

    `credit` is what it has to its credit, zero or less: credit notes not used, payments on account.
    """

    organisation: str
    buckets: tuple[int, ...]
    credit: int = 0

    @property
    def owed(self) -> int:
        """All that it owes, whatever it has to its credit."""
        return sum(self.buckets)

    @property
    def late(self) -> int:
        """What is due and not paid."""
        return sum(self.buckets[1:])

    @property
    def balance(self) -> int:
        """What it owes less what it has to its credit."""
        return self.owed + self.credit


def aged(items: Iterable[Item], advances: Iterable[tuple[str, int]], on: date) -> tuple[Aged, ...]:
    """Return the ageing of each organisation with anything open, in their order.

    `advances` are payments on account: organisation and what was not matched, more than zero.
    """
    owed: dict[str, list[int]] = {}
    credit: dict[str, int] = {}
    for item in items:
        if item.open > 0:
            owed.setdefault(item.organisation, [0] * (len(BUCKETS) + 1))[bucket_of(item.days_late(on))] += item.open
        elif item.open < 0:
            credit[item.organisation] = credit.get(item.organisation, 0) + item.open
    for organisation, amount in advances:
        credit[organisation] = credit.get(organisation, 0) - amount
    nothing = [0] * (len(BUCKETS) + 1)
    names = sorted({*owed, *(name for name, amount in credit.items() if amount)})
    return tuple(Aged(name, tuple(owed.get(name, nothing)), credit.get(name, 0)) for name in names)
