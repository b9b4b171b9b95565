"""The world that supply is tried in."""

from tests.calls.fixtures import world

__all__ = ["world"]
