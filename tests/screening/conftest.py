"""The world that screening is tried in."""

from tests.calls.fixtures import world

__all__ = ["world"]
