"""An application as an assessor reads it: what was handed in last; where that is hidden, not who applies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from lionrock.applications.domain.answers import NO, YES, Value, is_empty, read_day, read_whole
from lionrock.applications.domain.asked import Asked, answer_of
from lionrock.applications.models import Application, Submission
from lionrock.applications.queries import entries_of, files_of, values_of
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import programme_on_file
from lionrock.rules.forms import FieldKind, FormField, FormPart, Slot
from lionrock.rules.shape import Names
from lionrock.rules.terms import Label
from lionrock.web.context import tag

_LONG = 90
_FLAGS = {YES: gettext_noop("Yes"), NO: gettext_noop("No")}


@dataclass(frozen=True, slots=True)
class Text:
    """An answer in one language, or in none; days and numbers are written as the page's language writes them."""

    language: str
    lang: str
    labels: tuple[Label | str, ...]
    day: date | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A question with what was answered to it; no texts: nothing was."""

    names: Names
    texts: tuple[Text, ...]
    is_long: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the form, or one entry of it."""

    id: str
    names: Names
    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A document that was handed in."""

    id: int
    label: Label
    name: str
    size: int
    pages: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that an assessor reads; `unnamed`: without names, and so without files, which give them away."""

    chapters: tuple[Chapter, ...]
    files: tuple[File, ...]
    unnamed: bool


def reading_of(application: Application, *, unnamed: bool) -> Reading:
    """Return what was handed in last; where the form of that day is not known, no chapters."""
    rules = programme_on_file(application.call.programme)
    form = rules.form_on(local_date(application.created_at, rules.zone))
    content = _content(application)
    if form is None:
        return Reading((), (), unnamed)
    asked = Asked(form, rules.at(local_date(content.at, rules.zone)))
    chapters = tuple(_chapters(asked, content, unnamed=unnamed))
    return Reading(chapters, () if unnamed else tuple(_file(asked, each) for each in content.files), unnamed)


@dataclass(frozen=True, slots=True)
class _Content:
    at: datetime
    answers: Mapping[str, Value]
    entries: Mapping[str, tuple[int, ...]]
    files: tuple[Mapping[str, Any], ...]


def _content(application: Application) -> _Content:
    """Return the last submission word for word; an application from before there were any, as it stands."""
    last = Submission.objects.filter(application=application).order_by("round").last()
    if last is None:
        files = tuple(files_of(application).values("id", "document", "name", "size", "pages"))
        at = application.submitted_at or application.created_at
        return _Content(at, values_of(application), entries_of(application), files)
    kept = last.content
    entries = {part: tuple(numbers) for part, numbers in kept["entries"].items()}
    return _Content(last.submitted_at, kept["answers"], entries, tuple(kept["documents"]))


def _chapters(asked: Asked, content: _Content, *, unnamed: bool) -> Iterator[Chapter]:
    category = asked.category(content.answers)
    for part in asked.form.parts:
        fields = [each for each in part.fields if not each.shown_to or category in each.shown_to]
        shown = [each for each in fields if not (unnamed and each.identifies)]
        for number in content.entries.get(part.id, ()) if part.repeats else (0,):
            lines = tuple(_line(asked, part, number, each, content.answers) for each in shown)
            if lines:
                yield Chapter(part.id, part.names, number, lines)


def _line(asked: Asked, part: FormPart, number: int, field: FormField, answers: Mapping[str, Value]) -> Line:
    slots = [Slot(part, number, field, language) for language in field.languages or ("",)]
    filled = [(slot, value) for slot in slots if not is_empty(value := answer_of(slot, answers))]
    texts = tuple(_text(asked, slot, value) for slot, value in filled)
    return Line(field.names, texts, any(_is_long(value) for _, value in filled))


def _is_long(value: Value) -> bool:
    return isinstance(value, str) and (len(value) > _LONG or "\n" in value)


def _text(asked: Asked, slot: Slot, value: Value) -> Text:
    code = slot.language
    known: dict[str, Label] = {option.id: option.label for option in asked.options(slot.field)}
    if slot.field.kind is FieldKind.FLAG:
        known = {answer: message(label) for answer, label in _FLAGS.items()}
    labels = tuple(known.get(each, each) for each in (value if isinstance(value, list) else [value]))
    day = read_day(value) if slot.field.kind is FieldKind.DATE else None
    number = read_whole(value) if slot.field.kind is FieldKind.WHOLE else None
    language = str(dict(settings.LANGUAGES)[code]) if code else ""
    return Text(language, tag(code) if code else "", labels, day, number)


def _file(asked: Asked, kept: Mapping[str, Any]) -> File:
    labels = {each.id: each.label for each in asked.terms.documents()}
    document = kept["document"]
    return File(kept["id"], labels.get(document, Names(document)), kept["name"], kept["size"], kept["pages"])
