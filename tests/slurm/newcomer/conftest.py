"""A visitor, and a programme in full swing, for those who run jobs on the real cluster."""

from __future__ import annotations

from tests.browser.conftest import scene, visitor

__all__ = ["scene", "visitor"]
