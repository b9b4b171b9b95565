"""The world that studies are published in."""

from __future__ import annotations

from tests.calls.fixtures import world

__all__ = ["world"]
