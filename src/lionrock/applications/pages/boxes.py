"""A part of the form as a page shows it: questions, each with its boxes, and what stands in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language

from lionrock.applications.domain.answers import Value, empty_of
from lionrock.applications.domain.asked import Asked, must_be_filled
from lionrock.applications.models import Answer
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.rules.forms import Core, FieldKind, FormField, FormPart, Slot
from lionrock.rules.items import Mode
from lionrock.rules.terms import Label
from lionrock.web import writing
from lionrock.web.context import tag
from lionrock.web.sentences import translate

YES_AND_NO = (("yes", gettext_noop("Yes")), ("no", gettext_noop("No")))
_INPUTS = {FieldKind.EMAIL: "email", FieldKind.TELEPHONE: "tel", FieldKind.DATE: "date"}
_CONTROLS = {
    FieldKind.PARAGRAPH: "text",
    FieldKind.CHOICE: "radio",
    FieldKind.FLAG: "radio",
    FieldKind.CHOICES: "checkbox",
}


class Held(Protocol):
    """What stands in a box, in which version."""

    @property
    def version(self) -> int:
        """How often it was changed."""

    @property
    def value(self) -> Value:
        """A text, or the options that were chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question: what is kept, how it is named, and what should be known before it is chosen."""

    id: str
    label: Label
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """What somebody else wrote in a box while the viewer wrote there too, and the mark of that version."""

    said: Message
    value: Value
    shown: str
    read: str


@dataclass(frozen=True)
class Box:
    """One box: what stands in it, which version that was read from, what is wrong with it."""

    slot: Slot
    value: Value
    read: str
    fault: Fault | None = None
    conflict: Clash | None = None

    @property
    def key(self) -> str:
        """Its key among the answers; also its name and id on the page."""
        return self.slot.key

    @property
    def lang(self) -> str:
        """The language of what is written in it, as HTML names it; empty where none is asked for."""
        return tag(self.slot.language) if self.slot.language else ""

    @property
    def language(self) -> str:
        """The name of that language."""
        return str(dict(settings.LANGUAGES)[self.slot.language]) if self.slot.language else ""

    @property
    def required(self) -> bool:
        """Whether the application is incomplete without it."""
        return must_be_filled(self.slot)

    @property
    def chosen(self) -> list[str]:
        """What is chosen in it, in a box of choices."""
        return self.value if isinstance(self.value, list) else [self.value]

    @property
    def words(self) -> int | None:
        """The most words that it takes, where they are counted."""
        return None if self.slot.language.startswith("zh") else self.slot.field.longest.words

    @property
    def characters(self) -> int | None:
        """The most characters of Chinese that it takes, where they are counted."""
        return None if self.slot.language == "en" else self.slot.field.longest.characters

    @cached_property
    def limit(self) -> Message | None:
        """The limit in a sentence."""
        if self.words and self.characters:
            both = gettext_noop("At most {words} words of English, or {characters} characters of Chinese.")
            return message(both, words=self.words, characters=self.characters)
        if self.words:
            return message(gettext_noop("At most {words} words."), words=self.words)
        if self.characters:
            return message(gettext_noop("At most {characters} characters."), characters=self.characters)
        return None

    @property
    def input(self) -> str:
        """The type of its input element; a date that cannot be read is shown as it was typed."""
        kind = _INPUTS.get(self.slot.field.kind, "text")
        return "text" if kind == "date" and self.fault is not None else kind

    @property
    def is_short(self) -> bool:
        """Whether what is typed is a number or a date."""
        return self.slot.field.kind in (FieldKind.WHOLE, FieldKind.DATE)


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form with its boxes (one a language) and its choices."""

    field: FormField
    boxes: tuple[Box, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def control(self) -> str:
        """How it is answered: in a line, in a text, by one choice (radio) or by several (checkbox)."""
        return _CONTROLS.get(self.field.kind, "line")


def digest(value: Value) -> str:
    """Return a short mark of a value, by which one tells whether it was touched."""
    return hashlib.sha256(json.dumps(value or "").encode()).hexdigest()[:16]


def token(answer: Held | None) -> str:
    """Return which version of an answer a page shows, and the mark of its text."""
    return f"{answer.version}.{digest(answer.value)}" if answer else f"0.{digest('')}"


def typed_in(post: QueryDict, slot: Slot) -> Value:
    """Return what was posted in a box, with the line ends that we keep."""
    if slot.field.kind is FieldKind.CHOICES:
        return post.getlist(slot.key)
    return post.get(slot.key, "").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Written:
    """What fills a part: the answers on file, and, after a form was posted, what was wrong and what clashed."""

    answers: Mapping[str, Answer]
    typed: Mapping[str, Value] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    clashes: Mapping[str, Clash] = field(default_factory=dict)

    def box(self, slot: Slot) -> Box:
        """Return one box; after a clash it counts as read from the version that the viewer is now shown."""
        answer = self.answers.get(slot.key)
        kept = answer.value if answer else empty_of(slot.field)
        value = self.typed.get(slot.key, kept)
        return Box(slot, value, token(answer), self.faults.get(slot.key), self.clashes.get(slot.key))


def slots_of(part: FormPart, number: int, category: str) -> list[Slot]:
    """Return the boxes of a part, or of one entry of it, that this category of applicant is shown."""
    shown = [each for each in part.fields if not each.shown_to or category in each.shown_to]
    return [Slot(part, number, each, language) for each in shown for language in each.languages or ("",)]


def questions(asked: Asked, slots: list[Slot], written: Written) -> list[Question]:
    """Return the questions that these boxes belong to, in order."""
    fields = {slot.field.id: slot.field for slot in slots}
    return [
        Question(
            each,
            tuple(written.box(slot) for slot in slots if slot.field.id == each.id),
            tuple(choices(each, asked)),
        )
        for each in fields.values()
    ]


def choices(asked_for: FormField, asked: Asked) -> Iterator[Choice]:
    """Yield what can be chosen; an item of the price list comes with its price."""
    if asked_for.kind is FieldKind.FLAG:
        yield from (Choice(each, message(label)) for each, label in YES_AND_NO)
    for option in asked.options(asked_for):
        yield Choice(option.id, option.label, _price(asked, option.id) if asked_for.core is Core.ITEM else None)


def _price(asked: Asked, item: str) -> Message:
    listed = asked.terms.price(item)
    price = listed.price if listed else None
    return message(_PRICES[asked.terms.programme.item(item).mode if price else None], price=price)


_PRICES: Mapping[Mode | None, str] = {
    Mode.LEASE: gettext_noop("{price} a month each, reserved for you"),
    Mode.METERED: gettext_noop("{price} an hour each, for the time used"),
    None: gettext_noop("has no price today"),
}


def clash(asked: Asked, slot: Slot, theirs: Answer | None, zone: ZoneInfo) -> Clash:
    """Return what somebody else wrote in a box, for whoever wrote there too; None: they emptied it."""
    value = theirs.value if theirs else empty_of(slot.field)
    template = gettext_noop("{author} changed this on {at}, while you were writing. What stands there now:")
    said = message(template, author=theirs.changed_by, at=writing.instant(theirs.changed_at, zone)) if theirs else None
    said = said or message(gettext_noop("Somebody emptied this while you were writing."))
    return Clash(said, value, shown_value(asked, slot, value), token(theirs))


def shown_value(asked: Asked, slot: Slot, value: Value) -> str:
    """Return an answer as people read it: the names of what was chosen, else the text itself."""
    named = {choice.id: choice.label for choice in choices(slot.field, asked)}
    if not named:
        return value if isinstance(value, str) else ", ".join(value)
    picked = value if isinstance(value, list) else [value]
    return ", ".join(label_text(named[each]) if each in named else each for each in picked)


def label_text(label: Label) -> str:
    """Return what the rulebook calls something, in the language of the page."""
    if isinstance(label, Message):
        return translate(label)
    return label.in_language(get_language() or settings.LANGUAGE_CODE)
