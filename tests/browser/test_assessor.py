"""Assessing in a browser: declaring, reading, scoring, a conflict; the office asks, compares and passes it on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import faults, overflow

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer
    from tests.review.board import Board

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("en", "zh-hant", "zh-hans")


@pytest.fixture
def board(transactional_db: None) -> Board:
    """An application with the assessors, and people who can sign in."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.browser.assessing import put_people  # noqa: PLC0415

    return put_people(PASSWORD)


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer, board: Board) -> Visitor:
    """A fresh visitor at a desk, in English."""
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    return Visitor(context.new_page(), live_server.url)


def looked_at(visitor: Visitor, name: str) -> list[str]:
    """Look at the page where the visitor is, at a desk, in the dark and on a phone; return all that is wrong."""
    page, found = visitor.page, []
    for place, size in {"desk": DESK, "phone": PHONE}.items():
        page.set_viewport_size(size)
        visitor.picture(f"assess-{name}-{place}")
        found += [f"{name} {place}: {fault}" for fault in faults(page)]
        found += [f"{name} {place}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="dark")
    found += [f"{name} dark: {fault}" for fault in faults(page)]
    page.emulate_media(color_scheme="light")
    return found


def score_all(page: Page, mark: int) -> None:
    """Choose one mark for every point, and say why for every criterion."""
    for point in page.locator(".point").all():
        point.locator(f"input[type=radio][value='{mark}']").check()
    for box in page.get_by_label("For the applicant").all():
        box.fill("Convincing, but the schedule is thin.")


def test_an_assessor_declares_reads_scores_and_hands_in(visitor: Visitor, board: Board) -> None:
    visitor.sign_in("lam@example.org")
    wrong = looked_at(visitor, "home")
    page = visitor.page
    page.get_by_role("link", name="Assessments", exact=True).click()
    wrong += looked_at(visitor, "list")
    assert "Weather models" not in page.content()
    page.get_by_role("link", name=board.code).click()
    wrong += looked_at(visitor, "declare")
    assert "Weather models" not in page.content()
    page.get_by_role("button", name="Declare").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what you declare.")
    wrong += looked_at(visitor, "declare-wrong")
    page.get_by_label("I have no conflict of interest").check()
    page.get_by_role("button", name="Declare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Weather models")
    wrong += looked_at(visitor, "sheet")
    page.locator(".point").first.locator("input[type=radio][value='4']").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_contain_text("not handed in yet")
    expect(page.locator(".point").first.locator("input[type=radio][value='4']")).to_be_checked()
    wrong += looked_at(visitor, "sheet-wrong")
    score_all(page, 4)
    expect(page.locator("#running")).to_contain_text("80.0 of 100")
    wrong += looked_at(visitor, "sheet-full")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("status").first).to_contain_text("handed in")
    wrong += looked_at(visitor, "list-done")
    page.get_by_role("link", name="Weather models").click()
    expect(page.get_by_text("80.0 of 100")).to_be_visible()
    wrong += looked_at(visitor, "handed-in")
    assert wrong == []


def test_an_assessor_in_conflict_sees_nothing_of_it(visitor: Visitor, board: Board) -> None:
    visitor.sign_in("ng@example.org")
    page = visitor.open("/assessments")
    page.get_by_role("link", name=board.code).click()
    expect(page.get_by_text("The application names Delta Institute, to which this person belongs.")).to_be_visible()
    page.get_by_label("I have a conflict of interest").check()
    page.get_by_role("button", name="Declare").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a sentence what the conflict is.")
    page.get_by_label("I work, publish or teach together").check()
    page.get_by_label("In your own words").fill("We wrote two papers together last year.")
    page.get_by_role("button", name="Declare").click()
    expect(page).to_have_url(re.compile("/assessments$"))
    assert "Weather models" not in page.content()
    address = page.get_by_role("link", name=board.code).get_attribute("href") or ""
    page = visitor.open(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("This assessment is closed to you")
    assert looked_at(visitor, "in-conflict") == []
    visitor.open(f"/applications/{board.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here for you")


def test_scoring_by_keyboard_alone(visitor: Visitor, board: Board) -> None:
    visitor.sign_in("lam@example.org")
    page = visitor.open("/assessments")
    tab_to(page, board.code)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/declare$"))
    while not page.evaluate("document.activeElement.id === 'declared'"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "Declare")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/assessments/\d+$"))
    first = page.locator(".point").first.locator("input").first
    for _press in range(120):
        page.keyboard.press("Tab")
        if first.evaluate("each => each === document.activeElement"):
            break
    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".point").first.locator("input[type=radio][value='2']")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    expect(page.locator(".point").first.locator("input[type=radio][value='2']")).to_be_checked()


def test_everything_can_be_scored_without_scripts_on_a_phone(chromium: Browser, visitor: Visitor, board: Board) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    plain = Visitor(context.new_page(), visitor.address)
    plain.sign_in("lam@example.org")
    page = plain.open("/assessments")
    page.get_by_role("link", name=board.code).click()
    page.get_by_label("I have no conflict of interest").check()
    page.get_by_role("button", name="Declare").click()
    score_all(page, 5)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#running")).to_contain_text("100.0 of 100")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", level=2, name="Done")).to_be_visible()
    context.close()


def test_what_is_typed_is_saved_by_itself(visitor: Visitor, board: Board) -> None:
    visitor.sign_in("lam@example.org")
    page = visitor.open("/assessments")
    page.get_by_role("link", name=board.code).click()
    page.get_by_label("I have no conflict of interest").check()
    page.get_by_role("button", name="Declare").click()
    page.locator(".point").first.locator("input[type=radio][value='5']").check()
    page.get_by_label("For the applicant").first.fill("Half a sentence")
    expect(page.locator("#save-status")).to_contain_text("Saved")
    expect(page.locator("#running")).to_contain_text("1 of")
    page.reload()
    expect(page.get_by_label("For the applicant").first).to_have_value("Half a sentence")
    expect(page.locator(".point").first.locator("input[type=radio][value='5']")).to_be_checked()


def test_the_office_asks_compares_settles_and_passes_it_on(visitor: Visitor, board: Board) -> None:
    from tests.browser.assessing import score_apart  # noqa: PLC0415 - as above

    visitor.sign_in("office@example.org")
    page = visitor.open(f"/applications/{board.code}/assessors")
    wrong = looked_at(visitor, "assessors")
    page.get_by_role("button", name="Ask Wong Siu Ming").click()
    expect(page.get_by_role("status").first).to_contain_text("Wong Siu Ming is asked")
    page.get_by_role("button", name="Take the assignment of Wong Siu Ming back").click()
    expect(page.get_by_role("status").first).to_contain_text("taken back")
    page.get_by_role("button", name="Take the assignment of Ng Chi Keung back").click()
    score_apart(board)
    page = visitor.open(f"/applications/{board.code}/moderation")
    wrong += looked_at(visitor, "moderation")
    page.get_by_label("They are kept apart").check()
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the reason")
    wrong += looked_at(visitor, "moderation-wrong")
    page.get_by_label("Why", exact=True).fill("Both stand by their view.")
    page.get_by_role("button", name="Settle it").click()
    page.get_by_role("button", name="Pass it on to the committee").click()
    expect(page.get_by_role("status").first).to_contain_text("with the committee")
    wrong += looked_at(visitor, "with-the-committee")
    visitor.open(f"/applications/{board.code}")
    wrong += looked_at(visitor, "application")
    visitor.open(f"/programmes/{board.world.programme}/assessors")
    wrong += looked_at(visitor, "roster")
    page.get_by_role("link", name="Lam Ka Yan").click()
    wrong += looked_at(visitor, "profile")
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_fit_in_every_language(visitor: Visitor, board: Board, language: str) -> None:
    from tests.browser.assessing import score_apart  # noqa: PLC0415 - as above

    visitor.speak(language)
    visitor.sign_in("office@example.org")
    score_apart(board)
    wrong = []
    for name, path in {
        "assessors": f"/applications/{board.code}/assessors",
        "moderation": f"/applications/{board.code}/moderation",
    }.items():
        visitor.open(path)
        wrong += looked_at(visitor, f"{name}-{language}")
    assert wrong == []
