"""The page of what could be bought instead."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.controls.domain.choosing import OUT_OF_REACH, Best, Choice, best_of, choices
from lionrock.controls.domain.explaining import shown
from lionrock.controls.domain.figures import Figure
from lionrock.controls.domain.rules import Book
from lionrock.controls.pages.asking import Headline, Said, book_for, choices_of, headline, journey_of, typed
from lionrock.controls.showing import DISCLAIMER
from lionrock.controls.wording import WAYS
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import message


@dataclass(frozen=True, slots=True)
class Row:
    """A choice as it is shown; figures that are not known are empty."""

    choice: Choice
    way: Said
    said: Headline
    rate: str
    memory: str
    power: str
    per_watt: str


@require_safe
def alternatives(request: HttpRequest) -> HttpResponse:
    """Show what is sold by a day, the easiest way first, and the best of each way."""
    book, boxes = book_for(request), typed(request)
    everything = request.GET.get("all") == "yes"
    found, wrong = _found(book, boxes) if boxes["to"] else ([], None)
    in_reach = [each for each in found if everything or each.way not in OUT_OF_REACH]
    context = {
        **choices_of(book),
        "typed": boxes,
        "everything": everything,
        "wrong": wrong,
        "asked": bool(boxes["to"]) and wrong is None,
        "rows": [_row(each) for each in in_reach],
        "best": [_best(each) for each in best_of(in_reach)],
        "left_out": len(found) - len(in_reach),
        "disclaimer": gettext(DISCLAIMER),
    }
    return render(request, "controls/alternatives.html", context, status=422 if wrong else 200)


def _found(book: Book, boxes: dict[str, str]) -> tuple[list[Choice], Invalid | None]:
    try:
        return choices(book, replace(journey_of(boxes), datacentre=None)), None
    except Invalid as wrong:
        return [], wrong


def _row(choice: Choice) -> Row:
    known = choice.item.figures.known
    return Row(
        choice=choice,
        way=way_said(choice),
        said=headline(choice.answer),
        rate=shown(choice.rate) if choice.rate is not None else "",
        memory=shown(known[Figure.MEMORY_GB]) if Figure.MEMORY_GB in known else "",
        power=shown(known[Figure.POWER]) if Figure.POWER in known else "",
        per_watt=shown(choice.per_watt, 2) if choice.per_watt is not None else "",
    )


def way_said(choice: Choice) -> Said:
    """Return how far a choice can be counted on, in words."""
    tone, text = WAYS[choice.way]
    return Said(tone, message(text))


def _best(best: Best) -> dict[str, object]:
    tone, text = WAYS[best.way]
    return {"way": Said(tone, message(text)), "by_rate": best.by_rate, "by_power": best.by_power}
