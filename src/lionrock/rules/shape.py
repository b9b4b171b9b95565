"""Reading the shapes that every rulebook file is made of: keys, texts, names, dates."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lionrock.kernel.messages import gettext_noop
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.yamltree import Listing, Mapped, Node, Scalar, is_null

LANGUAGES = ("en", "zh-hant", "zh-hans")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Names:
    """A name in the languages of the product; English stands in for one that is not given."""

    en: str
    zh_hant: str | None = None
    zh_hans: str | None = None

    def __str__(self) -> str:
        return self.en

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it is given."""
        given = zip(LANGUAGES, (self.en, self.zh_hant, self.zh_hans), strict=True)
        return tuple(code for code, text in given if text)

    def in_language(self, code: str) -> str:
        """Return the name in that language ("zh-hant", "zh-hans"), or in English."""
        wanted = {"zh-hant": self.zh_hant, "zh-hans": self.zh_hans}.get(code.lower())
        return wanted or self.en


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like the given one, for "did you mean"; or all of them, joined."""
    words = sorted(known)
    found = difflib.get_close_matches(word, words, n=1)
    return found[0] if found else ", ".join(words)


def mapped(node: Node, field: str, log: FaultLog) -> Mapped | None:
    """Return the node when it is a mapping."""
    if isinstance(node, Mapped):
        return node
    log.add(
        "rules.shape.mapping",
        gettext_noop("{field} holds no “key: value” pairs. Write them indented below it."),
        node.place,
        named=field,
        value=_shown(node),
    )
    return None


def listed(node: Node, field: str, log: FaultLog) -> tuple[Node, ...]:
    """Return the entries of a list; empty when it is none."""
    if isinstance(node, Listing):
        return node.entries
    log.add(
        "rules.shape.list",
        gettext_noop("{field} is not a list. Write each entry on its line after “- ”."),
        node.place,
        named=field,
        value=_shown(node),
    )
    return ()


def check_keys(node: Mapped, field: str, log: FaultLog, *, required: str = "", optional: str = "") -> bool:
    """Report unknown and missing keys; the lists are words. True when no required key is missing."""
    needed, known = required.split(), {*required.split(), *optional.split()}
    for key in node.entries:
        if key not in known:
            log.add(
                "rules.shape.unknown_key",
                gettext_noop("“{value}” is not known in {field}. Perhaps you meant: {known}."),
                node.key_places[key],
                named=field,
                value=key,
                known=nearest(key, known),
            )
    missing = [key for key in needed if key not in node.entries]
    for key in missing:
        log.add(
            "rules.shape.missing_key",
            gettext_noop("{field} lacks “{value}”. Add it."),
            node.place,
            named=field,
            value=key,
        )
    return not missing


def text(node: Node, field: str, log: FaultLog) -> str | None:
    """Return a text that is not empty."""
    if isinstance(node, Scalar) and not node.is_null and node.text.strip():
        return node.text.strip()
    log.add(
        "rules.shape.text",
        gettext_noop("{field} is not a text. Write one after the colon."),
        node.place,
        named=field,
        value=_shown(node),
    )
    return None


def optional_text(node: Node | None, field: str, log: FaultLog) -> str | None:
    """Return a text; None when it is absent or null."""
    return None if node is None or is_null(node) else text(node, field, log)


def whole(node: Node, field: str, log: FaultLog) -> int | None:
    """Return a whole number of zero or more."""
    if isinstance(node, Scalar) and not node.quoted and node.text.isascii() and node.text.isdigit():
        return int(node.text)
    log.add(
        "rules.shape.whole",
        gettext_noop("“{value}” in {field} is not a whole number. Write digits only, such as 12."),
        node.place,
        named=field,
        value=_shown(node),
    )
    return None


def flag(node: Node, field: str, log: FaultLog) -> bool | None:
    """Return a yes or no, written as true or false and not quoted."""
    if isinstance(node, Scalar) and not node.quoted and node.text in ("true", "false"):
        return node.text == "true"
    log.add(
        "rules.value.flag",
        gettext_noop("“{value}” in {field} is neither true nor false. Write one of the two, without quotes."),
        node.place,
        named=field,
        value=_shown(node),
    )
    return None


def day(node: Node, field: str, log: FaultLog) -> date | None:
    """Return a date written as 2025-01-01."""
    written = node.text if isinstance(node, Scalar) else ""
    if _DAY.fullmatch(written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            pass
    log.add(
        "rules.shape.date",
        gettext_noop("“{value}” in {field} is not a date. Write it as 2025-01-31."),
        node.place,
        named=field,
        value=_shown(node),
    )
    return None


def quoted(node: Node, field: str, log: FaultLog) -> str | None:
    """Return a decimal's text; a bare one with a point is already in the log."""
    if isinstance(node, Scalar) and (node.quoted or "." in node.text):
        return node.text
    log.add(
        "rules.value.unquoted",
        gettext_noop('{value} in {field} is not written as quoted text. Write it as "{value}".'),
        node.place,
        named=field,
        value=_shown(node),
    )
    return None


def names(node: Node, field: str, log: FaultLog) -> Names | None:
    """Return names by language: English required, Chinese optional."""
    held = mapped(node, field, log)
    if held is None or not check_keys(held, field, log, required="en", optional="zh-hant zh-hans"):
        return None
    found = {code: text(entry, f"{field}.{code}", log) for code, entry in held.entries.items()}
    english = found.get("en")
    return Names(english, found.get("zh-hant"), found.get("zh-hans")) if english else None


def pairs(node: Mapped) -> Iterator[tuple[str, Node, Place]]:
    """Yield key, value and the key's place."""
    for key, entry in node.entries.items():
        yield key, entry, node.key_places[key]


def _shown(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    return "[…]" if isinstance(node, Listing) else "{…}"
