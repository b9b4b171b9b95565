"""All the forms of one name, and how alike two names are in whichever form suits both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from lionrock.screening.domain import chinese
from lionrock.screening.domain.latin import words
from lionrock.screening.domain.names import Kind, Name, take_apart
from lionrock.screening.domain.scoring import NOTHING, Score, compare

SPELT: Final = 0.91
"""The ceiling where a spelling stands for characters: names that are spelt alike are many."""
SPELT_BOTH: Final = 0.87
"""The ceiling where both names are spelt otherwise than they are written."""


@dataclass(frozen=True, slots=True)
class Forms:
    """A name as written, its characters (Simplified, without company form) and its Latin spellings.

    `latin` holds the name as it is written in Latin letters, where it is; `spelt` what its characters
    or an older way to spell may be in Latin letters.
    """

    written: str
    kind: Kind
    han: str
    latin: tuple[Name, ...]
    spelt: tuple[Name, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is left that could be compared."""
        return not self.han and all(name.empty for name in self.latin)

    @property
    def length(self) -> int:
        """How many letters or characters say who is meant."""
        return max([len(self.han), *(len(name.whole) for name in self.latin)])


def forms_of(written: str, kind: Kind, spelling: chinese.Spelling) -> Forms:
    """Return all the forms of a name."""
    han = chinese.han_of(written)
    if han and kind is not Kind.PERSON:
        han = chinese.without_form(han)
    latin = chinese.latin_of(written)
    names = (take_apart(latin, kind),) if latin else ()
    spelt = _spelt_han(han, kind, spelling) if han else _spelt_otherwise(latin, kind)
    return Forms(written, kind, han, tuple(name for name in names if not name.empty), spelt)


def _spelt_han(han: str, kind: Kind, spelling: chinese.Spelling) -> tuple[Name, ...]:
    person = kind is Kind.PERSON or (kind is Kind.ANY and len(han) <= 3)
    found = chinese.spellings(han, spelling.readings, person=person) if len(han) <= 6 else []
    names = tuple(take_apart(" ".join(each), Kind.PERSON) for each in found)
    if kind is Kind.PERSON:
        return names
    return (*names, take_apart(chinese.in_english(han, spelling.english), Kind.ORGANISATION))


@lru_cache(maxsize=20_000)
def _spelt_otherwise(latin: str, kind: Kind) -> tuple[Name, ...]:
    if kind is not Kind.PERSON:
        return ()
    return tuple(
        take_apart(" ".join(each), Kind.PERSON)
        for each in chinese.wade_giles_as_pinyin(words(latin, organisation=False))
    )


def alike(left: Forms, right: Forms) -> Score:
    """Return how alike two names are: by characters where both have them, else by spelling."""
    if left.han and right.han:
        return _by_characters(left, right)
    best = _best(left.latin, right.latin, 1.0, "")
    for names, others in ((left.spelt, right.latin), (left.latin, right.spelt)):
        best = max(best, _best(names, others, SPELT, "spelling, "), key=lambda score: score.value)
    return max(best, _best(left.spelt, right.spelt, SPELT_BOTH, "spelling, "), key=lambda score: score.value)


def _best(names: Sequence[Name], others: Sequence[Name], ceiling: float, way: str) -> Score:
    best = NOTHING
    for name in names:
        for other in others:
            score = compare(name, other)
            if score.value * ceiling > best.value:
                best = Score(score.value * ceiling, way + score.way, score.pairs)
    return best


def _by_characters(left: Forms, right: Forms) -> Score:
    """Compare characters with characters: one that differs makes another person, and may be a slip in a firm."""
    a, b = left.han, right.han
    if a == b:
        return Score(1.0, "characters")
    slips, longest = OSA.distance(a, b), max(len(a), len(b))
    if Kind.PERSON in (left.kind, right.kind) or longest <= 4:
        return Score(0.7 * (1 - slips / longest), "characters") if slips == 1 else NOTHING
    if min(len(a), len(b)) >= 3 and (a in b or b in a):
        return Score(0.8 + 0.19 * min(len(a), len(b)) / longest, "characters within")
    return Score(max(0.0, 1 - 1.2 * slips / longest), "characters")
