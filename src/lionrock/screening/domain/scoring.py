"""How alike two Latin names are: from 0 to 1, with the parts that make it up.

A score is the best of several ways to see two names as one: word by word in any order, letter by
letter as a whole, as initials, as a short form. Each way has a ceiling that says how sure it can
be. Scores are no probabilities; what they are worth is measured on labelled pairs (`bench/screening.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA, JaroWinkler

from lionrock.screening.domain.latin import skeleton
from lionrock.screening.domain.names import Kind, Name, Word
from lionrock.screening.domain.words import NICKNAMES

SAME: Final = 1.0
_SOUNDS_SAME: Final = 0.93
_NICKNAME: Final = 0.86
_INITIAL: Final = 0.8
_LEAST_WORD: Final = 0.62
"""Two words less alike than this have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words taken for one, and how alike they are."""

    left: str
    right: str
    alike: float


@dataclass(frozen=True, slots=True)
class Score:
    """How alike two names are, in which way that was seen, and the words paired for it."""

    value: float
    way: str
    pairs: tuple[Pair, ...] = ()

    @property
    def percent(self) -> int:
        """The score as people read it, rounded down: 100 is the very same."""
        return int(self.value * 100)


NOTHING: Final = Score(0.0, "nothing")


def compare(left: Name, right: Name) -> Score:
    """Return how alike two names are."""
    if left.empty or right.empty:
        return NOTHING
    if left.whole == right.whole and len(left.whole) > 1:
        return Score(SAME if not _forms_differ(left, right) else 0.97, "same")
    by_words = _by_words(left, right)
    others = (_by_letters(left, right), _by_initials(left, right), _by_short_form(left, right))
    return max((by_words, *others), key=lambda score: score.value)


def _forms_differ(left: Name, right: Name) -> bool:
    return bool(left.form and right.form and left.form != right.form)


def _by_letters(left: Name, right: Name) -> Score:
    """See both names as one word each: a slip of the keys, words joined or parted, a syllable otherwise."""
    a, b = left.whole, right.whole
    allowed = _slips_allowed(min(len(a), len(b)))
    slips = OSA.distance(a, b, score_cutoff=allowed)
    if slips <= allowed:
        return Score(0.96 - 0.065 * slips, "letters") if slips else Score(0.98, "letters")
    backwards = "".join(word.text[::-1] for word in left.words)
    if len(a) > 7 and (backwards == b or sorted(a) == sorted(b)):
        return Score(0.8, "letters in another order")
    return NOTHING


def _slips_allowed(length: int) -> int:
    if length < 4:
        return 0
    if length < 7:
        return 1
    return 2 if length < 18 else 3


def _by_words(left: Name, right: Name) -> Score:
    """Pair words in any order; what one name has more counts a little, what contradicts counts much."""
    if len(left.words) > len(right.words):
        left, right = right, left
    left, right = _as_joined(left, right), _as_joined(right, left)
    pairs = _paired(left.words, right.words)
    if not pairs:
        return NOTHING
    shorter, longer = _covered(left.words, [i for i, _, _ in pairs]), _covered(right.words, [j for _, j, _ in pairs])
    likeness = sum(alike * left.words[i].weight for i, _, alike in pairs) / _covered(
        left.words, [i for i, _, _ in pairs]
    )
    least, most = sorted((shorter / left.weight, longer / right.weight))
    value = likeness * most * (0.72 + 0.28 * least)
    lost_left, lost_right = left.weight - shorter, right.weight - longer
    if min(lost_left, lost_right) > 0.2:
        value *= 0.9 - 0.1 * min(lost_left, lost_right, 1.0)
    told = sum(1 for i, j, _ in pairs if max(left.words[i].weight, right.words[j].weight) >= 0.7)
    if told < 2 and max(lost_left, lost_right) > 0.5:
        value *= _alone(left, right, likeness)
    if _forms_differ(left, right):
        value *= 0.97
    shown = tuple(Pair(left.words[i].text, right.words[j].text, alike) for i, j, alike in pairs)
    return Score(min(value, 0.99), "words", shown)


def _alone(left: Name, right: Name, likeness: float) -> float:
    """Return what it costs that one word alone is shared: much among persons, and where it is not the very word."""
    if Kind.PERSON in (left.kind, right.kind):
        return 0.82
    if likeness > 0.99:
        return 0.97
    return 0.96 if likeness > 0.9 and min(len(left.whole), len(right.whole)) > 6 else 0.88


def _as_joined(name: Name, other: Name) -> Name:
    """Return a name with words joined that stand as one in the other: Patr ushev, Abd al."""
    texts, sounds = {word.text for word in other.words}, {word.sound for word in other.words if len(word.text) > 4}
    words, at, changed = name.words, 0, False
    made: list[Word] = []
    while at < len(words):
        size = next((size for size in (3, 2) if _stands(words[at : at + size], size, texts, sounds)), 1)
        changed = changed or size > 1
        made.append(words[at] if size == 1 else _as_one(words[at : at + size]))
        at += size
    return replace(name, words=tuple(made), weight=sum(word.weight for word in made)) if changed else name


def _stands(words: Sequence[Word], size: int, texts: set[str], sounds: set[str]) -> bool:
    if len(words) < size or all(word.text in texts for word in words):
        return False
    text = "".join(word.text for word in words)
    return text in texts or (len(text) > 4 and any(word.weight < 0.2 for word in words) and skeleton(text) in sounds)


def _as_one(words: Sequence[Word]) -> Word:
    text = "".join(word.text for word in words)
    return Word(text, skeleton(text), max(word.weight for word in words))


def _covered(words: Sequence[Word], which: Sequence[int]) -> float:
    return sum(words[each].weight for each in set(which))


def _paired(left: Sequence[Word], right: Sequence[Word]) -> list[tuple[int, int, float]]:
    """Return words paired one with one, the most alike first; two that stand as one on the other side count as both."""
    found = [
        (word_likeness(a, b), i, j)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if not (a.weight < 0.2) ^ (b.weight < 0.2)
    ]
    found.sort(key=lambda each: (-each[0], abs(each[1] - each[2])))
    pairs: list[tuple[int, int, float]] = []
    for alike, i, j in found:
        if alike < _LEAST_WORD:
            break
        if all(i != a and j != b for a, b, _ in pairs):
            pairs.append((i, j, alike))
    return pairs


def word_likeness(a: Word, b: Word) -> float:
    """Return how alike two words are, from 0 to 1."""
    return SAME if a.text == b.text else _likeness(a.text, a.sound, b.text, b.sound)


@lru_cache(maxsize=200_000)
def _likeness(a: str, a_sound: str, b: str, b_sound: str) -> float:
    if len(a) == 1 or len(b) == 1:
        return _INITIAL if a[0] == b[0] and not a.isdecimal() else 0.0
    if a.isdecimal() or b.isdecimal():
        return 0.0
    best = _spelling(a, b)
    if a_sound == b_sound and len(a_sound) > 1:
        best = max(best, _sounding(a, b))
    if b in NICKNAMES.get(a, ()) or a in NICKNAMES.get(b, ()):
        best = max(best, _NICKNAME)
    return best


def _sounding(a: str, b: str) -> float:
    """Return how alike two words are that sound the same: the less, the more otherwise they are written."""
    alike = 1 - OSA.distance(a, b) / max(len(a), len(b))
    if alike >= 0.6:
        return _SOUNDS_SAME
    return 0.8 if alike >= 0.5 and min(len(a), len(b)) > 4 else 0.0


def _spelling(a: str, b: str) -> float:
    shorter = min(len(a), len(b))
    slips = OSA.distance(a, b)
    if shorter < 4:
        return 0.7 if slips == 1 and shorter > 1 and len(a) == len(b) else 0.0
    alike = 1 - slips / max(len(a), len(b))
    if alike < 0.5:
        return 0.0
    return 0.55 * alike + 0.45 * float(JaroWinkler.similarity(a, b))


def _by_initials(left: Name, right: Name) -> Score:
    """See "JC Juncker" as Jean-Claude Juncker: a word of two or three letters is read as initials."""
    for one, other in ((left, right), (right, left)):
        if one.kind is not Kind.PERSON:
            continue
        for at, word in enumerate(one.words):
            if 1 < len(word.text) < 4 and len(other.words) == len(one.words) - 1 + len(word.text):
                spread = [*one.words[:at], *(Word(c, c, 0.5) for c in word.text), *one.words[at + 1 :]]
                pairs = _paired(spread, other.words)
                if len(pairs) == len(spread):
                    return Score(
                        0.84, "initials", tuple(Pair(spread[i].text, other.words[j].text, a) for i, j, a in pairs)
                    )
    return NOTHING


def _by_short_form(left: Name, right: Name) -> Score:
    """See "PLA" as People's Liberation Army: one word that is made of the first letters of all others."""
    for one, other in ((left, right), (right, left)):
        if one.kind is Kind.PERSON or len(other.words) < 3 or len(one.words) > 2:
            continue
        short = next((word.text for word in one.words if 3 <= len(word.text) <= 6), "")
        if not short or short.upper() not in one.written:
            continue
        firsts = "".join(word.text[0] for word in other.words if word.weight > 0.1)
        if short == firsts:
            return Score(0.8, "short form")
    return NOTHING
