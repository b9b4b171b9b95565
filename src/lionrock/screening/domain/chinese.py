"""Chinese names: both scripts as one, and the Latin spellings that a name in characters may have.

Hanyu Pinyin comes from a dictionary; other ways to spell are data (`rulebook/screening/`), as is
Wade-Giles here, which is a rule. A spelling is looser than the characters: many names share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, product
from types import MappingProxyType
from typing import Final

import opencc

from lionrock.screening.domain.words import FORMS_HAN

Readings = Mapping[str, tuple[str, ...]]
"""How a character (or a surname of two) may be spelt where a place has its own ways; keys are Simplified."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a place's data says of Chinese: how characters are spelt there, and what common words mean in English.

    Keys are Simplified.
    """

    readings: Readings = field(default_factory=dict)
    english: Mapping[str, str] = field(default_factory=dict)


_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇]+")
_BRACKETS: Final = re.compile("[（(][^）)]*[）)]")
_MOST_SPELLINGS: Final = 24
_SURNAMES: Final = MappingProxyType(
    {"单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "朴": "piao", "盖": "ge", "查": "zha", "区": "ou",
     "翟": "zhai", "乐": "yue", "缪": "miao", "任": "ren", "冼": "xian", "覃": "qin", "召": "shao", "员": "yun",
     "折": "she", "种": "chong", "秘": "bi", "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "尉": "wei"}
)  # fmt: skip
"""Characters that are read otherwise as a surname."""
DOUBLE_SURNAMES: Final = frozenset(
    {"欧阳", "司徒", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙",
     "慕容", "长孙", "宇文", "令狐", "端木", "南宫", "轩辕", "独孤", "万俟", "闻人"}
)  # fmt: skip


@lru_cache(maxsize=2)
def _converter(direction: str) -> opencc.OpenCC:
    return opencc.OpenCC(direction)


def simplified(text: str) -> str:
    """Return Chinese text in Simplified characters; nothing else changes."""
    return str(_converter("t2s").convert(text))


def han_of(text: str) -> str:
    """Return the Chinese characters of a name, Simplified, without spaces and dots between them."""
    return simplified("".join(_HAN.findall(text)))


def latin_of(text: str) -> str:
    """Return a name without its Chinese characters."""
    return _HAN.sub(" ", text).strip(" ()（）·,，、")


def without_form(han: str) -> str:
    """Return the name of an organisation without its company form; at least two characters stay."""
    rest = _BRACKETS.sub("", han)
    for form in FORMS_HAN:
        if rest.endswith(form) and len(rest) - len(form) >= 2:
            return rest[: -len(form)]
    return rest


def surname_of(han: str) -> str:
    """Return the part of a personal name that is the surname: one character, or two that are known as one."""
    return han[:2] if han[:2] in DOUBLE_SURNAMES and len(han) > 2 else han[:1]


def in_pinyin(han: str, *, person: bool) -> list[str]:
    """Return the syllables in Hanyu Pinyin without tones; a surname is read as one."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary takes half a second to load

    first = surname_of(han) if person else ""
    if first in _SURNAMES:
        return [_SURNAMES[first], *lazy_pinyin(han[len(first) :])]
    return [syllable.replace("ü", "v") for syllable in lazy_pinyin(han)]


def spellings(han: str, readings: Readings, *, person: bool) -> list[tuple[str, ...]]:
    """Return the ways to spell a name in Latin letters, syllable by syllable, the usual one first."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - its dictionary takes half a second to load

    found = [tuple(in_pinyin(han, person=person))]
    if person:
        others = [
            dict.fromkeys(each.replace("ü", "v") for each in syllables)
            for syllables in pinyin(han, style=Style.NORMAL, heteronym=True)
        ]
        found += islice(product(*others), 6)
    found += islice(product(*_local(han, readings)), _MOST_SPELLINGS)
    return list(dict.fromkeys(found))


def _local(han: str, readings: Readings) -> list[tuple[str, ...]]:
    """Return the local spellings of each character, and Pinyin where it has none."""
    found, at = [], 0
    while at < len(han):
        size = 2 if han[at : at + 2] in readings else 1
        part = readings.get(han[at : at + size])
        found.append(part or (in_pinyin(han[at], person=False)[0],))
        at += size
    return found


def in_english(han: str, english: Mapping[str, str]) -> str:
    """Return the name of an organisation with its common words in English, and all else in Pinyin, joined."""
    found: list[str] = []
    rest = ""
    at = 0
    while at < len(han):
        size = next((size for size in range(min(6, len(han) - at), 0, -1) if han[at : at + size] in english), 0)
        if size:
            found += [_joined_pinyin(rest), english[han[at : at + size]]]
            rest = ""
        else:
            rest += han[at]
        at += max(size, 1)
    return " ".join(each for each in (*found, _joined_pinyin(rest)) if each)


def _joined_pinyin(han: str) -> str:
    return "".join(in_pinyin(han, person=False)) if han else ""


def known_readings(rows: Iterable[tuple[str, Sequence[str]]]) -> Readings:
    """Return the readings of a table, by Simplified character; what two Traditional ones have is put together."""
    found: dict[str, dict[str, None]] = {}
    for character, spelt in rows:
        found.setdefault(simplified(character), {}).update(dict.fromkeys(spelt))
    return MappingProxyType({character: tuple(spelt) for character, spelt in found.items()})


_INITIALS: Final = (
    ("ch'", "ch"), ("k'", "k"), ("p'", "p"), ("t'", "t"), ("ts'", "c"), ("tz'", "c"), ("hs", "x"), ("tz", "z"),
    ("ts", "z"), ("ch", "zh"), ("k", "g"), ("p", "b"), ("t", "d"), ("j", "r"),
)  # fmt: skip
_FINALS: Final = (("ung", "ong"), ("ien", "ian"), ("ieh", "ie"), ("ueh", "ue"), ("ih", "i"), ("eh", "e"), ("uei", "ui"))


@lru_cache(maxsize=4096)
def pinyin_of_wade_giles(syllable: str) -> tuple[str, ...]:
    """Return what a syllable in Wade-Giles, often written without its apostrophes, may be in Pinyin."""
    plain = syllable.casefold().replace("’", "'")
    aspirated = [plain] if "'" in plain else [plain, _aspirated(plain)]
    found: list[str] = []
    for each in aspirated:
        old, new = next(((old, new) for old, new in _INITIALS if each.startswith(old)), ("", ""))
        rest = each[len(old) :]
        for ending, instead in _FINALS:
            rest = rest[: -len(ending)] + instead if rest.endswith(ending) else rest
        palatal = rest.startswith(("i", "ü")) and new in ("zh", "ch")
        found.append(({"zh": "j", "ch": "q"}[new] if palatal else new) + rest)
    return tuple(dict.fromkeys(found))


def _aspirated(plain: str) -> str:
    return next(
        (f"{start}'{plain[len(start) :]}" for start in ("ch", "ts", "tz", "k", "p", "t") if plain.startswith(start)),
        plain,
    )


_WADE_ONLY: Final = re.compile(r"^(hs|tz|ts|ch|k|p|t|j)?'?[a-zü]+$")
_MARKS: Final = re.compile(r"hs|tz|ts|ih\b|ieh\b|ien\b|ung\b|ueh\b|'", re.I)


def wade_giles_as_pinyin(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the Pinyin of a name of two or three syllables that shows signs of Wade-Giles; else nothing.

    Mao Tse-tung gives "mao ze dong" among others, Hsi Chin-ping "xi jin ping".
    """
    if not 2 <= len(words) <= 4 or not _MARKS.search(" ".join(words)) or not all(map(_WADE_ONLY.match, words)):
        return []
    return list(islice(product(*map(_either, words)), _MOST_SPELLINGS))


def _either(word: str) -> tuple[str, ...]:
    special = {
        "tse": ("ze",),
        "tsu": ("zu", "cu"),
        "tzu": ("zi", "ci"),
        "ssu": ("si",),
        "szu": ("si",),
        "jen": ("ren",),
    }
    return special.get(word, tuple(dict.fromkeys((*pinyin_of_wade_giles(word), word))))
