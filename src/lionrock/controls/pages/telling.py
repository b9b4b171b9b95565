"""The page of a centre over time: what each rule did to its options, for whoever has to decide."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.controls.domain.answers import Determination
from lionrock.controls.domain.choosing import Way, is_sold
from lionrock.controls.domain.explaining import shown
from lionrock.controls.domain.figures import Figure
from lionrock.controls.domain.story import Chapter, Option, Span, tell
from lionrock.controls.drawing import draw
from lionrock.controls.pages.asking import Headline, Said, book_for, headline
from lionrock.controls.reading.story import has_story, load_plot
from lionrock.controls.showing import DISCLAIMER
from lionrock.controls.wording import WAYS
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.shape import Names

TOLD = (Way.FREE, Way.EXCEPTION, Way.LIKELY, Way.CASE_BY_CASE, Way.DENIED)
"""The ways of which a chapter tells the best; the last to say what is out of reach."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The best that a way leaves, as it is shown."""

    way: Said
    option: Option
    megawatts: Decimal | None


@dataclass(frozen=True, slots=True)
class Told:
    """A chapter as it is shown."""

    number: int
    chapter: Chapter
    did: tuple[Names, ...]
    held: Headline
    sold: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A span of the table beside the picture."""

    span: Span
    said: Said | None
    answer: Determination | None


@require_safe
def over_time(request: HttpRequest) -> HttpResponse:
    """Show the story of the rulebook as a picture, chapters and a table."""
    book = book_for(request)
    if not has_story(settings.LIONROCK_RULEBOOK):
        raise NotFound("controls.story.absent", message(gettext_noop("This rulebook tells no story of a centre.")))
    story = tell(book, load_plot(settings.LIONROCK_RULEBOOK, book))
    plot = story.plot
    chapters = [_told(number, chapter) for number, chapter in enumerate(story.chapters, 1)]
    rate = plot.held.figures.known[Figure.FP16]
    context = {
        "plot": plot,
        "picture": draw(story),
        "chapters": chapters,
        "lanes": [(lane.item, [_cell(span) for span in lane.spans]) for lane in story.lanes],
        "countries": book.atlas.names,
        "destination": book.atlas.names[plot.destination],
        "exporting_from": book.atlas.names[plot.exporting_from],
        "gap": plot.goal_petaflops - plot.held_petaflops,
        "devices": -(-plot.held_petaflops * 1000 // rate),
        "disclaimer": gettext(DISCLAIMER),
        "checked_until": book.checked_until,
        "watched": book.watched,
        "periods": [(number, period, _amount(period.to_be_had)) for number, period in enumerate(story.periods)],
    }
    return render(request, "controls/over_time.html", context)


def _told(number: int, chapter: Chapter) -> Told:
    options = dict(chapter.options)
    return Told(
        number=number,
        chapter=chapter,
        did=tuple(names for cause in chapter.causes if not cause.ended and (names := cause.did or cause.names)),
        held=headline(chapter.answer),
        sold=is_sold(chapter.answer.question.items[0], chapter.day.on),
        choices=tuple(_choice(way, options[way]) for way in TOLD if way in options),
    )


def _choice(way: Way, option: Option) -> Choice:
    tone, text = WAYS[way]
    return Choice(Said(tone, message(text)), option, _amount(option))


def _amount(option: Option | None) -> Decimal | None:
    """Return the power that an option draws, in megawatts; None where it is not known."""
    return None if option is None or option.megawatts is None else Decimal(shown(option.megawatts, 1))


def _cell(span: Span) -> Cell:
    if span.way is None:
        return Cell(span, None, None)
    tone, text = WAYS[span.way]
    return Cell(span, Said(tone, message(text)), span.answer)
