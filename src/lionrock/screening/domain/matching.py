"""A whole list held ready in memory, and the parties that match its entries.

To compare a name with every name of a list takes long, so only those are compared that share a
telling word with it, as written, as it sounds or with one slip, or that sound the same as a whole.
`bench/screening.py` measures what that saves and whether it loses anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lionrock.screening.domain.chinese import Spelling
from lionrock.screening.domain.forms import SPELT, SPELT_BOTH, Forms, forms_of
from lionrock.screening.domain.forms import alike as forms_alike
from lionrock.screening.domain.latin import fold, skeleton, words
from lionrock.screening.domain.names import Kind, Name, Word
from lionrock.screening.domain.parties import LEAST_IDENTIFIER, Entry, Match, Part, Party, plain_identifier
from lionrock.screening.domain.scoring import Score, compare, word_likeness
from lionrock.screening.domain.words import NICKNAMES, SHORTENED

_TELLING: Final = 0.4
_LONG: Final = 7
_FULL_LOOK: Final = 0.55
_LETTERS_LOOK: Final = 0.25
OTHER_KIND: Final = 12
"""Points taken where the list says that it means a person, and an organisation is asked for, and the like."""
OTHER_COUNTRY: Final = 3
SAME_COUNTRY: Final = 1
OTHER_BIRTH: Final = 8
SAME_BIRTH: Final = 4
SAME_ADDRESS: Final = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """One Latin form of one name of one entry."""

    entry: int
    written: str
    name: Name
    spelt: bool
    telling: float


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The different words of a list, found again as written, as they sound, and with a letter left out."""

    rows: Mapping[str, list[int]]
    known: Mapping[str, Word]
    by_sound: Mapping[str, list[Word]]
    by_slip: Mapping[str, list[Word]]

    def near(self, word: Word, *, alone: bool) -> list[tuple[Word, float]]:
        """Return the words of the list that may be this one, and how alike each is; with two slips if it is `alone`."""
        found = {each.text: each for each in self.by_sound.get(word.sound, ())}
        for slip in _slips(word.text):
            found.update((each.text, each) for each in self.by_slip.get(slip, ()))
        for other in (word.text, *NICKNAMES.get(word.text, ()), *SHORTENED.get(word.text, ())):
            if other in self.known:
                found[other] = self.known[other]
        if alone and len(word.text) >= _LONG:
            near = process.extract(word.text, self.rows.keys(), scorer=OSA.distance, score_cutoff=2, limit=None)
            found.update((text, self.known[text]) for text, _, _ in near)
        rated = ((each, word_likeness(word, each)) for each in found.values())
        return [(each, alike) for each, alike in rated if alike >= 0.6]


def _slips(text: str) -> Iterable[str]:
    """Yield the word, and the word without each of its letters: two words that differ in one meet there."""
    yield text
    if len(text) > 3:
        for at in range(len(text)):
            yield text[:at] + text[at + 1 :]


class Index:
    """The entries of one or several lists, ready to be asked."""

    def __init__(self, entries: Sequence[Entry], spelling: Spelling) -> None:
        self.entries = tuple(entries)
        self._spelling = spelling
        self._rows: list[_Row] = []
        self._han: dict[str, list[tuple[int, Forms]]] = defaultdict(list)
        self._wholes: dict[str, list[int]] = defaultdict(list)
        self._joined: dict[str, list[int]] = defaultdict(list)
        self._firsts: dict[str, list[int]] = defaultdict(list)
        self._identifiers: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            self._add(number, entry)
        self._vocabulary = self._words()

    def __len__(self) -> int:
        return len(self._rows)

    def _add(self, number: int, entry: Entry) -> None:
        for identifier in entry.identifiers:
            if len(plain_identifier(identifier)) >= LEAST_IDENTIFIER:
                self._identifiers[plain_identifier(identifier)].append(number)
        for written in entry.names:
            forms = forms_of(written, entry.kind, self._spelling)
            for name in forms.latin:
                self._add_row(_Row(number, written, name, False, _telling(name)))
            for name in forms.spelt:
                self._add_row(_Row(number, written, name, True, _telling(name)))
            for character in dict.fromkeys(forms.han):
                self._han[character].append((number, forms))

    def _add_row(self, row: _Row) -> None:
        at = len(self._rows)
        self._rows.append(row)
        for key in _whole_keys(row.name):
            self._wholes[key].append(at)
        for text in _neighbours(row.name):
            self._joined[text].append(at)
        if len(row.name.words) > 2:
            self._firsts[_firsts(row.name)].append(at)

    def _words(self) -> _Vocabulary:
        rows: dict[str, list[int]] = defaultdict(list)
        known: dict[str, Word] = {}
        for at, row in enumerate(self._rows):
            for word in {word.text: word for word in row.name.words if word.weight >= _TELLING}.values():
                rows[word.text].append(at)
                known.setdefault(word.text, word)
        by_sound: dict[str, list[Word]] = defaultdict(list)
        by_slip: dict[str, list[Word]] = defaultdict(list)
        for word in known.values():
            by_sound[word.sound].append(word)
            for slip in _slips(word.text):
                by_slip[slip].append(word)
        return _Vocabulary(dict(rows), known, dict(by_sound), dict(by_slip))

    def matches(self, party: Party, *, least: int) -> list[Match]:
        """Return the entries that match a party by at least so many points of 100, the best first."""
        best: dict[int, Match] = {}
        for asked in dict.fromkeys(party.names):
            for number, listed, score in self._alike(asked, party.kind, least / 100 - 0.08):
                match = judged(party, self.entries[number], asked, listed, score)
                if match.score >= least and (number not in best or best[number].score < match.score):
                    best[number] = match
        for identifier in sorted(party.identifiers):
            for number in self._identifiers.get(plain_identifier(identifier), ()):
                best[number] = _by_identifier(party, self.entries[number], identifier, best.get(number))
        return sorted(best.values(), key=lambda match: (-match.score, match.entry.name, match.entry.key))

    def _alike(self, asked: str, kind: Kind, least: float) -> Iterable[tuple[int, str, Score]]:
        forms = forms_of(asked, kind, self._spelling)
        yield from self._by_characters(forms, least)
        seen: set[str] = set()
        for names, spelt in ((forms.latin, False), (forms.spelt, True)):
            for name in names:
                if name.whole not in seen and len(name.whole) > 1:
                    seen.add(name.whole)
                    yield from self._by_spelling(name, spelt=spelt, least=least)

    def _by_characters(self, forms: Forms, least: float) -> Iterable[tuple[int, str, Score]]:
        shared: dict[tuple[int, str], tuple[int, Forms]] = {}
        for character in dict.fromkeys(forms.han):
            for number, other in self._han.get(character, ()):
                count = shared.get((number, other.written), (0, other))[0]
                shared[number, other.written] = (count + 1, other)
        for (number, written), (count, other) in shared.items():
            if 2 * count >= min(len(set(forms.han)), len(set(other.han))):
                score = forms_alike(forms, other)
                if score.value >= least:
                    yield number, written, score

    def _by_spelling(self, name: Name, *, spelt: bool, least: float) -> Iterable[tuple[int, str, Score]]:
        for at in self._candidates(name):
            row = self._rows[at]
            ceiling = (1.0, SPELT, SPELT_BOTH)[spelt + row.spelt]
            score = compare(name, row.name)
            if score.value * ceiling >= least:
                way = f"spelling, {score.way}" if ceiling < 1 else score.way
                yield row.entry, row.written, Score(score.value * ceiling, way, score.pairs)

    def _candidates(self, name: Name) -> set[int]:
        telling = _telling(name)
        found = {at for key in _whole_keys(name) for at in self._wholes.get(key, ())}
        covered = self._covered(name)
        letters: dict[int, str] = {}
        for at, sum_ in covered.items():
            share = sum_ / max(min(telling, self._rows[at].telling), 0.3)
            if share >= _FULL_LOOK:
                found.add(at)
            elif share >= _LETTERS_LOOK:
                letters[at] = self._rows[at].name.whole
        found.update(at for at, whole in letters.items() if OSA.distance(name.whole, whole, score_cutoff=3) <= 3)
        return found | self._by_firsts(name)

    def _covered(self, name: Name) -> dict[int, float]:
        """Return the rows that share a telling word with a name, and how much of it they cover."""
        covered: dict[int, float] = defaultdict(float)
        telling = {word.text: word for word in name.words if word.weight >= _TELLING}
        for word in telling.values():
            weight = _told(word)
            nearest: dict[int, float] = dict.fromkeys(self._joined.get(word.text, ()), 1.0)
            for near, alike in self._vocabulary.near(word, alone=len(telling) == 1):
                for at in self._vocabulary.rows[near.text]:
                    if alike > nearest.get(at, 0.0):
                        nearest[at] = alike
            for at, alike in nearest.items():
                covered[at] += weight * alike
        for text in _neighbours(name):
            for at in self._vocabulary.rows.get(text, ()):
                covered[at] += 1.0
        return covered

    def _by_firsts(self, name: Name) -> set[int]:
        """Return the rows that a short form may stand for, or that are a short form of this name."""
        if name.kind is Kind.PERSON:
            return set()
        found: set[int] = set()
        if len(name.words) < 3:
            for word in name.words:
                if 3 <= len(word.text) <= 6:
                    found.update(self._firsts.get(word.text, ()))
        elif 3 <= len(_firsts(name)) <= 6:
            found.update(self._vocabulary.rows.get(_firsts(name), ()))
        return found


def _whole_keys(name: Name) -> set[str]:
    """Return what names that are the same as a whole share: how they sound but for one sound, or their letters."""
    sounds = skeleton(name.whole)
    near = {f"~{slip}" for slip in _slips(sounds)} if len(sounds) > 4 else {f"~{sounds}"}
    return {*near, "=" + "".join(sorted(name.whole))}


def _neighbours(name: Name) -> list[str]:
    """Return each two words that stand side by side as one."""
    return [one.text + two.text for one, two in pairwise(name.words) if len(one.text) + len(two.text) > 4]


def _firsts(name: Name) -> str:
    return "".join(word.text[0] for word in name.words if word.weight > 0.1)


def _told(word: Word) -> float:
    return word.weight * (0.5 if len(word.text) < 4 else 1.0)


def _telling(name: Name) -> float:
    return sum(_told(word) for word in name.words if word.weight >= _TELLING)


def judged(party: Party, entry: Entry, asked: str, listed: str, score: Score) -> Match:
    """Return the match of two names, with what else is known of both weighed in."""
    parts = [Part("name", score.percent, asked, listed)]
    if party.kind is not entry.kind and Kind.ANY not in (party.kind, entry.kind):
        parts.append(Part("kind", -OTHER_KIND, party.kind.value, entry.kind.value))
    parts += _country(party, entry)
    parts += _birth(party, entry)
    parts += _address(party, entry)
    total = max(0, min(99 if score.percent < 100 else 100, sum(part.points for part in parts)))
    return Match(entry, asked, listed, total, score.way, score.pairs, tuple(parts))


def _country(party: Party, entry: Entry) -> list[Part]:
    if not party.countries or not entry.countries:
        return []
    same = party.countries & set(entry.countries)
    points = SAME_COUNTRY if same else -OTHER_COUNTRY
    return [Part("country", points, ", ".join(sorted(party.countries)), ", ".join(entry.countries))]


def _birth(party: Party, entry: Entry) -> list[Part]:
    years = [{text[:4] for text in each if text[:4].isdecimal()} for each in (party.births, entry.births)]
    if party.kind is Kind.ORGANISATION or not all(years):
        return []
    points = SAME_BIRTH if years[0] & years[1] else -OTHER_BIRTH
    return [Part("birth", points, ", ".join(sorted(party.births)), ", ".join(entry.births))]


def _address(party: Party, entry: Entry) -> list[Part]:
    for mine in party.addresses:
        said = {word for word in words(fold(mine), organisation=True) if len(word) > 2}
        for theirs in entry.addresses:
            other = {word for word in words(fold(theirs), organisation=True) if len(word) > 2}
            if len(said & other) >= 3 and 2 * len(said & other) >= min(len(said), len(other)):
                return [Part("address", SAME_ADDRESS, mine, theirs)]
    return []


def _by_identifier(party: Party, entry: Entry, identifier: str, match: Match | None) -> Match:
    """Return a match that an identifier decides, whatever the names are."""
    theirs = next(each for each in entry.identifiers if plain_identifier(each) == plain_identifier(identifier))
    part = Part("identifier", 100, identifier, theirs)
    if match is None:
        return Match(entry, party.names[0], entry.name, 100, "identifier", (), (part,))
    return Match(entry, match.asked, match.listed, 100, match.way, match.pairs, (*match.parts, part))
