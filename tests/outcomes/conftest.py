"""The worlds that the tests of reports and results happen in."""

from tests.calls.fixtures import lagoon, world

__all__ = ["lagoon", "world"]
