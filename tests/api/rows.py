"""Rows of the table of operations: who may, and with what it is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.config.rows import Scene


@dataclass(frozen=True)
class ApiRow:
    """Who may; with what; and, where all may look, what only they may see. `ends` are the statuses of those who may."""

    may: set[str]
    parameters: Callable[[Scene], dict[str, object]] = lambda _: {}
    body: Callable[[Scene], Any] = lambda _: None
    query: str = ""
    shows: Callable[[Scene], str] | None = None
    ends: frozenset[int] = frozenset({200, 201})
    content_type: str = "application/json"

    def asked(self, scene: Scene) -> tuple[dict[str, object], Any, str]:
        """Return what it is tried with: parameters of the path, the body, the query."""
        return self.parameters(scene), self.body(scene), self.query
