"""Every page in three languages, at a desk and on a phone: nothing overflows, nobody is shut out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.web.scene import PROGRAMME, Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("en", "zh-hant", "zh-hans")
AXE = Axe().axe_script
OPEN_PAGES = {"sign-in": "/sign-in", "not-found": "/nowhere"}


def pages_of(scene: Scene) -> dict[str, str]:
    """Return the pages that the office can open, by name."""
    awards = {f"award-{award.state}-{award.code[-1]}": f"/awards/{award.code}" for award in scene.awards}
    return {
        "fund": f"/programmes/{PROGRAMME}/fund",
        "spending": f"/programmes/{PROGRAMME}/spending",
        "caps": f"/programmes/{PROGRAMME}/caps?all=1",
        "closing": f"/programmes/{PROGRAMME}/closing?preview=1",
        "what-if": f"/programmes/{PROGRAMME}/what-if?month=2025-05&share=50",
        "held": f"/programmes/{PROGRAMME}/held",
        "awards": "/awards",
        "awards-none": "/awards?q=nothing+like+this",
        "award-unknown": "/awards/AW-1999-0001",
        "statements": "/statements",
        "statement": f"/statements/{scene.statements[-1].number}",
        "statement-line": f"/statements/{scene.statements[-1].number}/lines/1",
        **awards,
    }


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def faults(page: Page) -> list[str]:
    """Return what axe finds wrong, each with the first element that it concerns."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"][:1]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_open_to_everybody(visitor: Visitor, scene: Scene, language: str) -> None:
    visitor.speak(language)
    found = look(visitor, OPEN_PAGES, language)
    visitor.sign_in(scene.office.email)
    found += look(visitor, pages_of(scene), language)
    assert found == []


def look(visitor: Visitor, pages: dict[str, str], language: str) -> list[str]:
    """Open each page at a desk, on a phone and in the dark; return all that is wrong.

    Colours are the same in every language, so the dark is looked at in one.
    """
    found: list[str] = []
    for name, path in pages.items():
        page = visitor.open(path)
        for place, size in {"desk": DESK, "phone": PHONE}.items():
            page.set_viewport_size(size)
            visitor.picture(f"{name}-{language}-{place}")
            found += [f"{name} {place}: {fault}" for fault in faults(page)]
            found += [f"{name} {place}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
        if language == "en":
            page.emulate_media(color_scheme="dark")
            found += [f"{name} dark: {fault}" for fault in faults(page)]
            visitor.picture(f"{name}-{language}-dark")
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)
    return found
