"""Rows of the tables of commands and pages: who may, and with what it is tried.

The rows of a room stand in `tests/<room>/permissions.py`: COMMANDS (by words), PAGES (by name) and
PAGES_FOR_EVERYBODY (by name, with the reason).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from lionrock.people.domain import PROGRAMME_ROLES, SEE_ALL_OF_IT

OWN, OTHER = "hk-aiss-demo", "hk-aiss"
HARBOUR, DELTA = "harbour-university", "delta-institute"

ROLES = {role.value for role in PROGRAMME_ROLES}
ADMINISTRATOR = "organisation_admin"
OF_ORGANISATIONS = {"member", "member elsewhere", ADMINISTRATOR, f"{ADMINISTRATOR} elsewhere"}
VIEWERS = {*ROLES, *(f"{role} elsewhere" for role in ROLES), *OF_ORGANISATIONS, "nobody"}
SEE_ALL = {role.value for role in SEE_ALL_OF_IT}
"""Who sees all of a programme: every role but the assessor's and the owner's."""
WORK_SOMEWHERE = SEE_ALL | {f"{role} elsewhere" for role in SEE_ALL}
"""Whoever works for some programme, with what is no secret of one."""
SEES = SEE_ALL | {"member"}
"""Who sees what belongs to an organisation and its award."""
EVERYBODY = VIEWERS
ONE_MEMBER = "this one member"
"""The member whose own thing it is; no other of the organisation, its administrators neither."""


def allows(may: Collection[str], viewer: str) -> bool:
    """Tell whether a row allows a viewer: an administrator of an organisation may all that every member may."""
    if ADMINISTRATOR in viewer and viewer.replace(ADMINISTRATOR, "member") in may:
        return True
    return viewer in may or (viewer == "member" and ONE_MEMBER in may)


@dataclass(frozen=True)
class Scene:
    """The codes of one of everything."""

    draft_call: str
    open_call: str
    draft: str
    submitted: str
    award: str
    job: str
    waiting_job: str
    statement: str
    usage: Path


@dataclass(frozen=True)
class CommandRow:
    """Who may; with which words it is tried; and, where all may look, what only they may see."""

    may: set[str]
    words: Callable[[Scene], str] = lambda _: ""
    shows: Callable[[Scene], str] | None = None
    ends: frozenset[int] = frozenset({0})


@dataclass(frozen=True)
class PageRow:
    """Who may open it; with which arguments; and, where all may look, what only they may see."""

    may: set[str]
    arguments: Callable[[Scene], list[str]] = lambda _: []
    shows: Callable[[Scene], str] | None = None
    posted: Callable[[Scene], dict[str, str]] | None = None
    """What is posted to it, for a page that takes no GET."""
    ends: frozenset[int] = frozenset({200, 302})
    """What it answers to those who may; 422 for a page that takes JSON, which no form sends."""
