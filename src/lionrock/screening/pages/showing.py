"""How a match is shown: the names that met, in which way, what else was weighed in, and the entry with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext, pgettext

from lionrock.kernel.messages import gettext_noop

_WAYS: Final[Mapping[str, str]] = {
    "same": gettext_noop("the very same name"),
    "words": gettext_noop("word by word, in any order"),
    "letters": gettext_noop("letter by letter, but for a slip or two"),
    "letters in another order": gettext_noop("the same letters in another order"),
    "initials": gettext_noop("with initials"),
    "short form": gettext_noop("the first letters of its words"),
    "characters": gettext_noop("by its characters"),
    "characters within": gettext_noop("one name within the other"),
    "identifier": gettext_noop("by a number in a register"),
}
_PARTS: Final[Mapping[str, str]] = {
    "name": gettext_noop("Names"),
    "kind": gettext_noop("The list means another kind of party"),
    "country": gettext_noop("Countries"),
    "birth": gettext_noop("Births"),
    "address": gettext_noop("Addresses"),
    "identifier": gettext_noop("Number in a register"),
}
_SAID: Final[Mapping[str, str]] = {
    "programs": gettext_noop("Programmes of sanctions"),
    "title": gettext_noop("Title"),
    "federal_register_notice": gettext_noop("Notice"),
    "start_date": gettext_noop("On the list from"),
    "end_date": gettext_noop("On the list to"),
    "license_requirement": gettext_noop("Licence requirement"),
    "license_policy": gettext_noop("Licence policy"),
    "remarks": gettext_noop("Remarks"),
}
MOST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Weighed:
    """One part of a score: what it rests on, the points as written, and what was put side by side."""

    what: str
    points: str
    asked: str
    listed: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A match as a page shows it."""

    score: int
    says: str
    asked: str
    listed: str
    name: str
    source: str
    way: str
    pairs: Sequence[Sequence[object]]
    parts: Sequence[Weighed]
    alternatives: str
    facts: Sequence[tuple[str, str]]
    address: str


def shown(match: Mapping[str, Any], entry: Mapping[str, Any], strength: str) -> Shown:
    """Return a match (as `Match.as_json` has it) and its entry (as `Entry.content` has it) for a page."""
    return Shown(
        score=match["score"],
        says=f"says_{strength}",
        asked=match["asked"],
        listed=match["listed"],
        name=entry["name"],
        source=entry["source"],
        way=_way(match["way"]),
        pairs=match["pairs"],
        parts=[_weighed(part) for part in match["parts"]],
        alternatives=_some(entry["alternatives"]),
        facts=_facts(entry),
        address=_web_address(entry["said"]),
    )


def _way(way: str) -> str:
    spelt = way.removeprefix("spelling, ")
    said = gettext(_WAYS.get(spelt, spelt))
    return said if spelt == way else gettext("as it may be spelt: {way}").format(way=said)


def _weighed(part: Mapping[str, Any]) -> Weighed:
    points = part["points"]
    sign = "" if part["what"] in ("name", "identifier") else "+" if points > 0 else "−"
    return Weighed(gettext(_PARTS[part["what"]]), f"{sign}{abs(points)}", part["asked"], part["listed"])


def _facts(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the entry says of itself, for a list of facts; what it does not say is left out."""
    own = (
        (pgettext("screening", "Countries"), _some(entry["countries"])),
        (pgettext("screening", "Addresses"), _some(entry["addresses"])),
        (pgettext("screening", "Numbers"), _some(entry["identifiers"])),
        (pgettext("screening", "Born"), _some(entry["births"])),
    )
    said = ((gettext(label), entry["said"].get(field, "")) for field, label in _SAID.items())
    return [(label, text) for label, text in (*own, *said) if text]


def _some(values: Sequence[str]) -> str:
    rest = len(values) - MOST_SHOWN
    return " · ".join(values[:MOST_SHOWN]) + (f" (+{rest})" if rest > 0 else "")


def _web_address(said: Mapping[str, str]) -> str:
    """Return where the list itself can be read, if that is an address of the web."""
    address = said.get("source_information_url") or said.get("source_list_url") or ""
    return address if address.startswith(("https://", "http://")) else ""
