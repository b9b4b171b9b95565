"""What people write in a line or a paragraph: kept as written, and refused when it could not be shown again.

Every edge composes text first (`composed`): one character has one spelling (NFC), whichever keyboard wrote it.
Pages take out what nobody can see and no database can keep (`cleaned`); programs are told of it instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message

LINE_LENGTH = 200
PARAGRAPH_LENGTH = 20_000
_SHOWN = 60
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS_THE_LINE = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that count as letters, marks or symbols and show nothing."""
_ONLY_MARKS = frozenset({"Cf", "Mn", "Me"})
_VIRAMA = 9
_NEWER = (range(0x1F000, 0x1FB00), range(0x20000, 0x3FFFE))
"""Emoji and rare Chinese characters: Unicode adds to these blocks faster than Python learns of it."""


def check_lines(required: Mapping[str, str], optional: Mapping[str, str] | None = None) -> None:
    """Check texts of one line each, by field; raises one `Invalid` with the faults of all."""
    faults: list[Fault] = []
    for field, text in {**required, **(optional or {})}.items():
        with collecting(faults):
            check_line(text, field=field, required=field in required)
    if faults:
        raise Invalid("kernel.texts.line", faults[0].message, faults=faults)


def check_line(text: str, *, field: str, required: bool = True, longest: int = LINE_LENGTH) -> str:
    """Return a text of one line, such as a name or a title; raises `Invalid` for what cannot be one.

    That is: nothing that shows where something is required, more than `longest` characters, a line break
    or another control character, a broken byte, a mark that turns the direction of writing, and whatever
    shows nothing or is no character of Unicode. Joiners stay where a script or an emoji needs them.
    """
    line = composed(text)
    if required and _shows_nothing(line):
        template = gettext_noop("The {field} is empty. Write one.")
        raise _invalid("kernel.texts.empty", template, field, line)
    _check(line, field, longest, allowed="")
    if any(_hides(line, place) for place in range(len(line))):
        template = gettext_noop("“{value}” in {field} has a character that shows nothing, or is none. Take it out.")
        raise _invalid("kernel.texts.hidden", template, field, line)
    return line


def check_paragraph(text: str, *, field: str, longest: int = PARAGRAPH_LENGTH) -> str:
    """Return a text that may have several lines; raises `Invalid` as `check_line` does."""
    return _check(composed(text), field, longest, allowed="\n\r\t")


def _check(text: str, field: str, longest: int, allowed: str) -> str:
    if len(text) > longest:
        template = gettext_noop("“{value}” in {field} has {count} characters; {longest} fit. Shorten it.")
        raise _invalid("kernel.texts.long", template, field, text, count=len(text), longest=longest)
    if any(_cannot_be_shown(each) for each in text if each not in allowed):
        template = gettext_noop("“{value}” in {field} has a character that cannot be shown. Take it out.")
        raise _invalid("kernel.texts.character", template, field, text)
    return text


def _cannot_be_shown(character: str) -> bool:
    return unicodedata.category(character) in _UNPRINTABLE or character in _TURNS_THE_LINE


def _shows_nothing(line: str) -> bool:
    return all(each.isspace() or each in _BLANK or unicodedata.category(each) in _ONLY_MARKS for each in line)


def _hides(line: str, place: int) -> bool:
    """Tell whether a character of a line shows nothing, or is none."""
    character = line[place]
    if character.isascii():
        return False
    if character in _JOINERS:
        return not _joins(line[place - 1 : place], line[place + 1 : place + 2])
    if character in _BLANK - {"\u2800"}:
        return True
    category = unicodedata.category(character)
    unknown = category == "Cn" and not any(ord(character) in block for block in _NEWER)
    return unknown or category in {"Cf", "Co"}


def _joins(before: str, after: str) -> bool:
    """Tell whether a joiner between two characters changes how they are written: emoji, and scripts that join."""
    if not before or not after:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    joined = all(unicodedata.category(each) in {"So", "Sk", "Cn"} or each == "\ufe0f" for each in (before, after))
    return joined or all("\u0600" <= each <= "\u1fff" for each in (before, after))


def _invalid(code: str, template: str, field: str, text: str, **more: object) -> Invalid:
    shown = escaped(text[:_SHOWN])
    value = f"{shown}…" if len(text) > _SHOWN else shown
    said = message(template, field=field, value=value, **more)
    return Invalid(code, said, faults=[Fault(code, said, field=field, value=value)])


def escaped(text: str) -> str:
    """Return a text so that everything in it is seen: what shows nothing is written as its number."""
    hidden = (_cannot_be_shown(each) or _hides(text, place) for place, each in enumerate(text))
    return "".join(_number(each) if hides else each for hides, each in zip(hidden, text, strict=True))


def _number(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def composed(text: str) -> str:
    """Return a text in the one spelling that is kept of it (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def cleaned(text: str) -> str:
    """Return what somebody typed or pasted, composed, without what no keyboard writes: NUL, and what turns the line."""
    if text.isascii() and "\0" not in text:
        return text
    return composed("".join(each for each in text if not is_no_text(each)))


def is_no_text(text: str) -> bool:
    """Tell whether a text holds what no edge takes in: NUL, half a character, a mark that turns the line."""
    return any(each == "\0" or each in _TURNS_THE_LINE or "\ud800" <= each <= "\udfff" for each in text)


def storable(text: str) -> str:
    """Return text from elsewhere as a database takes it: it knows no NUL, and no half of a character."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
