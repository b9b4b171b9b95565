"""The application form of a programme as it stands on one day: parts, fields, languages, limits.

A form is data of the programme (`questions.yaml`), so that no page and no check knows a field by
name, but for those few that are `core`: what is asked for, by whom, under which title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lionrock.kernel.findings import Citation
from lionrock.rules.faultlog import Place
from lionrock.rules.shape import Names


class FieldKind(StrEnum):
    """What is typed into a field."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    WHOLE = "whole"
    DATE = "date"
    EMAIL = "email"
    TELEPHONE = "telephone"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"


class Core(StrEnum):
    """Fields that the engine itself acts on; each stands at most once in a form, in a part that does not repeat."""

    CATEGORY = "category"
    TITLE = "title"
    PURPOSE = "purpose"
    ITEM = "item"
    COUNT = "count"
    MONTHS = "months"
    HOURS = "hours"
    STARTS = "starts"
    OTHER_SUBSIDY = "other_subsidy"


class Portion(StrEnum):
    """What an entry of a repeated part takes of the whole request: so many devices, for so many months."""

    COUNT = "count"
    MONTHS = "months"


ALWAYS_ASKED = (Core.CATEGORY, Core.TITLE, Core.ITEM, Core.COUNT, Core.MONTHS, Core.STARTS)
"""What no application can do without: every form asks these, of everybody, and requires an answer."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field; `id` is what is kept."""

    id: str
    names: Names


@dataclass(frozen=True, slots=True)
class Longest:
    """The most that may be typed: words of English, characters of Chinese; None: no limit is stated."""

    words: int | None = None
    characters: int | None = None


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    `languages` is empty for a field that is filled once; for one in several languages it holds the
    codes ("en", "zh-hant") that are asked for, of which those in `required_languages` must be
    filled if the field is required. `longest` is for lines and paragraphs. `least` and `most` bound
    a whole number, or how many of the `options` are chosen. A core field category or item has no
    options, since the programme's categories and price list are its choices. `shown_to` empty:
    every category of applicant is asked. `note` tells what is not known about the field. A field
    with a `portion` is part of what is asked for: the devices of all entries, each for its months,
    are within the request; `unit` is what those devices are counted in ("card").
    """

    id: str
    kind: FieldKind
    names: Names
    help: Names | None
    required: bool
    languages: tuple[str, ...]
    required_languages: tuple[str, ...]
    longest: Longest
    least: int | None
    most: int | None
    options: tuple[Option, ...]
    shown_to: tuple[str, ...]
    core: Core | None
    identifies: bool
    """Whether it tells who the applicant is: left out where assessors are not to know."""
    note: str | None = None
    portion: Portion | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class FormPart:
    """A part of a form; one that repeats is filled once for each entry, from `least` to `most` of them.

    `citation` is where the part comes from, when that is not where the form comes from.
    """

    id: str
    names: Names
    help: Names | None
    repeats: bool
    most: int
    fields: tuple[FormField, ...]
    least: int = 1
    citation: Citation | None = None

    def portions(self) -> tuple[FormField, FormField] | None:
        """Return the fields that say how many devices, and for how many months; None unless it has both."""
        found = {each.portion: each for each in self.fields}
        count, months = found.get(Portion.COUNT), found.get(Portion.MONTHS)
        return (count, months) if count and months else None


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """A version of the form, the day from which it holds, and where its shape comes from."""

    since: date
    citation: Citation
    parts: tuple[FormPart, ...]
    note: str | None = None

    @property
    def questions(self) -> int:
        """How many fields it has, each counted once."""
        return sum(len(part.fields) for part in self.parts)

    def part(self, part_id: str) -> FormPart | None:
        """Return one part, or None."""
        return next((part for part in self.parts if part.id == part_id), None)

    def core_key(self, core: Core) -> str | None:
        """Return the key of a core field (without language), or None where the form does not ask it."""
        found = ((part, each) for part in self.parts for each in part.fields if each.core is core)
        return next((key_of(part, each.id, 0) for part, each in found), None)

    def slots(self, entries: dict[str, tuple[int, ...]]) -> Iterator[Slot]:
        """Yield every box that can be filled, in the order of the form, given the entries of repeated parts."""
        for part in self.parts:
            for number in entries.get(part.id, ()) if part.repeats else (0,):
                for each in part.fields:
                    for language in each.languages or ("",):
                        yield Slot(part, number, each, language)


@dataclass(frozen=True, slots=True)
class DatedForm:
    """What is known of the form from a day on; `form` None: not known, and `citation` where one looked."""

    since: date
    form: ApplicationForm | None
    citation: Citation
    note: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Slot:
    """One box of a filled form: a field, of one entry of its part, in one language."""

    part: FormPart
    number: int
    field: FormField
    language: str

    @property
    def key(self) -> str:
        """Its key among the answers: "project.1.title.en", "applicant.employees"."""
        return key_of(self.part, self.field.id, self.number, self.language)


def key_of(part: FormPart, field: str, number: int, language: str = "") -> str:
    """Return the key of a box; the number only where the part repeats, the language only where one is asked."""
    pieces = [part.id, *([str(number)] if part.repeats else []), field, *([language] if language else [])]
    return ".".join(pieces)
