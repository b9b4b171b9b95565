"""Journeys: by keyboard alone, on paper, and with nothing but HTML."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from tests.browser.conftest import PASSWORD, PHONE, Visitor
from tests.web.scene import PROGRAMME, Scene

from lionrock.kernel.money import settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUS = "document.activeElement.matches(':focus-visible')"
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of that accessible name has the focus, and it shows."""
    for _press in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS)
        assert page.evaluate(OUTLINE) != "none"
        label = page.evaluate(
            "(e => (e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText).trim())(document.activeElement)"
        )
        if label == name:
            return
    pytest.fail(f"Tab never reaches “{name}”")


def test_somebody_signs_in_reads_an_award_and_signs_out_by_keyboard_alone(visitor: Visitor, scene: Scene) -> None:
    page = visitor.open("/")
    tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sign-in$"))
    tab_to(page, "E-mail address")
    page.keyboard.type(scene.member.email)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What waits for you")
    tab_to(page, "Awards")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/awards$"))
    tab_to(page, "A language model for court judgments in two languages")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A language model for court judgments in two languages")
    tab_to(page, "Sign out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_first_tab_offers_to_skip_to_the_content(visitor: Visitor, scene: Scene) -> None:
    visitor.sign_in(scene.office.email)
    page = visitor.open("/awards")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_a_wrong_password_is_told_where_it_was_typed(visitor: Visitor) -> None:
    page = visitor.open("/sign-in")
    page.get_by_label("E-mail address").fill("chan@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("E-mail address")).to_have_value("chan@example.org")
    expect(page.get_by_label("Password")).to_have_value("")
    visitor.picture("sign-in-wrong")


def test_the_language_changes_on_the_spot(visitor: Visitor, scene: Scene) -> None:
    visitor.sign_in(scene.office.email)
    page = visitor.open("/awards?state=active")
    page.get_by_role("button", name="繁體中文").click()
    expect(page).to_have_url(re.compile(r"/awards\?state=active$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("獲批資助")
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("获批资助")


def test_everything_works_without_scripts(chromium: Browser, visitor: Visitor, scene: Scene) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    plain = Visitor(context.new_page(), visitor.address)
    plain.sign_in(scene.office.email)
    page = plain.open("/awards")
    page.get_by_label("State").select_option("withdrawn")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    context.close()


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_on_paper_there_are_no_controls_and_nothing_is_cut_off(visitor: Visitor, scene: Scene, language: str) -> None:
    visitor.speak(language)
    visitor.sign_in(scene.office.email)
    paper = {"width": 700, "height": 1000}
    for name, path in {
        "fund": f"/programmes/{PROGRAMME}/fund",
        "statement": f"/statements/{scene.statements[-1].number}",
    }.items():
        page = visitor.open(path)
        page.emulate_media(media="print")
        page.set_viewport_size(paper)
        for hidden in (".places", ".visitor", ".skip", ".foot"):
            expect(page.locator(f"{hidden}:visible")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= paper["width"]
        visitor.picture(f"paper-{name}-{language}")
        page.emulate_media(media="screen")


def test_pages_load_nothing_from_elsewhere_and_break_no_policy(visitor: Visitor, scene: Scene) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.on("console", lambda said: complaints.append(said.text))
    visitor.sign_in(scene.office.email)
    for path in (f"/programmes/{PROGRAMME}/fund", f"/awards/{scene.awards[0].code}", "/statements"):
        visitor.open(path)
    assert [url for url in asked if not url.startswith(visitor.address)] == []
    assert complaints == []


def test_statements_are_handed_out_as_files(visitor: Visitor, scene: Scene) -> None:
    visitor.sign_in(scene.member.email)
    page = visitor.open("/statements")
    page.locator("tbody a").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_a_bill_is_followed_from_the_paper_to_the_job(visitor: Visitor, scene: Scene) -> None:
    """Somebody holds the PDF: its number finds the page, its line the runs, and the runs add up to the line."""
    visitor.sign_in(scene.member.email)
    page = visitor.open("/statements")
    page.locator("tbody a").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    paper = " ".join(sheet.extract_text() for sheet in PdfReader(download.value.path()).pages)
    [number] = set(re.findall(r"HK-AISS-DEMO-(?:INV|CN)-\d{4}-\d{4}", paper))
    assert "1. " in paper
    visitor.open("/statements").get_by_role("link", name=number).click()
    line = page.locator("table.lines tbody tr").first
    gross = Decimal(line.locator("td").nth(2).inner_text().replace(",", ""))
    line.get_by_role("link").click()
    expect(page.get_by_role("heading", name="The runs behind it")).to_be_visible()
    amounts = page.locator("section[aria-labelledby=runs] tbody tr td:last-child").all_inner_texts()
    assert settle(sum(Fraction(amount.replace(",", "")) for amount in amounts) * 100) == gross * 100
    visitor.picture("followed-to-the-job")
