"""How close to a line an item lies, and what the answer would be on its other side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from lionrock.controls.domain.answers import Near, Ruling
from lionrock.controls.domain.classifying import Subject, classify
from lionrock.controls.domain.deciding import Matter, heed, rule, tell, without_exceptions
from lionrock.controls.domain.figures import Quantity
from lionrock.controls.domain.lines import Measures, Side, Test
from lionrock.controls.domain.rules import Book, Version

BORDERLINE: Final = Fraction(5, 1000)
"""Data sheets round, which moves performance by up to 0.2 per cent between formats; within 0.5 per cent it is said."""
NEAR: Final = Fraction(5, 100)
_HAIR: Final = Fraction(1, 10**6)


def nearby(book: Book, version: Version, matter: Matter, paragraph: str, ruling: Ruling) -> Iterator[Near]:
    """Yield the lines of a version within five per cent, where crossing one would change the answer."""
    seen: set[tuple[Quantity, Fraction]] = set()
    for test in _tests(book, version, matter):
        measure = matter.measured[test.quantity]
        value = measure.exact
        if value is None or not test.line or (test.quantity, test.line) in seen:
            continue
        distance = abs(value - test.line) / Fraction(test.line)
        if distance > NEAR:
            continue
        seen.add((test.quantity, test.line))
        across = replace(matter, measured=_moved(matter.measured, test, value))
        other, then = _answer(book, version, across)
        if (other, then.authorisation, then.review) != (paragraph, ruling.authorisation, ruling.review):
            yield Near(test, measure, distance, distance <= BORDERLINE, other, then.authorisation, then.review)


def _tests(book: Book, version: Version, matter: Matter) -> Iterator[Test]:
    """Yield the tests of a version, and those of the notices that hold."""
    yield from (test for paragraph in version.paragraphs for test in paragraph.tests)
    yield from (test for note in version.outside for test in note.tests)
    yield from (test for outcome in version.outcomes for test in outcome.tests)
    for notice in book.notices:
        if notice.holds(matter.question.on):
            for applies in notice.applies:
                yield from applies.reaching


def _moved(measured: Measures, test: Test, value: Fraction) -> Measures:
    """Return the quantities with one put on the other side of a line, by a hair."""
    counts_in = test.side in (Side.AT_LEAST, Side.BELOW)
    is_above = value >= test.line if counts_in else value > test.line
    moved = test.line - _HAIR if is_above and counts_in else test.line if is_above or counts_in else test.line + _HAIR
    return {**measured, test.quantity: replace(measured[test.quantity], low=moved, high=moved)}


def _answer(book: Book, version: Version, matter: Matter) -> tuple[str, Ruling]:
    classified = classify(version, Subject(matter.measured, matter.item.figures.kind, matter.datacentre))
    ruling = rule(version, classified.possible, matter)
    if matter.question.uses:
        ruling = without_exceptions(ruling)
    final, _ = heed(ruling, tell(book.notices, classified.possible, matter))
    return classified.paragraph, final
