"""Rows of the table of permissions: who may do which action, and with what it is tried.

The rows of a room stand in `tests/<room>/permissions.py`:
    ACTIONS: dict[str, ActionRow]       by "room.action"
    NO_PERMISSION: dict[str, str]       actions that ask for none, and why
    HIDDEN: set[str]                    codes of `NotFound` that stand for "not for you"
    ELSEWHERE_RECORDED: dict[str, str]  actions whose audit record is tested elsewhere, and where
    COMMANDS, PAGES, PAGES_FOR_EVERYBODY: see tests/config/rows.py
What a room does not need it does not have. Older rooms have theirs in the two tests themselves.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.calls.world import World
from tests.config.rows import allows

OWN, OTHER = "hk-aiss-demo", "hk-aiss"


@dataclass
class Scene:
    """One of everything that an action can be done to."""

    world: World
    draft_call: str
    open_call: str
    draft: str
    submitted: str
    award: str
    job: str


@dataclass(frozen=True)
class ActionRow:
    """Who may do it (names of `ACTORS`), with which arguments it is tried."""

    allowed: str
    arguments: Callable[[Scene], dict[str, Any]]

    def may(self, who: str) -> bool:
        return who == "operator" or allows({name.strip() for name in self.allowed.split(",")}, who)


def collected(name: str) -> dict[Any, Any]:
    """Return the rows of that name from every room's `permissions.py`, as one table."""
    tests = Path(__file__).resolve().parents[1]
    rooms = sorted(file.parent.name for file in tests.glob("*/permissions.py"))
    found: dict[Any, Any] = {}
    for room in rooms:
        found |= getattr(importlib.import_module(f"tests.{room}.permissions"), name, {})
    return found
