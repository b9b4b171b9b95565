"""One answer against its field: what was typed is kept as it was typed, and what is wrong with it is said.

An answer is a text, or a list of the ids of options. Numbers, dates, addresses and choices may be
typed with the full-width characters of a Chinese keyboard; they are read as the narrow ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from lionrock.applications.domain.requests import FIRST_YEAR, LARGEST, LAST_YEAR
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.texts import check_line, check_paragraph
from lionrock.rules.forms import Core, FieldKind, FormField, Slot

Value = str | list[str]

KEPT_LENGTH: Final = 100_000
"""Characters of one answer that are kept at all, whatever is wrong with it."""
KEPT_CHOICES: Final = 500
LARGEST_WHOLE: Final = 1_000_000_000
YES: Final = "yes"
NO: Final = "no"
_SHOWN: Final = 60
_LARGEST_OF: Final = {Core.COUNT: LARGEST["count"], Core.MONTHS: LARGEST["months"], Core.HOURS: LARGEST["hours"]}
_WHOLE = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\.]+(?:\.[^\s@<>()\[\],;:\"\\.]+)+")
_ADDRESS_LENGTH: Final = 254
_TELEPHONE = re.compile(r"\+?[0-9(][0-9 ()./-]*(?: ?(?:ext\.?|x|#) ?[0-9]{1,6})?", re.IGNORECASE)
_DIGITS_OF_A_TELEPHONE = range(5, 22)
_WIDE = re.compile("[\u2e80-\u2fdf\u3001-\u303f\u3040-\u30ff\u3100-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
                   "\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff]")  # fmt: skip


def empty_of(field: FormField) -> Value:
    """Return what stands in a box that nobody has filled."""
    return [] if field.kind is FieldKind.CHOICES else ""


def is_empty(value: Value) -> bool:
    """Tell whether nothing is answered: no text but blanks, no option."""
    return not value if isinstance(value, list) else not value.strip()


def cannot_keep(slot: Slot, value: object) -> Fault | None:
    """Return why something cannot even be kept as typed: its shape, its size, a character no table holds."""
    texts = value if isinstance(value, list) else [value]
    fits = isinstance(value, list) is (slot.field.kind is FieldKind.CHOICES) and len(texts) <= KEPT_CHOICES
    if not fits or not all(isinstance(each, str) and _can_be_stored(each) for each in texts):
        template = gettext_noop("“{value}” in {field} cannot be kept: it is too long, or holds what is no text.")
        return _fault(slot, "applications.answer.cannot_keep", template, str(value))
    return None


def _can_be_stored(text: str) -> bool:
    return len(text) <= KEPT_LENGTH and "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def check_answer(slot: Slot, value: Value, options: Collection[str] = ()) -> Fault | None:
    """Return what is wrong with an answer, None for one that fits; an empty one is never wrong, only missing.

    `options` are the ids that may be chosen in a field of choices.
    """
    if is_empty(value):
        return None
    if isinstance(value, list) or slot.field.kind is FieldKind.CHOICES:
        return _check_choices(slot, [value] if isinstance(value, str) else value, options)
    return _check_text(slot, value, options)


def _check_text(slot: Slot, value: str, options: Collection[str]) -> Fault | None:
    kind = slot.field.kind
    if kind in (FieldKind.LINE, FieldKind.PARAGRAPH):
        return _check_words(slot, value)
    if kind is FieldKind.WHOLE:
        return _check_whole(slot, value)
    if kind is FieldKind.CHOICE:
        return _check_choices(slot, [value], options)
    return _check_pattern(slot, value)


def narrow(text: str) -> str:
    """Return a text without blanks around it, full-width digits and letters as narrow ones."""
    return unicodedata.normalize("NFKC", text).strip()


def read_whole(value: Value) -> int | None:
    """Return the whole number that was typed, with or without commas between thousands; None for anything else."""
    text = narrow(value) if isinstance(value, str) else ""
    return int(text.replace(",", "")) if _WHOLE.fullmatch(text) else None


def read_day(value: Value) -> date | None:
    """Return the day that was typed as 2026-03-02; None for anything else."""
    text = narrow(value) if isinstance(value, str) else ""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def read_flag(value: Value) -> bool | None:
    """Return yes or no; None for anything else."""
    text = narrow(value).lower() if isinstance(value, str) else ""
    return {YES: True, NO: False}.get(text)


def lengths(text: str) -> tuple[int, int]:
    """Return how many words a text has, and how many of them are characters of Chinese.

    As word processors count: each Chinese character is one, its punctuation included, and so is each run of
    other characters between blanks.
    """
    wide = len(_WIDE.findall(text))
    return wide + len(_WIDE.sub(" ", text.replace("\u200b", " ")).split()), wide


def _check_words(slot: Slot, value: str) -> Fault | None:
    check = check_line if slot.field.kind is FieldKind.LINE else check_paragraph
    try:
        check(value, field=slot.key)
    except Invalid as wrong:
        fault = wrong.faults[0]
        named = Message(fault.message.template, fault.message.fields | {"field": slot.field.names})
        return replace(fault, message=named)
    return _check_length(slot, value)


def _check_length(slot: Slot, value: str) -> Fault | None:
    count, wide = lengths(value)
    longest = slot.field.longest
    in_chinese = slot.language.startswith("zh") if slot.language else wide * 2 > count
    limit = longest.characters if in_chinese else longest.words
    if limit is None and not slot.language:
        limit = longest.words or longest.characters
    if limit is None or count <= limit:
        return None
    template = (
        gettext_noop("{field} has {count} characters; {longest} are allowed. Take out {surplus} or more.")
        if in_chinese
        else gettext_noop("{field} has {count} words; {longest} are allowed. Take out {surplus} or more.")
    )
    more = {"count": count, "longest": limit, "surplus": count - limit}
    return _fault(slot, "applications.answer.long", template, value, **more)


def _check_whole(slot: Slot, value: str) -> Fault | None:
    read = read_whole(value)
    largest = _LARGEST_OF.get(slot.field.core, LARGEST_WHOLE) if slot.field.core else LARGEST_WHOLE
    least = max(slot.field.least or 0, 1 if slot.field.core else 0)
    most = largest if slot.field.most is None else min(slot.field.most, largest)
    if read is not None and least <= read <= most:
        return None
    template = gettext_noop("“{value}” in {field} is not a whole number from {least} to {most}. Write one in digits.")
    return _fault(slot, "applications.answer.whole", template, value, least=least, most=most)


def _check_pattern(slot: Slot, value: str) -> Fault | None:
    fits, template = _PATTERNS[slot.field.kind]
    return None if fits(value) else _fault(slot, f"applications.answer.{slot.field.kind.value}", template, value)


def _is_address(value: str) -> bool:
    text = narrow(value)
    return len(text) <= _ADDRESS_LENGTH and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def _is_telephone(value: str) -> bool:
    text = narrow(value)
    return _TELEPHONE.fullmatch(text) is not None and sum(map(str.isdigit, text)) in _DIGITS_OF_A_TELEPHONE


def _is_day(value: str) -> bool:
    return read_day(value) is not None


def _is_flag(value: str) -> bool:
    return read_flag(value) is not None


_PATTERNS: Final[Mapping[FieldKind, tuple[Callable[[str], bool], str]]] = MappingProxyType(
    {
        FieldKind.DATE: (
            _is_day,
            gettext_noop("“{value}” in {field} is not a day. Write year, month and day, such as 2026-04-01."),
        ),
        FieldKind.FLAG: (
            _is_flag,
            gettext_noop("“{value}” in {field} is neither yes nor no. Write yes or no."),
        ),
        FieldKind.EMAIL: (
            _is_address,
            gettext_noop("“{value}” in {field} is not an e-mail address. Write one such as name@example.org."),
        ),
        FieldKind.TELEPHONE: (
            _is_telephone,
            gettext_noop("“{value}” in {field} is not a telephone number. Write digits, such as +852 2123 4567."),
        ),
    }
)


def _check_choices(slot: Slot, chosen: list[str], options: Collection[str]) -> Fault | None:
    unknown = [each for each in chosen if each not in options]
    if unknown:
        template = gettext_noop("“{value}” in {field} cannot be chosen. Choose from: {known}.")
        return _fault(slot, "applications.answer.choice", template, unknown[0], known=", ".join(options) or "–")
    if len(set(chosen)) != len(chosen):
        template = gettext_noop("“{value}” in {field} is chosen twice. Choose each once.")
        return _fault(slot, "applications.answer.twice", template, ", ".join(chosen))
    least, most = (slot.field.least or 0, slot.field.most) if slot.field.kind is FieldKind.CHOICES else (0, None)
    if least <= len(chosen) and (most is None or len(chosen) <= most):
        return None
    template = gettext_noop("{count} are chosen in {field}. Choose from {least} to {most}.")
    more = {"count": len(chosen), "least": least, "most": len(options) if most is None else most}
    return _fault(slot, "applications.answer.many", template, ", ".join(chosen), **more)


def shown(value: str) -> str:
    """Return the beginning of what was typed, in one line that can be shown."""
    line = " ".join(value[: _SHOWN * 4].split())
    printable = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in line[:_SHOWN])
    return f"{printable}…" if len(line) > _SHOWN or len(value) > _SHOWN * 4 else printable


def _fault(slot: Slot, code: str, template: str, value: str, **more: object) -> Fault:
    said = message(template, field=slot.field.names, value=shown(value), **more)
    return Fault(code, said, field=slot.key, value=shown(value))
