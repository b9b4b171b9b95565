"""What people write in a line or a paragraph: kept as written, and refused when it could not be shown again."""

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

    That is: nothing where something is required, more than `longest` characters, a line break or
    another control character, a broken byte, a mark that turns the direction of writing.
    """
    if required and not text.strip():
        template = gettext_noop("The {field} is empty. Write one.")
        raise _invalid("kernel.texts.empty", template, field, text)
    return _check(text, field, longest, allowed="")


def check_paragraph(text: str, *, field: str, longest: int = PARAGRAPH_LENGTH) -> str:
    """Return a text that may have several lines; raises `Invalid` as `check_line` does."""
    return _check(text, field, longest, allowed="\n\r\t")


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


def _invalid(code: str, template: str, field: str, text: str, **more: object) -> Invalid:
    shown = "".join(f"\\u{ord(each):04x}" if _cannot_be_shown(each) else each for each in text[:_SHOWN])
    value = f"{shown}…" if len(text) > _SHOWN else shown
    said = message(template, field=field, value=value, **more)
    return Invalid(code, said, faults=[Fault(code, said, field=field, value=value)])


def storable(text: str) -> str:
    """Return text from elsewhere as a database takes it: it knows no NUL, and no half of a character."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
