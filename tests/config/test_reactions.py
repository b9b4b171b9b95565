"""The one table of upward effects: complete, and only upwards."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import lionrock
from lionrock.config.reactions import TABLE

ROOMS = Path(lionrock.__path__[0])
LINE = (
    "audit",
    "people",
    "identity",
    "notices",
    "screening",
    "calls",
    "supply",
    "applications",
    "awards",
    "allocations",
    "charging",
    "jobs",
    "statements",
    "receivables",
    "api",
)
"""From the bottom up, as the import contracts have it."""


def _published() -> set[str]:
    """Return the events that any room publishes, by the name of their class."""
    found = set()
    for path in ROOMS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "publish" and node.args:
                found.add(ast.unparse(node.args[0]).partition("(")[0])
    return found - {"event"}


def test_every_event_that_is_published_is_heard_and_none_else_is_listed() -> None:
    assert _published() == {row.event.__name__ for row in TABLE}
    assert len(_published()) > 2


def test_effects_go_upwards_for_what_is_below_may_be_called_directly() -> None:
    for row in TABLE:
        below, above = row.event_name.partition(".")[0], row.action_name.partition(".")[0]
        assert LINE.index(below) <= LINE.index(above), row


def test_every_action_of_the_table_is_one_of_its_rooms_actions() -> None:
    for row in TABLE:
        room, name = row.action_name.split(".")
        action = getattr(importlib.import_module(f"lionrock.{room}.actions"), name)
        assert action is row.action
        assert "now" in inspect.signature(action).parameters
        assert row.why
