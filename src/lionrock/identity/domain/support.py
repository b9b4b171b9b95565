"""Support access: what somebody opens to a programme's office by consent, and what stays shut all the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

HOURS: Final = (1, 4, 24)
"""For how long somebody may consent."""


class Part(StrEnum):
    """A part of one's pages, which one may leave out of a consent."""

    APPLICATIONS = "applications"
    AWARDS = "awards"
    JOBS = "jobs"
    MONEY = "money"
    ORGANISATION = "organisation"
    FILES = "files"


_WORK: Final = frozenset({Part.AWARDS, Part.JOBS, Part.MONEY})
_ROOMS: Final[Mapping[str, Collection[Part]]] = MappingProxyType(
    {
        "public": (),
        "applications": {Part.APPLICATIONS},
        "assurance": {Part.APPLICATIONS},
        "assurance_conditions": {Part.APPLICATIONS},
        "awards": {Part.AWARDS},
        "outcomes": {Part.AWARDS},
        "custody": {Part.AWARDS},
        "usage": {Part.AWARDS, Part.JOBS},
        "usage_waits": {Part.AWARDS, Part.JOBS},
        "usage_idle": {Part.AWARDS, Part.JOBS},
        "usage_efficiency": {Part.AWARDS, Part.JOBS},
        "jobs": {Part.JOBS},
        "statements": {Part.MONEY},
    }
)
_PAGES: Final[Mapping[str, Collection[Part]]] = MappingProxyType(
    {
        "home": {*_WORK, Part.APPLICATIONS, Part.ORGANISATION},
        "awards:show": _WORK,
        "people:organisation": {Part.ORGANISATION},
        "applications:attachment": {Part.APPLICATIONS, Part.FILES},
        "applications:file": {Part.APPLICATIONS, Part.FILES},
        "assurance:evidence": {Part.APPLICATIONS, Part.FILES},
        "awards:paper": {Part.AWARDS, Part.FILES},
        "custody:certificate_pdf": {Part.AWARDS, Part.FILES},
        "outcomes:card": {Part.AWARDS, Part.FILES},
        "outcomes:export": {Part.AWARDS, Part.FILES},
        "usage:file": {Part.AWARDS, Part.JOBS, Part.FILES},
        "usage:steps": {Part.AWARDS, Part.JOBS, Part.FILES},
        "usage_waits:file": {Part.AWARDS, Part.JOBS, Part.FILES},
        "usage_idle:file": {Part.AWARDS, Part.JOBS, Part.FILES},
        "usage_efficiency:file": {Part.AWARDS, Part.JOBS, Part.FILES},
        "jobs:log": {Part.JOBS, Part.FILES},
        "jobs:file": {Part.JOBS, Part.FILES},
        "statements:file": {Part.MONEY, Part.FILES},
        "statements:line_file": {Part.MONEY, Part.FILES},
    }
)
"""What a page shows: by its room, or by its own name where that shows more. What stands in neither is shut: signing
in, tokens, webhooks, notices, concerns, all that a duty opens, the API, and every room that is new."""


def shown_by(page: str) -> Collection[Part] | None:
    """Return the parts that a page ("room:name") shows something of; None for one that nobody else looks at."""
    return _PAGES.get(page, _ROOMS.get(page.partition(":")[0]))


def opens(parts: Collection[Part], page: str) -> bool:
    """Tell whether a consent to these parts opens a page."""
    needed = shown_by(page)
    return needed is not None and set(needed) <= set(parts)


def is_over(ends: datetime, ended: datetime | None, now: datetime) -> bool:
    """Tell whether something that ends by itself, or was ended, is over."""
    return ended is not None or now >= ends


_FIRST: Final = (
    (Part.APPLICATIONS, "applications:list"),
    (Part.AWARDS, "awards:list"),
    (Part.JOBS, "jobs:list"),
    (Part.MONEY, "statements:list"),
)


def first_page(parts: Collection[Part]) -> str:
    """Return the page at which somebody who looks on begins: as its owner does, if the whole of that is opened."""
    if opens(parts, "home"):
        return "home"
    return next((page for part, page in _FIRST if part in parts), "public:front")
