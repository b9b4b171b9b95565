"""An application to be read: its parts and answers in all their languages, its files, its declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from lionrock.applications.domain.answers import Value, is_empty, read_day, read_whole
from lionrock.applications.domain.asked import Asked, answer_of
from lionrock.applications.domain.core import signed
from lionrock.applications.models import Submission
from lionrock.applications.pages.boxes import shown_value
from lionrock.applications.pages.sheets import Sheet
from lionrock.rules.forms import FieldKind, FormField, FormPart, Slot
from lionrock.rules.shape import Names
from lionrock.rules.terms import Declaration, Label
from lionrock.web.context import tag


@dataclass(frozen=True, slots=True)
class Text:
    """An answer in one language, or in none; a day and a number are written as the page's language writes them."""

    language: str
    lang: str
    text: str
    day: date | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A question with what was answered to it; no texts: nothing was."""

    names: Names
    texts: tuple[Text, ...]

    @property
    def is_long(self) -> bool:
        """Whether it needs the width of the page."""
        return any(len(text.text) > 90 or "\n" in text.text for text in self.texts)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the form, or one entry of it."""

    names: Names
    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A document that is attached; `id` leads to it."""

    id: int
    label: Label
    name: str
    size: int
    pages: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What an application says, at the time of a submission or now."""

    round: int
    at: datetime
    by: str
    sha256: str
    chapters: tuple[Chapter, ...]
    files: tuple[File, ...]
    declared: tuple[Declaration, ...]
    undeclared: tuple[Declaration, ...]


def paper_of(sheet: Sheet, submission: Submission | None = None) -> Paper:
    """Return what was handed in, word for word; without a submission, what stands in the application now."""
    if submission is None:
        files = [_file(sheet.asked, vars(each)) for each in sheet.files]
        return _paper(sheet.asked, sheet.values, sheet.entries, files, (0, sheet.now, "", ""))
    content = submission.content
    entries = {part: tuple(numbers) for part, numbers in content["entries"].items()}
    files = [_file(sheet.asked, each) for each in content["documents"]]
    told = (submission.round, submission.submitted_at, submission.submitted_by, submission.sha256)
    return _paper(sheet.asked, content["answers"], entries, files, told)


def _paper(
    asked: Asked,
    answers: Mapping[str, Value],
    entries: Mapping[str, tuple[int, ...]],
    files: Iterable[File],
    told: tuple[int, datetime, str, str],
) -> Paper:
    category, declared = asked.category(answers), set(signed(asked, answers))
    chapters = [
        _chapter(asked, part, number, category, answers)
        for part in asked.form.parts
        for number in (entries.get(part.id, ()) if part.repeats else (0,))
    ]
    asks = [each for each in asked.terms.declarations() if each.asked]
    return Paper(
        *told,
        chapters=tuple(chapters),
        files=tuple(sorted(files, key=lambda file: str(file.label))),
        declared=tuple(each for each in asks if each.id in declared),
        undeclared=tuple(each for each in asks if each.id not in declared),
    )


def _chapter(asked: Asked, part: FormPart, number: int, category: str, answers: Mapping[str, Value]) -> Chapter:
    shown = [each for each in part.fields if not each.shown_to or category in each.shown_to]
    return Chapter(part.names, number, tuple(_line(asked, part, number, each, answers) for each in shown))


def _line(asked: Asked, part: FormPart, number: int, field: FormField, answers: Mapping[str, Value]) -> Line:
    slots = [Slot(part, number, field, language) for language in field.languages or ("",)]
    filled = [(slot, value) for slot in slots if not is_empty(value := answer_of(slot, answers))]
    return Line(field.names, tuple(_text(asked, slot, value) for slot, value in filled))


def _text(asked: Asked, slot: Slot, value: Value) -> Text:
    code = slot.language
    language = str(dict(settings.LANGUAGES)[code]) if code else ""
    day = read_day(value) if slot.field.kind is FieldKind.DATE else None
    number = read_whole(value) if slot.field.kind is FieldKind.WHOLE else None
    return Text(language, tag(code) if code else "", shown_value(asked, slot, value), day, number)


def _file(asked: Asked, kept: Mapping[str, object]) -> File:
    labels = {each.id: each.label for each in asked.terms.documents()}
    document = str(kept["document"])
    fields = {name: kept[name] for name in ("id", "name", "size", "pages", "sha256")}
    return File(label=labels.get(document, Names(document)), **fields)  # type: ignore[arg-type]


def rounds_of(submissions: Sequence[Submission], wanted: str) -> Submission | None:
    """Return the submission of the round that is asked for, else the last one; None where there is none."""
    found = [each for each in submissions if str(each.round) == wanted] or submissions
    return found[-1] if found else None
