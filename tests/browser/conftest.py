"""Chromium, and a visitor who signs in as people do.

With PICTURES=folder in the environment every page that a test looks at is kept there as a picture,
for people to look at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from tests.web.scene import Scene

PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=860)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PICTURES = os.environ.get("PICTURES")
PASSWORD = "granite over the harbour"


@pytest.fixture(autouse=True, scope="session")
def orm_beside_the_browser() -> Iterator[None]:
    """Let tests use the ORM although Playwright's loop runs in the same thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium once."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is missing; setup/system-packages installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


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
        self.page.context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])

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
