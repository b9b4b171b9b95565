"""Whether an application is complete: every gap, each with the place where it is filled."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from lionrock.applications.domain.answers import is_empty, read_whole, shown
from lionrock.applications.domain.asked import (
    DECLARATION,
    DOCUMENT,
    Answers,
    Asked,
    Entries,
    answer_of,
    declaration_key,
    document_key,
    is_owed,
    must_be_filled,
)
from lionrock.applications.domain.core import read_core, request_from, signed
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.rules.forms import Core, FormPart, Portion, Slot, key_of
from lionrock.rules.terms import Document

_LANGUAGES: Final = {
    "en": gettext_noop("English"),
    "zh-hant": gettext_noop("Traditional Chinese"),
    "zh-hans": gettext_noop("Simplified Chinese"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or wrong: its sentence, and where it is mended.

    `key` is that of a box, `part` that of a whole part, or `document:…` and `declaration:…`; `part`
    is "document" or "declaration" for those two, and `number` is 0 where the part does not repeat.
    """

    key: str
    part: str
    number: int
    fault: Fault
    answered: bool = False
    """Whether something stands there, and cannot stay so."""

    @property
    def said(self) -> Message:
        """The sentence."""
        return self.fault.message


@dataclass(frozen=True, slots=True)
class Filled:
    """What there is of an application: its answers as typed, its entries, the documents with a file."""

    answers: Answers
    entries: Entries
    documents: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Completeness:
    """The gaps in the order of the form; how many things are required, and how many of them are there."""

    gaps: tuple[Gap, ...]
    required: int
    filled: int

    @property
    def complete(self) -> bool:
        """Whether it can be handed in, as far as the form goes."""
        return not self.gaps

    def of_part(self, part: str, number: int | None = None) -> tuple[Gap, ...]:
        """Return the gaps of one part, or of one entry of it."""
        return tuple(gap for gap in self.gaps if gap.part == part and number in (None, gap.number))


def completeness(asked: Asked, filled: Filled) -> Completeness:
    """Return every gap; a text that is there but cannot stay so is one."""
    checks = [*_boxes(asked, filled), *_entries(asked, filled), *_owed(asked, filled), *_declared(asked, filled)]
    gaps = [gap for gap in checks if gap is not None]
    required = sum(1 for gap in checks if gap is None or not gap.answered)
    return Completeness((*gaps, *_shares(asked, filled)), required, sum(1 for gap in checks if gap is None))


def _gap(key: str, part: str, said: Message, code: str, number: int = 0, *, answered: bool = False) -> Gap:
    return Gap(key, part, number, Fault(f"applications.incomplete.{code}", said, field=key), answered)


def _boxes(asked: Asked, filled: Filled) -> Iterator[Gap | None]:
    """Yield None for each required box that is filled, and a gap for each that is not, or not rightly."""
    for slot in asked.slots(filled.answers, filled.entries):
        value = answer_of(slot, filled.answers)
        fault = asked.fault(slot, value)
        if fault is not None:
            yield Gap(slot.key, slot.part.id, slot.number, fault, answered=True)
        elif must_be_filled(slot):
            yield _missing(slot) if is_empty(value) else None


def _missing(slot: Slot) -> Gap:
    template = gettext_noop("“{field}” is empty. Fill it in.")
    if len(slot.field.languages) > 1:
        template = gettext_noop("“{field}” is empty in {language}. Fill it in.")
    said = message(template, field=slot.field.names, language=message(_LANGUAGES.get(slot.language, slot.language)))
    return _gap(slot.key, slot.part.id, said, "empty", slot.number)


def _entries(asked: Asked, filled: Filled) -> Iterator[Gap | None]:
    for part in asked.form.parts:
        count = len(filled.entries.get(part.id, ()))
        if part.repeats and count < part.least:
            template = gettext_noop("“{part}” is there {count} times; {least} are needed. Add the missing ones.")
            said = message(template, part=part.names, count=count, least=part.least)
            yield _gap(part.id, part.id, said, "entries")
        elif part.repeats and count > part.most:
            template = gettext_noop("“{part}” is there {count} times; {most} are allowed. Remove what is too many.")
            said = message(template, part=part.names, count=count, most=part.most)
            yield _gap(part.id, part.id, said, "too_many", answered=True)


def _owed(asked: Asked, filled: Filled) -> Iterator[Gap | None]:
    for document in asked.documents(filled.answers):
        if is_owed(document):
            yield None if document.id in filled.documents else _not_attached(document)


def _not_attached(document: Document) -> Gap:
    said = message(gettext_noop("The document “{document}” is missing. Attach it."), document=document.label)
    return _gap(document_key(document.id), DOCUMENT, said, "document")


def _declared(asked: Asked, filled: Filled) -> Iterator[Gap | None]:
    declared = signed(asked, filled.answers)
    for each in asked.terms.declarations():
        if each.asked and each.id not in declared:
            said = message(gettext_noop("Not declared: “{label}” Declare it, if it is so."), label=each.label)
            yield _gap(declaration_key(each.id), DECLARATION, said, "declaration")
        elif each.asked:
            yield None


def _shares(asked: Asked, filled: Filled) -> Iterator[Gap]:
    """Yield a gap for each repeated part whose entries together need more than the application asks for."""
    request = request_from(read_core(asked, filled.answers))
    if request is None:
        return
    item = asked.terms.programme.items.get(request.item)
    for part in asked.form.parts:
        each = item.counts_as.get(unit) if item and (unit := _unit(part)) else None
        needed = _needed(part, filled)
        if each is not None and needed > (whole := request.count * each * request.months):
            template = gettext_noop(
                "The entries of “{part}” need {needed} ({unit} × months) together; the application asks for {asked}. "
                "Ask for more, or plan less."
            )
            said = message(template, part=part.names, needed=needed, unit=_unit(part), asked=whole)
            key = asked.form.core_key(Core.COUNT) or part.id
            fault = Fault("applications.incomplete.share", said, field=key, value=shown(str(filled.answers.get(key))))
            yield Gap(key, key.partition(".")[0], 0, fault, answered=True)


def _unit(part: FormPart) -> str | None:
    return next((each.unit for each in part.fields if each.portion is Portion.COUNT), None)


def _needed(part: FormPart, filled: Filled) -> int:
    """Return the devices of all entries, each for its months; what cannot be read is a gap of its own, and no part."""
    fields = part.portions()
    if fields is None:
        return 0
    total = 0
    for number in filled.entries.get(part.id, ()) if part.repeats else (0,):
        count, months = (read_whole(filled.answers.get(key_of(part, each.id, number), "")) for each in fields)
        total += (count or 0) * (months or 0)
    return total
