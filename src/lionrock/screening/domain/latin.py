"""Latin writing made plain: no case, no accents, no marks, one way to write what is written in several."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from lionrock.screening.domain.words import NUMBERS, PHRASES, SAME

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ħ": "h",
     "ŋ": "ng", "ŧ": "t", "ĸ": "k"}
)  # fmt: skip
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘ʻʼʿʾ`´′\u02b9"))
_CAMEL: Final = re.compile(r"(?<=[a-zà-þ]{2})(?=[A-ZÀ-Þ](?:[a-zà-þ]|[A-ZÀ-Þ]))")
_DOTTED: Final = re.compile(r"(?<![^\W_])((?:[^\W\d_]\.){2,}[^\W\d_]?)(?![^\W_])")
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th)")
_WORD: Final = re.compile(r"[a-z0-9]+")
_MIXED: Final = re.compile(r"(?=[0-9]*[a-z])[a-z0-9]*[0-9][a-z0-9]*")
_LOOKALIKES: Final = str.maketrans("013457 98".replace(" ", ""), "oieastgb")
_TENS: Final = range(20, 100, 10)


def fold(text: str) -> str:
    """Return the text in small letters without accents or apostrophes; other scripts stay as they are."""
    marked = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES).translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", marked) if not unicodedata.combining(c))
    return plain.translate(_LETTERS)


def words(text: str, *, organisation: bool) -> list[str]:
    """Return the words of a Latin name in their order.

    Joined words with a capital within are parted, initials with dots are one word of an organisation
    and several of a person, numbers in words are figures, and known short forms are written out.
    """
    straight = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    if not straight.isupper():
        straight = _CAMEL.sub(" ", straight)
    plain = fold(straight).replace("&", " and ").replace("%", " percent ")
    parted = (lambda found: found[0].replace(".", "")) if organisation else (lambda found: found[0].replace(".", " "))
    found = _WORD.findall(_DOTTED.sub(parted, plain))
    if organisation:
        return list(_phrased(_numbered(SAME.get(word, word) for word in map(_plain_ordinal, found))))
    return [word.translate(_LOOKALIKES) if _MIXED.fullmatch(word) else word for word in found]


def _plain_ordinal(word: str) -> str:
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else word


def _numbered(found: Iterator[str]) -> Iterator[str]:
    """Yield the words with numbers as figures; "forty four" and "forty 4" are one number."""
    tens = 0
    for word in found:
        number = int(word) if word.isdecimal() and len(word) < 3 else NUMBERS.get(word)
        if tens and number is not None and number < 10:
            yield str(tens + number)
            tens = 0
            continue
        if tens:
            yield str(tens)
        tens = number if number in _TENS and word in NUMBERS and number is not None else 0
        if not tens:
            yield word if number is None else str(number)
    if tens:
        yield str(tens)


def _phrased(found: Iterator[str]) -> Iterator[str]:
    held = list(found)
    at = 0
    while at < len(held):
        length = next((size for size in (4, 3, 2) if tuple(held[at : at + size]) in PHRASES), 1)
        yield PHRASES.get(tuple(held[at : at + length]), held[at])
        at += length


_SOUNDS: Final = (
    (re.compile("sch|sh|ch|tch|cz|zh|dj|kh|gh|ph|th"),
     {"sch": "s", "sh": "s", "ch": "s", "tch": "s", "cz": "s", "zh": "z", "dj": "j", "kh": "k", "gh": "g", "ph": "f",
      "th": "t"}),
    (re.compile("ck|[cqxwvpdbz]"),
     {"ck": "k", "c": "k", "q": "k", "x": "ks", "w": "v", "v": "v", "p": "p", "d": "d", "b": "b", "z": "s"}),
)  # fmt: skip


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """Return the consonants of a word as they sound, doubled ones once: Mohamed and Muhammad are both "mhmd".

    The first letter stays where it is a vowel, as "a"; a word of vowels alone is itself.
    """
    sounded = word
    for pattern, sounds in _SOUNDS:
        sounded = pattern.sub(lambda found, sounds=sounds: sounds[found[0]], sounded)  # type: ignore[misc]
    bones = [letter for letter in sounded if letter not in "aeiouy"]
    once = "".join(letter for at, letter in enumerate(bones) if not at or bones[at - 1] != letter)
    return ("a" if word[0] in "aeiou" else "") + once if once else word


def joined(found: Sequence[str]) -> str:
    """Return words as one."""
    return "".join(found)
