"""The rules as they stand on file: versions, notices, uses; and which version governs a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.figures import Kind
from lionrock.controls.domain.lines import Test
from lionrock.controls.domain.places import Atlas, Where
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import Citation
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.shape import Names


class Authorisation(StrEnum):
    """What is required; the words of the cases."""

    NONE = "none"
    NAC = "NAC"
    ACA = "ACA"
    LICENCE = "licence_required"
    BY_LETTER = "licence_required_by_letter"
    GP10 = "gp10_presumption"
    UNKNOWN = "unknown"


class Review(StrEnum):
    """How an application for a licence is looked at; `NOT_APPLICABLE` where there is none, or nothing says."""

    NOT_APPLICABLE = "n/a"
    DENIAL = "presumption_of_denial"
    APPROVAL = "presumption_of_approval"
    CASE_BY_CASE = "case_by_case"


NO_PARAGRAPH = "none"
NOT_LISTED = "not_3A090"
UNKNOWN_PARAGRAPH = "unknown"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the control list; `since` is the day from which it is written so."""

    id: str
    of: Kind
    joined: str | None
    tests: tuple[Test, ...]
    since: date
    citation: Citation


@dataclass(frozen=True, slots=True)
class Outside:
    """A note that leaves items outside which meet a paragraph."""

    id: str
    of: Kind
    cites: str
    datacentre: bool | None
    tests: tuple[Test, ...]
    since: date
    citation: Citation


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is required of items of these paragraphs on these journeys; `review` None is not stated."""

    id: str
    paragraphs: tuple[str, ...]
    datacentre: bool | None
    wheres: tuple[Where, ...]
    tests: tuple[Test, ...]
    authorisation: Authorisation
    review: Review | None
    cites: str
    certify: tuple[Names, ...]
    since: date
    citation: Citation

    def speaks_of(self, paragraph: str) -> bool:
        """Tell whether a paragraph is one of its own, or below one."""
        return under(paragraph, self.paragraphs)


def under(paragraph: str, families: tuple[str, ...]) -> bool:
    """Tell whether a paragraph is one of these or below one: 3A090.b.1 is below 3A090.b."""
    return any(paragraph == family or paragraph.startswith(f"{family}.") for family in families)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the rules: binding from `since`; `not_enforced` from that day, though it still stands."""

    id: str
    names: Names
    did: Names
    since: date
    published: date
    not_enforced: date | None
    paragraphs: tuple[Paragraph, ...]
    outside: tuple[Outside, ...]
    outcomes: tuple[Outcome, ...]
    citation: Citation

    def governs(self, on: date) -> bool:
        """Tell whether it binds on that day and is enforced."""
        return self.since <= on and (self.not_enforced is None or on < self.not_enforced)

    def stands_unenforced(self, on: date) -> bool:
        """Tell whether it is in the books on that day, and nobody enforces it or it does not bind yet."""
        return self.published <= on and not self.governs(on)


class Effect(StrEnum):
    """What a notice does."""

    BY_LETTER = "licence_required_by_letter"
    GP10 = "gp10_presumption"
    WARNING = "warning"
    COST = "cost"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Applies:
    """Items that a notice speaks of: everything that is given must fit."""

    chips: frozenset[str] = frozenset()
    designer_in: frozenset[str] = frozenset()
    vendor: str | None = None
    paragraphs: tuple[str, ...] = ()
    datacentre: bool | None = None
    reaching: tuple[Test, ...] = ()
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter, a guidance or news: no rule, binding from `since` and before `ends`."""

    id: str
    names: Names
    since: date
    ends: date | None
    effect: Effect
    over: frozenset[Authorisation]
    applies: tuple[Applies, ...]
    wheres: tuple[Where, ...]
    exporter: str | None
    citation: Citation

    def holds(self, on: date) -> bool:
        """Tell whether it holds on that day."""
        return self.since <= on and (self.ends is None or on < self.ends)


@dataclass(frozen=True, slots=True)
class Use:
    """An end use or party that an officer has to judge."""

    id: str
    names: Names
    cites: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Watched:
    """Something that is no law, and may become one."""

    names: Names
    citation: Citation


@dataclass(frozen=True, slots=True)
class Book:
    """All that a determination is made by."""

    versions: tuple[Version, ...]
    notices: tuple[Notice, ...]
    uses: Mapping[str, Use]
    watched: tuple[Watched, ...]
    checked_until: date
    atlas: Atlas
    items: Mapping[str, Item]

    def governing(self, on: date) -> Version:
        """Return the version that governs a day; raises `Invalid` before the first."""
        found = [version for version in self.versions if version.governs(on)]
        if found:
            return found[-1]
        first = self.versions[0].since
        said = message(
            gettext_noop(
                "Nothing is on file for {value}: the first version of the rules is of {first}. Give a later day."
            ),
            value=on,
            first=first,
        )
        raise Invalid(
            "controls.date.too_early",
            said,
            faults=[Fault("controls.date.too_early", said, field="date", value=str(on))],
        )

    def first_answered(self, countries: Iterable[str]) -> date:
        """Return the first day on which something can be said of a journey between these countries."""
        first = self.versions[0].since
        early = (self.atlas.unanswered(country, first) for country in countries)
        return max([first, *(reading.since for reading in early if reading)])

    def unenforced(self, on: date) -> list[Version]:
        """Return the versions that are in the books on that day and do not govern, unless a later one took over."""
        return [version for version in self.versions if version.stands_unenforced(on)]

    def next_after(self, on: date) -> Version | None:
        """Return the next version that comes into force after a day."""
        return next(
            (version for version in self.versions if version.since > on and version.governs(version.since)), None
        )
