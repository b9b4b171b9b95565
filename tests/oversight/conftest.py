"""The worlds that the tests of the line happen in."""

from tests.calls.fixtures import lagoon, world

__all__ = ["lagoon", "world"]
