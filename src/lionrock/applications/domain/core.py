"""What the engine itself reads out of the answers: what is asked for, by whom, under which title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from lionrock.applications.domain.answers import NO, YES, Value, read_day, read_flag, read_whole
from lionrock.applications.domain.asked import Answers, Asked, declaration_key
from lionrock.applications.domain.requests import Request
from lionrock.kernel.texts import LINE_LENGTH, PARAGRAPH_LENGTH
from lionrock.rules.forms import Core, FormField, FormPart, Slot, key_of

CoreValue = str | int | bool | date | list[str] | None
TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "title", "zh-hant": "title_zh_hant", "zh-hans": "title_zh_hans"}
)
"""The column of each language of the title."""
_READERS: Final[Mapping[Core, Callable[[Value], CoreValue]]] = MappingProxyType(
    {
        Core.COUNT: read_whole,
        Core.MONTHS: read_whole,
        Core.HOURS: read_whole,
        Core.STARTS: read_day,
        Core.OTHER_SUBSIDY: read_flag,
    }
)


def core_fields(asked: Asked) -> dict[Core, tuple[FormPart, FormField]]:
    """Return the fields of the form that the engine acts on."""
    return {each.core: (part, each) for part in asked.form.parts for each in part.fields if each.core is not None}


def read_core(asked: Asked, answers: Answers) -> dict[str, CoreValue]:
    """Return the columns of an application as its answers say them: those that the form asks, and no others.

    What cannot be read is empty or None there, and stays as typed among the answers.
    """
    found = core_fields(asked)
    columns: dict[str, CoreValue] = {"declarations": signed(asked, answers)}
    for core, (part, field) in found.items():
        if core is Core.TITLE:
            columns |= _titles(part, field, answers)
        else:
            columns[core.value] = _read(asked, part, field, answers)
    return columns


def signed(asked: Asked, answers: Answers) -> list[str]:
    """Return the declarations that are signed, in order of their ids."""
    known = [each.id for each in asked.terms.declarations()]
    return sorted(each for each in known if read_flag(answers.get(declaration_key(each), "")) is True)


def _read(asked: Asked, part: FormPart, field: FormField, answers: Answers) -> CoreValue:
    slot = Slot(part, 0, field, "")
    value = answers.get(slot.key, "")
    if field.core is Core.PURPOSE:
        return _text(_first_of(part, field, answers), PARAGRAPH_LENGTH)
    reader = _READERS.get(field.core) if field.core else None
    faulty = asked.fault(slot, value) is not None
    if reader is not None:
        return None if faulty else reader(value)
    return "" if faulty or not isinstance(value, str) else value


def _first_of(part: FormPart, field: FormField, answers: Answers) -> str:
    """Return the answer to a field, in the first of its languages that has one."""
    keys = [key_of(part, field.id, 0, language) for language in field.languages or ("",)]
    return next((text for key in keys if isinstance(text := answers.get(key, ""), str) and text.strip()), "")


def _titles(part: FormPart, field: FormField, answers: Answers) -> dict[str, CoreValue]:
    first = _text(_first_of(part, field, answers), LINE_LENGTH)
    columns: dict[str, CoreValue] = {}
    for language in field.languages:
        typed = answers.get(key_of(part, field.id, 0, language), "")
        columns[TITLES[language]] = _text(typed, LINE_LENGTH) if isinstance(typed, str) else ""
    return columns | {"title": columns.get("title") or first}


def _text(text: str, longest: int) -> str:
    """Return what can be shown of a text in a list: no line breaks, no control characters, so many at most."""
    kept = "".join(each if each.isprintable() or each == "\n" else " " for each in text)
    return (kept if longest > LINE_LENGTH else " ".join(kept.split()))[:longest].strip()


def request_from(columns: Mapping[str, CoreValue]) -> Request | None:
    """Return what is asked for, as a value; None while the columns do not say all of it."""
    item, count, months, starts = (columns.get(name) for name in ("item", "count", "months", "starts"))
    hours = columns.get("hours")
    if (
        not item
        or not isinstance(item, str)
        or not isinstance(count, int)
        or not isinstance(months, int)
        or not isinstance(starts, date)
    ):
        return None
    return Request(item, count, months, starts, hours if isinstance(hours, int) else None)


def as_typed(value: object) -> Value:
    """Return a value as one would type it: 3 as "3", a day as 2026-04-01, true as yes, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def core_answers(asked: Asked, given: Mapping[str, object]) -> dict[str, Value]:
    """Return the answers that say given columns, for the fields that the form asks; empty ones are left out."""
    answers = {declaration_key(each): YES for each in as_typed(given.get("declarations") or [])}
    for core, (part, field) in core_fields(asked).items():
        if core is Core.TITLE:
            for language in field.languages or ("",):
                answers[key_of(part, field.id, 0, language)] = str(given.get(TITLES[language or "en"]) or "")
        else:
            answers[key_of(part, field.id, 0, (*field.languages, "")[0])] = str(as_typed(given.get(core.value)))
    return {key: value for key, value in answers.items() if value}
