"""Which paragraph an item falls under by a version; what is missing makes it unknown, and never none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lionrock.controls.domain.figures import Kind
from lionrock.controls.domain.lines import Measures, Test, all_met
from lionrock.controls.domain.rules import NO_PARAGRAPH, NOT_LISTED, UNKNOWN_PARAGRAPH, Outside, Paragraph, Version


@dataclass(frozen=True, slots=True)
class Classified:
    """The paragraph of an item, or `unknown` with all that it may be.

    `by` are the paragraphs and notes that decided; `open` the tests that nobody can answer.
    """

    paragraph: str
    possible: tuple[str, ...]
    by: tuple[Paragraph | Outside, ...]
    open: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is classified: its quantities, its kind, and whether it is designed or marketed for data centres."""

    measured: Measures
    kind: Kind
    datacentre: bool | None


def classify(version: Version, subject: Subject) -> Classified:
    """Return the paragraph of an item by a version."""
    asked = [paragraph for paragraph in version.paragraphs if paragraph.of is subject.kind]
    if not asked:
        return Classified(NO_PARAGRAPH, (NO_PARAGRAPH,), (), ())
    met, unsure = _walk(asked, subject)
    note = _left_outside(version, subject) if met or unsure else None
    if note and note[1]:
        return Classified(note[0].id, (note[0].id,), (*met, note[0]), ())
    possible = list(_possible(met, unsure, note[0] if note else None))
    still_open = tuple(_open(unsure, note[0] if note else None, subject))
    if len(possible) == 1:
        return Classified(possible[0], tuple(possible), tuple(met), still_open)
    return Classified(UNKNOWN_PARAGRAPH, tuple(possible), (*met, *unsure), still_open)


def _walk(asked: Sequence[Paragraph], subject: Subject) -> tuple[list[Paragraph], list[Paragraph]]:
    """Return the first paragraph that is met with those joined to it, and those before or beside it that are open."""
    met: list[Paragraph] = []
    unsure: list[Paragraph] = []
    for paragraph in asked:
        if met and not (paragraph.joined and paragraph.joined == met[0].joined):
            continue
        answer = all_met(paragraph.tests, subject.measured)
        if answer is not False:
            (met if answer else unsure).append(paragraph)
    return met, unsure


def _left_outside(version: Version, subject: Subject) -> tuple[Outside, bool] | None:
    """Return the note that leaves the item outside, and whether it does for sure."""
    for note in version.outside:
        marketing = None if subject.datacentre is None else subject.datacentre is note.datacentre
        answers = {marketing if note.datacentre is not None else True, all_met(note.tests, subject.measured)}
        if note.of is subject.kind and False not in answers:
            return note, None not in answers
    return None


def _possible(met: Sequence[Paragraph], unsure: Sequence[Paragraph], note: Outside | None) -> Iterator[str]:
    if met:
        yield joined_name(met)
        for extra in unsure:
            yield joined_name([*met, extra]) if extra.joined and extra.joined == met[0].joined else extra.id
    else:
        yield from (paragraph.id for paragraph in unsure)
        yield NOT_LISTED
    if note:
        yield note.id


def joined_name(paragraphs: Sequence[Paragraph]) -> str:
    """Return the name of paragraphs that are met together: 3A090.b.1 and 3A090.b.2 are 3A090.b.1+b.2."""
    first, *others = (paragraph.id for paragraph in paragraphs)
    return "+".join([first, *(other.split(".", 1)[-1] for other in others)])


def _open(unsure: Sequence[Paragraph], note: Outside | None, subject: Subject) -> Iterator[Test]:
    notes = note.tests if note else ()
    for test in [*(test for paragraph in unsure for test in paragraph.tests), *notes]:
        if test.met_by(subject.measured[test.quantity]) is None:
            yield test
