"""A browser, and a programme in full swing, for those who run jobs on the real cluster."""

from __future__ import annotations

from tests.browser.conftest import chromium, orm_beside_the_browser, scene, visitor

__all__ = ["chromium", "orm_beside_the_browser", "scene", "visitor"]
