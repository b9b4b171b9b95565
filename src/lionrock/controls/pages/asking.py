"""What the pages share: who may look, what is typed in the form, and the answer in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from lionrock.controls.domain.answers import Determination, Question
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.rules import Authorisation, Book, Review
from lionrock.controls.reading.book import load_book
from lionrock.controls.reading.described import catalogued
from lionrock.controls.rows import read_day
from lionrock.controls.wording import AUTHORISATIONS, REVIEWS, paragraph_said
from lionrock.kernel.errors import Fault, Invalid, NotAllowed, collecting
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import viewer_of

_MARKETED = {"yes": True, "no": False}
CHIPS = ("chip", "chip2", "chip3")
"""Names of the boxes for what is in a server; the first is the item when it is alone."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word of an answer, and how it feels."""

    tone: str
    text: Message


@dataclass(frozen=True, slots=True)
class Headline:
    """An answer in three words."""

    paragraph: Message | str
    authorisation: Said
    review: Said | None


def book_for(request: HttpRequest) -> Book:
    """Return the controls on file for a visitor who may look; raises `NotAllowed`."""
    return book_seen_by(viewer_of(request))


def book_seen_by(viewer: Actor) -> Book:
    """Return the controls on file for a viewer who may look; raises `NotAllowed`."""
    _require(viewer)
    return load_book(settings.LIONROCK_RULEBOOK)


def _require(viewer: Actor) -> None:
    """Whoever works for a programme in a role that shows all of it may look."""
    if not viewer.operator and not viewer.programmes():
        said = message(
            gettext_noop("Export controls are for those who work for a programme. Ask its office for a role.")
        )
        raise NotAllowed("controls.pages.staff", said)


def today() -> date:
    """Return today in the zone of the house."""
    return local_date(timezone.now(), house_zone())


def typed(request: HttpRequest) -> dict[str, str]:
    """Return what stands in the boxes: what was typed, or what one usually asks."""
    names = (*CHIPS, "date", "to", "from", "headquarters", "marketed", "use")
    found = {name: request.GET.get(name, "").replace("\0", "").strip() for name in names}
    return {**found, "date": found["date"] or str(today())}


def journey_of(boxes: dict[str, str]) -> Question:
    """Return the question of a form without its items; raises `Invalid` for its day."""
    uses = (boxes["use"],) if boxes["use"] else ()
    return Question(
        items=(),
        on=read_day(boxes["date"]),
        destination=boxes["to"].upper(),
        exporting_from=boxes["from"].upper() or None,
        headquarters=boxes["headquarters"].upper() or None,
        datacentre=_MARKETED.get(boxes["marketed"]),
        uses=uses,
    )


def question_of(book: Book, boxes: dict[str, str]) -> Question:
    """Return the question of a form; raises `Invalid` with every fault of it."""
    faults: list[Fault] = []
    items: tuple[Item, ...] = ()
    question = None
    with collecting(faults):
        items = catalogued(book.items, [boxes[name] for name in CHIPS if boxes[name]])
    with collecting(faults):
        question = journey_of(boxes)
    if faults or question is None:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    return replace(question, items=items)


def choices_of(book: Book) -> dict[str, object]:
    """Return what the boxes choose from: items by vendor, countries by name, uses."""
    language = get_language() or "en"
    countries = [(code, names.in_language(language)) for code, names in book.atlas.names.items()]
    return {
        "items": sorted(book.items.values(), key=lambda item: (item.vendor, item.name)),
        "countries": sorted(countries, key=lambda pair: pair[1]),
        "uses": list(book.uses.values()),
    }


def headline(answer: Determination) -> Headline:
    """Return an answer in words."""
    return said_of(answer.paragraph, answer.authorisation, answer.review)


def said_of(paragraph: str, authorisation: Authorisation, review: Review) -> Headline:
    """Return paragraph, authorisation and review policy in words."""
    tone, text = AUTHORISATIONS[authorisation]
    policy = None if review is Review.NOT_APPLICABLE else Said(REVIEWS[review][0], message(REVIEWS[review][1]))
    return Headline(paragraph_said(paragraph), Said(tone, message(text)), policy)
