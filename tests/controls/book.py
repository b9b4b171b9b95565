"""The controls on file, and questions about them in a line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from lionrock.controls.domain.answers import Determination, Question
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.rules import Book
from lionrock.controls.reading.book import load_book

RULEBOOK = Path(__file__).resolve().parents[2] / "rulebook"


def on_file() -> Book:
    """Return the controls of the project's rulebook."""
    return load_book(RULEBOOK)


def question(book: Book, chip: str, on: str, to: str, **more: Any) -> Question:
    """Return a question about one chip or several with spaces between; from the US and for the destination's own."""
    items = tuple(book.items[name] for name in chip.split())
    given: dict[str, Any] = {"exporting_from": "US", "headquarters": to, **more}
    return Question(items, date.fromisoformat(on), to, **given)


def asked(chip: str, on: str, to: str, book: Book | None = None, **more: Any) -> Determination:
    """Return the determination."""
    known = book or on_file()
    return determine(known, question(known, chip, on, to, **more))


def words(answer: Determination) -> tuple[str, str, str]:
    """Return paragraph, authorisation and review policy."""
    return answer.paragraph, answer.authorisation.value, answer.review.value
