"""A job's output as text that is safe to show: a program may write anything, a reader's terminal obeys."""

from __future__ import annotations

import codecs
import unicodedata

_KEPT = "\n\t"
_PICTURES = 0x2400  # Unicode's pictures of the control characters start here, in the same order
_DELETE = "\x7f"


class LogText:
    """Turns pieces of output into visible text, across the borders of the pieces.

    What is not UTF-8 becomes �, control characters become their pictures (␛), characters that turn
    the direction of text their number; line ends of every kind become one.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._after_return = False

    def show(self, piece: bytes, *, last: bool = False) -> str:
        """Return the visible text of the next piece."""
        text = self._decoder.decode(piece, last)
        if self._after_return and text.startswith("\n"):
            text = text[1:]
        if text:
            self._after_return = text.endswith("\r")
        return visible(text.replace("\r\n", "\n").replace("\r", "\n"))


def visible(text: str) -> str:
    """Return the text with every character that a terminal would obey made visible."""
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character
    if character < " ":
        return chr(_PICTURES + ord(character))
    return "␡" if character == _DELETE else f"\\u{ord(character):04x}"
