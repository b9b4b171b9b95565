"""Who is screened, what a list says of whom, and what a match between the two consists of."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.scoring import Pair

_NOT_IN_NUMBERS: Final = re.compile(r"[^0-9A-Z]")
LEAST_IDENTIFIER: Final = 5
"""An identifier of fewer characters is shared by too many."""


def plain_identifier(text: str) -> str:
    """Return an identifier in capitals without spaces and signs, so that "91-4403 00X" is "91440300X"."""
    return _NOT_IN_NUMBERS.sub("", unicodedata.normalize("NFKC", text).upper())


@dataclass(frozen=True, slots=True)
class Party:
    """Who is screened: every name, and what else is known, which may be nothing.

    `countries` are two-letter codes, `births` dates or years as written (1970, 1970-01-31).
    """

    names: tuple[str, ...]
    kind: Kind = Kind.ANY
    countries: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()
    births: frozenset[str] = frozenset()

    def fingerprint(self) -> str:
        """Return what tells this party, as it is now, from what it was when it was screened before."""
        sets = (sorted(self.countries), sorted(self.identifiers), sorted(self.births))
        said = json.dumps([self.kind, self.names, self.addresses, *sets], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, as the list has it.

    `source` is the list within the list, such as the Entity List within the consolidated one; `said`
    is everything else that a reader of a match wants: programmes, notices, licence requirement,
    address of the source.
    """

    key: str
    source: str
    kind: Kind
    name: str
    alternatives: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the alternative ones, each once."""
        return tuple(dict.fromkeys((self.name, *self.alternatives)))

    def content(self) -> dict[str, Any]:
        """Return the entry as plain JSON values."""
        return {**asdict(self), "kind": self.kind.value, "said": dict(self.said)}

    def identity(self) -> str:
        """Return what tells who is meant by this entry: the same while nothing else of it changes."""
        kept = (self.source, self.kind, self.names, self.countries, self.addresses, self.identifiers, self.births)
        return hashlib.sha256(json.dumps(kept, ensure_ascii=False).encode()).hexdigest()

    def digest(self) -> str:
        """Return what tells this content from any other."""
        said = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def entry_of(content: Mapping[str, Any]) -> Entry:
    """Return the entry that `Entry.content` wrote."""
    lists = {name: tuple(content[name]) for name in ("alternatives", "countries", "addresses", "identifiers", "births")}
    return Entry(
        key=content["key"],
        source=content["source"],
        kind=Kind(content["kind"]),
        name=content["name"],
        said=dict(content["said"]),
        **lists,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: what it rests on, and the points (of 100) that it gives or takes."""

    what: str
    points: int
    asked: str
    listed: str


@dataclass(frozen=True, slots=True)
class Match:
    """A party and an entry that may be the same, and why: the names that met, how, and what else speaks for or against.

    `score` is of 100. `way` is how the names were seen as one, `pairs` the words taken for each other.
    """

    entry: Entry
    asked: str
    listed: str
    score: int
    way: str
    pairs: tuple[Pair, ...]
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the match as plain JSON values, without the entry."""
        return {
            "asked": self.asked,
            "listed": self.listed,
            "score": self.score,
            "way": self.way,
            "pairs": [[pair.left, pair.right, round(pair.alike * 100)] for pair in self.pairs],
            "parts": [asdict(part) for part in self.parts],
        }
