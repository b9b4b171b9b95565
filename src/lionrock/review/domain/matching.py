"""Whom to ask: assessors without a bar, by expertise and load. The same facts give the same order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lionrock.review.domain.conflicts import Hint, is_barred


@dataclass(frozen=True, slots=True)
class Candidate:
    """An assessor of the programme: what they know, how much they have open, and what ties them.

    `most` open assignments are as many as they take on (None: no limit); they are away until
    `away_until`, that day not included.
    """

    email: str
    name: str
    expertise: frozenset[str]
    load: int
    most: int | None
    away_until: date | None
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate beside what speaks for and against asking."""

    candidate: Candidate
    matches: tuple[str, ...]
    barred: bool
    away: bool
    full: bool

    @property
    def advised(self) -> bool:
        """Whether nothing at all speaks against it."""
        return not (self.barred or self.away or self.full or self.candidate.hints)


def ranked(candidates: Iterable[Candidate], words: frozenset[str], on: date) -> list[Suggestion]:
    """Return all candidates, the best to ask first.

    Those against whom nothing speaks come first, of these those who know the subject, of these
    those with the fewest open assignments, then with the most words that match, then by address.
    """
    return sorted((_suggestion(each, words, on) for each in candidates), key=_place)


def _suggestion(candidate: Candidate, words: frozenset[str], on: date) -> Suggestion:
    away = candidate.away_until is not None and on < candidate.away_until
    full = candidate.most is not None and candidate.load >= candidate.most
    matches = tuple(sorted(candidate.expertise & words))
    return Suggestion(candidate, matches, is_barred(candidate.hints), away, full)


def _place(each: Suggestion) -> tuple[bool, bool, bool, int, int, str]:
    unwell = each.away or each.full or bool(each.candidate.hints)
    return each.barred, unwell, not each.matches, each.candidate.load, -len(each.matches), each.candidate.email
