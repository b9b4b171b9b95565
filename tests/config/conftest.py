"""The world that commands and pages are tried in."""

from tests.calls.fixtures import world

__all__ = ["world"]
