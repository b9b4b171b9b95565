"""What anybody does without an account: look, ask what it would cost, read what a programme has come to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.test_pages import LANGUAGES, look, overflow
from tests.web.scene import PROGRAMME, Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = f"/programmes/{PROGRAMME}"
ASKED = "category=university&item=h800-card&count=8&months=3&hours=&starts=2027-01-01&other_subsidy=no"
PAGES = {
    "front": "/programmes",
    "programme": HOME,
    "programme-unsettled": "/programmes/hk-aiss",
    "estimate": f"{HOME}/estimate",
    "estimate-answered": f"{HOME}/estimate?{ASKED}",
    "estimate-wrong": f"{HOME}/estimate?{ASKED}&count=two&months=",
    "results": f"{HOME}/results?year=2025",
    "results-none": f"{HOME}/results?year=2024",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_are_open_to_everybody(visitor: Visitor, scene: Scene, language: str) -> None:
    visitor.speak(language)
    assert look(visitor, PAGES, language) == []


def test_a_report_fits_on_paper(visitor: Visitor, scene: Scene) -> None:
    page = visitor.open(PAGES["results"])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 990})
    assert overflow(page) <= 0
    expect(page.get_by_role("link", name="CSV")).to_be_hidden()


def choose(page: Page) -> None:
    """Fill the form in as somebody with a mouse does, without the button."""
    page.get_by_label("You are").select_option("university")
    page.get_by_label("What you need").select_option("h800-card")
    page.get_by_label("How many", exact=True).fill("8")
    page.get_by_label("For how many months").fill("3")
    page.get_by_label("From", exact=True).fill("2027-01-01")
    page.get_by_label("No", exact=True).check()


def expect_the_answer(page: Page) -> None:
    """Eight cards for three months at 40,000 each: 960,000, of which 30% is one's own."""
    expect(page.locator("#answer")).to_contain_text("960,000")
    expect(page.locator("#answer .tile-main")).to_contain_text("288,000")


@pytest.fixture
def without_script(chromium: Browser, live_server: LiveServer, scene: Scene) -> Iterator[Visitor]:
    """A visitor whose browser runs no script."""
    context = chromium.new_context(viewport=PHONE, locale="en-GB", java_script_enabled=False)
    yield Visitor(context.new_page(), live_server.url)
    context.close()


def test_the_estimate_needs_no_script(without_script: Visitor) -> None:
    page = without_script.open(PAGES["estimate"])
    choose(page)
    page.get_by_role("button", name="Tell me").click()
    expect_the_answer(page)
    expect(page.get_by_label("How many", exact=True)).to_have_value("8")
    page.get_by_label("How many", exact=True).fill("eight")
    page.get_by_role("button", name="Tell me").click()
    expect(page.locator("#count-fault")).to_contain_text("eight")
    expect(page.get_by_label("How many", exact=True)).to_have_value("eight")


def test_the_estimate_answers_while_one_chooses(visitor: Visitor) -> None:
    page = visitor.open(PAGES["estimate"])
    choose(page)
    expect_the_answer(page)
    expect(page.locator("#said")).to_contain_text("288,000")
    assert "count=8" in page.url
    page.get_by_label("How many", exact=True).fill("none")
    page.get_by_label("How many", exact=True).press("Tab")
    expect(page.locator("#answer .notice")).to_contain_text("none")
    page.get_by_label("How many", exact=True).fill("8")
    page.get_by_label("How many", exact=True).press("Tab")
    expect_the_answer(page)
    expect(page.locator(".notice")).to_have_count(0)


def test_the_estimate_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open(PAGES["estimate"])
    page.locator("#category").focus()
    page.keyboard.type("Local u")
    page.keyboard.press("Tab")
    page.keyboard.type("H800 c")
    for typed in ("8", "3"):
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**count=8**")
    expect(page.locator("#answer .tile-main")).to_contain_text("288,000")
    page.locator("#answer summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#answer details").first.evaluate("each => each.open") in (True, False)


def test_from_the_front_page_to_a_year_and_its_open_data(visitor: Visitor, scene: Scene) -> None:
    page = visitor.open("/programmes")
    page.set_viewport_size(DESK)
    offer = page.locator(".offer").filter(has_text="(demonstration)")
    offer.get_by_role("link", name="What it has come to").click()
    page.get_by_role("link", name="2025").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Results 2025")
    expect(page.locator("main")).to_contain_text("3 applications were handed in")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == f"{PROGRAMME}-results-2025.csv"
