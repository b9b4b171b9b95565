"""The page of two days: what changed between them, and by which text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.controls.domain.comparing import Comparison, Step, compare
from lionrock.controls.domain.rules import Book
from lionrock.controls.pages.asking import Headline, book_for, choices_of, headline, question_of, typed
from lionrock.controls.rows import read_day
from lionrock.controls.showing import DISCLAIMER
from lionrock.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as it is shown."""

    step: Step
    said: Headline


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """Show the form, and what changed when something is asked."""
    book, boxes = book_for(request), typed(request)
    boxes["until"] = request.GET.get("until", "").strip() or boxes["date"]
    boxes["date"] = request.GET.get("date", "").strip() or str(_first(book, boxes))
    found, wrong = _compared(book, boxes) if boxes["chip"] or boxes["to"] else (None, None)
    context = {
        **choices_of(book),
        "typed": boxes,
        "wrong": wrong,
        "found": found,
        "before": headline(found.before) if found else None,
        "after": headline(found.after) if found else None,
        "steps": [Shown(step, headline(step.answer)) for step in found.steps] if found else [],
        "answers": _answers(boxes),
        "disclaimer": gettext(DISCLAIMER),
    }
    return render(request, "controls/comparison.html", context, status=422 if wrong else 200)


def _answers(boxes: dict[str, str]) -> str:
    """Return the address of the determination of what is asked; it wants a day."""
    asked = {name: text for name, text in boxes.items() if text and name not in ("date", "until")}
    return f"{reverse('controls:list')}?{urlencode(asked)}"


def _first(book: Book, boxes: dict[str, str]) -> date:
    return book.first_answered(boxes[name].upper() for name in ("to", "from", "headquarters"))


def _compared(book: Book, boxes: dict[str, str]) -> tuple[Comparison | None, Invalid | None]:
    try:
        question = question_of(book, boxes)
        return compare(book, question, question.on, read_day(boxes["until"])), None
    except Invalid as wrong:
        return None, wrong
