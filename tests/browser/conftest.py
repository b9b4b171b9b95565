"""Chromium, and a visitor who signs in as people do.

With PICTURES=folder in the environment every page that a test looks at is kept there as a picture,
for people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from tests.web.scene import Scene

PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=860)
PICTURES = os.environ.get("PICTURES")
PASSWORD = "granite over the harbour"


@dataclass
class Visitor:
    """Somebody in front of a browser."""

    page: Page
    address: str

    def open(self, path: str) -> Page:
        """Go to a page."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, email: str) -> None:
        """Sign in by the form."""
        page = self.open("/sign-in")
        page.locator("#username").fill(email)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        page.wait_for_url(self.address + "/")

    def speak(self, language: str) -> None:
        """Choose the language of the pages."""
        self.page.context.add_cookies([{"name": "language", "value": language, "url": self.address}])

    def picture(self, name: str) -> None:
        """Keep a picture, where somebody asked for pictures."""
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """A small programme in full swing."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.web.scene import set_scene  # noqa: PLC0415

    return set_scene(PASSWORD, last=9)


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer, scene: Scene) -> Iterator[Visitor]:
    """A fresh visitor at a desk, in English."""
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()
