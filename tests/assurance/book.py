"""The rules of the gate on file, and assessments of answers in a line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from lionrock.assurance.domain.answering import Answers, Sheet
from lionrock.assurance.domain.assessing import Assessment, assess
from lionrock.assurance.domain.checking import check_answers
from lionrock.assurance.domain.rules import Book
from lionrock.assurance.reading.book import load_book

RULEBOOK = Path(__file__).resolve().parents[2] / "rulebook"
TODAY = date(2026, 11, 23)


@cache
def on_file() -> Book:
    """Return the rules of the project's rulebook."""
    return load_book(RULEBOOK)


def sheet(on: date = TODAY, **answers: str) -> Sheet:
    """Return the sheet of answers; several options of one question are written with spaces between."""
    return check_answers(on_file().at(on), {name: tuple(text.split()) for name, text in answers.items()})


def assessed(on: date = TODAY, items: Iterable[str] = (), **answers: str) -> Assessment:
    """Return the assessment of answers, with these items answered."""
    return assess(sheet(on, **answers), dict.fromkeys(items, "on file"))


def as_asked(wanted: Answers) -> tuple[Answers, Assessment]:
    """Answer one question after the other, as long as one is asked; return what was answered, and the assessment."""
    given: dict[str, tuple[str, ...]] = {}
    while True:
        found = assess(check_answers(on_file().at(TODAY), given))
        if not found.next:
            return given, found
        given[found.next[0].id] = wanted[found.next[0].id]
