"""How long something is kept, and what stops its end: plain values, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lionrock.kernel.findings import Citation


class KeptKind(StrEnum):
    """Kinds of record that a programme may say a time for."""

    APPLICATION = "application_without_award"
    """An application that was withdrawn, declined or found ineligible."""


class ErasedBy(StrEnum):
    """Who erases what is due."""

    TWO_PERSONS = "two_persons"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Period:
    """For how many years a kind of record of a programme is kept (None: nobody has said, so for ever)."""

    programme: str
    kind: KeptKind
    years: int | None
    by: ErasedBy
    citation: Citation

    def end(self, ended: date) -> date | None:
        """Return the first day on which something that ended on a day is kept no longer; None: never."""
        if self.years is None:
            return None
        is_leap_day = (ended.month, ended.day) == (2, 29)
        return date(ended.year + self.years, 3, 1) if is_leap_day else ended.replace(year=ended.year + self.years)

    def is_over(self, ended: date, today: date) -> bool:
        """Tell whether something that ended on a day may be erased today."""
        end = self.end(ended)
        return end is not None and end <= today


class HeldKind(StrEnum):
    """What a legal hold may be on."""

    PERSON = "person"
    ORGANISATION = "organisation"
    APPLICATION = "application"
    PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class HoldOn:
    """A hold on something, up to a day, that day included (None: until it is released)."""

    kind: HeldKind
    code: str
    until: date | None

    def covers(self, about: Iterable[tuple[HeldKind, str]], today: date) -> bool:
        """Tell whether it holds one of these things today."""
        holds = {(kind, code.lower()) for kind, code in about}
        return (self.kind, self.code.lower()) in holds and (self.until is None or today <= self.until)
