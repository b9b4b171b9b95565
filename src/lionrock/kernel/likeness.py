"""Names that look alike: letters of two alphabets in one word, and names whose letters look the same.

A small rule of our own, for names of organisations and persons. It knows the letters of Greek and Cyrillic that are
drawn as Latin ones, and the digits that pass for letters; accents and capitals count for nothing. Chinese characters
stay as they are: two of them that look alike are two words.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_LATIN_FOR: Final = {
    "a": "аα", "b": "вьβ", "c": "с", "d": "ԁ", "e": "еε", "h": "нһη", "i": "іι", "j": "ј", "k": "кκ", "l": "1ıӏ",
    "m": "мμ", "n": "ν", "o": "0оο", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "тτ", "w": "ԝ", "x": "хχ",
    "y": "уγυ", "z": "ζ",
}  # fmt: skip
_DRAWN_ALIKE: Final = str.maketrans({each: latin for latin, others in _LATIN_FOR.items() for each in others})
_ONE_FOR: Final = (("rn", "m"), ("vv", "w"), ("i", "l"))
_ALPHABETS: Final = ("LATIN", "CYRILLIC", "GREEK")
_SMALL_GREEK_ALIKE: Final = frozenset("ον")
"""The other small letters of Greek are no Latin ones to anybody: βVAE and μSR are names of laboratories."""


def skeleton(name: str) -> str:
    """Return what a name looks like at a glance: two names with one skeleton are easily taken for each other."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    drawn = "".join(each for each in plain if each.isalnum()).translate(_DRAWN_ALIKE)
    for looks, like in _ONE_FOR:
        drawn = drawn.replace(looks, like)
    return drawn


def mixed_word(name: str) -> str:
    """Return the first word that mixes letters of two alphabets which look alike; empty when none does."""
    return next((word for word in name.split() if len(_alphabets(word)) > 1), "")


def _alphabets(word: str) -> set[str]:
    return {_alphabet(each) for each in word} - {""}


def _alphabet(letter: str) -> str:
    """Return the alphabet of a letter; empty for those that nobody takes for a letter of another one."""
    known = unicodedata.name(letter, "").partition(" ")[0]
    if known == "GREEK" and letter.islower() and letter not in _SMALL_GREEK_ALIKE:
        return ""
    return known if known in _ALPHABETS else ""
