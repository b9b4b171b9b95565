"""The world that concerns are tried in."""

from tests.calls.fixtures import world

__all__ = ["world"]
