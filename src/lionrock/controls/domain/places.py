"""Countries, what the rules read them as, and who belongs to which group on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from lionrock.controls.domain.lines import all_of, any_of
from lionrock.kernel.findings import Citation, ParameterRead
from lionrock.rules.shape import Names

ANYWHERE: Final = "*"


@dataclass(frozen=True, slots=True)
class Change:
    """Who came to a group and who left it on a day."""

    since: date
    added: frozenset[str]
    removed: frozenset[str]
    citation: Citation


@dataclass(frozen=True, slots=True)
class ReadAs:
    """A country that the rules read as another from a day on; `unanswered_before` it no answer is given."""

    country: str
    other: str
    since: date
    citation: Citation
    unanswered_before: bool


@dataclass(frozen=True, slots=True)
class Atlas:
    """All countries by code, the groups by name, and who is read as whom."""

    names: Mapping[str, Names]
    groups: Mapping[str, tuple[Change, ...]]
    readings: tuple[ReadAs, ...]

    def reading(self, country: str, on: date) -> ReadAs | None:
        """Return how a country is read on that day, where it is read as another."""
        found = [each for each in self.readings if each.country == country and each.since <= on]
        return found[-1] if found else None

    def unanswered(self, country: str, on: date) -> ReadAs | None:
        """Return the reading before which nothing can be said of a country, where that day is before it."""
        wanted = (each for each in self.readings if each.country == country and each.unanswered_before)
        return next((each for each in wanted if on < each.since), None)

    def members(self, group: str, on: date) -> frozenset[str]:
        """Return who belongs to a group on that day."""
        held: frozenset[str] = frozenset()
        for change in self.groups[group]:
            if change.since <= on:
                held = (held | change.added) - change.removed
        return held

    def belongs(self, country: str, words: frozenset[str], on: date) -> bool:
        """Tell whether a country, or what it is read as, is one of these countries or in one of these groups."""
        reading = self.reading(country, on)
        spellings = {country, reading.other if reading else country}
        if ANYWHERE in words or spellings & words:
            return True
        return any(spellings & self.members(word, on) for word in words if word in self.groups)

    def read(self, country: str, words: frozenset[str], on: date) -> list[ParameterRead]:
        """Return by which values a country belongs to these groups: its reading, and each membership."""
        reading = self.reading(country, on)
        code = reading.other if reading else country
        reads = [] if reading is None else [_reading_read(reading)]
        for word in sorted(words & set(self.groups)):
            changes = [each for each in self.groups[word] if each.since <= on and code in each.added]
            if changes and code in self.members(word, on):
                reads.append(ParameterRead(f"countries.{word}", code, changes[-1].since, changes[-1].citation))
        return reads

    def changes_between(self, first: date, last: date) -> list[date]:
        """Return the days after the first and up to the last on which a group or a reading changed."""
        days = {change.since for changes in self.groups.values() for change in changes}
        days |= {reading.since for reading in self.readings}
        return sorted(day for day in days if first < day <= last)


def _reading_read(reading: ReadAs) -> ParameterRead:
    return ParameterRead(f"countries.read_as.{reading.country}", reading.other, reading.since, reading.citation)


@dataclass(frozen=True, slots=True)
class Journey:
    """Where an item comes from and goes to, and where whoever receives it has its headquarters."""

    destination: str
    exporting_from: str | None
    headquarters: str | None
    on: date


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on a journey; an empty set asks nothing. See the head of `versions.yaml`."""

    to: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    exporting_from: frozenset[str] = frozenset()
    besides: frozenset[str] = frozenset()
    within: bool = False

    def fits(self, journey: Journey, atlas: Atlas) -> bool | None:
        """Tell whether a journey fits; None when what was not told decides it."""
        on, destination = journey.on, journey.destination
        return all_of(
            (
                not self.to or atlas.belongs(destination, self.to, on),
                not atlas.belongs(destination, self.besides, on),
                _asked(self.of, journey.headquarters, atlas, on),
                _asked(self.exporting_from, journey.exporting_from, atlas, on),
                _within(journey, atlas) if self.within else True,
            )
        )

    def reads(self, journey: Journey, atlas: Atlas) -> list[ParameterRead]:
        """Return the values by which it fits."""
        found = atlas.read(journey.destination, self.to, journey.on)
        return found + (atlas.read(journey.headquarters, self.of, journey.on) if journey.headquarters else [])

    def lacking(self, journey: Journey) -> list[str]:
        """Name what it asks for and was not told."""
        asked = {
            "end_user_hq_country": (self.of, journey.headquarters),
            "exporting_from": (self.exporting_from or self.within, journey.exporting_from),
        }
        return [name for name, (wanted, given) in asked.items() if wanted and given is None]


def _asked(words: frozenset[str], country: str | None, atlas: Atlas, on: date) -> bool | None:
    if not words:
        return True
    return None if country is None else atlas.belongs(country, words, on)


def _within(journey: Journey, atlas: Atlas) -> bool | None:
    if journey.exporting_from is None:
        return None
    return _read_as(journey.exporting_from, atlas, journey.on) == _read_as(journey.destination, atlas, journey.on)


def _read_as(country: str, atlas: Atlas, on: date) -> str:
    reading = atlas.reading(country, on)
    return reading.other if reading else country


def any_fits(wheres: tuple[Where, ...], journey: Journey, atlas: Atlas) -> bool | None:
    """Tell whether one of several conditions fits."""
    return any_of(where.fits(journey, atlas) for where in wheres)
