"""A name taken apart: its telling words, its company form, and how it is written as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from lionrock.screening.domain import words as known
from lionrock.screening.domain.latin import joined, skeleton, words


class Kind(StrEnum):
    """Who or what bears a name; `ANY` where a list does not say."""

    PERSON = "person"
    ORGANISATION = "organisation"
    THING = "thing"
    """A vessel or an aircraft."""
    ANY = "any"


_FULL: Final = 1.0
_COMMON: Final = 0.45
_SERIES: Final = 0.3
_LITTLE: Final = 0.08
_PARTICLE: Final = 0.12
_INITIAL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: as it is compared, how it sounds, and how much it says (0 to 1)."""

    text: str
    sound: str
    weight: float


@dataclass(frozen=True, slots=True)
class Name:
    """A Latin name taken apart. `form` is the family of its company form, such as "ltd", or empty."""

    written: str
    kind: Kind
    words: tuple[Word, ...]
    form: str
    whole: str
    """The telling words as one."""
    weight: float

    @property
    def empty(self) -> bool:
        """Whether nothing is left that could be compared."""
        return not self.whole


@lru_cache(maxsize=50_000)
def take_apart(written: str, kind: Kind) -> Name:
    """Return a Latin name taken apart; a name of ANY kind is read as that of an organisation."""
    organisation = kind is not Kind.PERSON
    found = words(written, organisation=organisation)
    form = ""
    if organisation:
        found, form = _without_form(found)
    else:
        found = _without_titles(_once(found))
        found, _ = _without_form(found) if len(found) > 2 else (found, "")
    made = tuple(_word(each, organisation=organisation, first=not at) for at, each in enumerate(found))
    whole = joined([each.text for each in made if each.weight > _LITTLE])
    whole = whole if len(whole) > 2 else joined(found)
    return Name(written, kind, made, form, whole, sum(each.weight for each in made))


def _word(text: str, *, organisation: bool, first: bool) -> Word:
    weight = _weight_in_organisation(text) if organisation else _weight_in_person(text, first=first)
    return Word(text, skeleton(text), weight)


def _weight_in_organisation(text: str) -> float:
    if text in known.LITTLE:
        return _LITTLE
    if text in known.SERIES or text.isdecimal():
        return _SERIES
    return _COMMON if text in known.COMMON else _FULL


def _weight_in_person(text: str, *, first: bool) -> float:
    if text in known.PARTICLES and not (first and text in known.ALSO_GIVEN):
        return _PARTICLE
    if len(text) == 1:
        return _INITIAL
    return 0.75 if text in known.COMMON_GIVEN else _FULL


def _once(found: Sequence[str]) -> list[str]:
    """Leave out a word that follows itself, as in Sergey Sergey; a short one may be a syllable: You You."""
    return [word for at, word in enumerate(found) if not at or found[at - 1] != word or len(word) < 4]


def _without_titles(found: list[str]) -> list[str]:
    rest = [word for word in found if word not in known.TITLES]
    return rest if rest else found


def _without_form(found: list[str]) -> tuple[list[str], str]:
    """Return the words without company forms at either end, and the family of the last one found there."""
    rest, form = list(found), ""
    while len(rest) > 1:
        size, family = _form_at(rest)
        if not size:
            break
        rest = rest[:-size] if size > 0 else rest[-size:]
        form = form if form and family == "inc" else family
    return (rest, form) if rest else (found, form)


def _form_at(found: list[str]) -> tuple[int, str]:
    """Return how many words at the end (positive) or the start (negative) are a company form, and which."""
    for size in range(min(known.LONGEST_FORM, len(found) - 1), 0, -1):
        for sign, part in ((1, found[-size:]), (-1, found[:size])):
            family = known.COMPANY_FORMS.get(tuple(part)) or _misspelt(part)
            if family:
                return sign * size, family
    return 0, ""


def _misspelt(part: list[str]) -> str:
    """Return the family of a company form with one letter wrong, of at least nine letters."""
    said = " ".join(part)
    if len(said) < 9:
        return ""
    for phrase, family in known.COMPANY_FORMS.items():
        if len(phrase) == len(part) and OSA.distance(said, " ".join(phrase), score_cutoff=1) <= 1:
            return family
    return ""
