"""The office's day in a real browser: the board, the desk by keyboard alone, a phone, calls; nobody is shut out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import faults, overflow
from tests.calls.world import OPERATOR, SHIPPED, World
from tests.web.scene import PROGRAMME, Scene, works_for

from lionrock.applications.actions import mark_assessed, submit_application
from lionrock.applications.models import Application
from lionrock.intake.actions import accept_application, return_application, take_application
from lionrock.intake.models import Check
from lionrock.people.domain import Role
from lionrock.people.queries import actor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOARD = f"/programmes/{PROGRAMME}/intake"
AGES = (1, 4, 5, 9, 16, 30)
"""So many days ago applications were handed in: some in time, some due soon, some late."""


@pytest.fixture
def line(scene: Scene, settings: Settings) -> dict[str, Application]:
    """Applications of several ages in each state of the line; the last of each state, by the state."""
    settings.LIONROCK_RULEBOOK = SHIPPED
    now = datetime.now(UTC)
    world = World(now=now - timedelta(days=60))
    world.request = type(world.request)("h800-node", 2, 6, (now + timedelta(days=90)).date())
    call = world.open_call(title="Second call", title_zh_hant="第二輪", title_zh_hans="第二轮")
    office = actor_of(scene.office)
    found = {}
    for number, days in enumerate(AGES):
        for state in ("submitted", "returned", "eligible", "assessed"):
            world.now = now - timedelta(days=days)
            title = f"Forecasts of {number + 1} rivers for farmers and insurers"
            each = world.submitted(call, title=title, title_zh_hant="河流預報", title_zh_hans="河流预报")
            _move(office, each.code, state, world.now)
            found[state] = each
    take_application(actor=office, application=found["submitted"].code, now=now)
    return {state: Application.objects.get(pk=each.pk) for state, each in found.items()}


def _move(office: object, code: str, state: str, now: datetime) -> None:
    given = {"actor": office, "application": code, "now": now}
    if state == "returned":
        return_application(question="Which institute signs?", **given)  # type: ignore[arg-type]
    elif state in ("eligible", "assessed"):
        accept_application(**given)  # type: ignore[arg-type]
    if state == "assessed":
        mark_assessed(**given)  # type: ignore[arg-type]


def pages_of(line: dict[str, Application]) -> dict[str, str]:
    """Return the office's pages by name."""
    desks = {f"desk-{state}": f"/applications/{each.code}/check" for state, each in line.items()}
    return {
        "intake": BOARD,
        "intake-late": f"{BOARD}?late=1",
        "intake-one-state": f"{BOARD}?state=submitted",
        "intake-none": f"{BOARD}?q=nothing+like+this",
        "service": f"{BOARD}/service",
        "calls": f"/programmes/{PROGRAMME}/calls",
        "calls-new": f"/programmes/{PROGRAMME}/calls/new",
        "call": f"/calls/{line['submitted'].call.code}",
        "application": f"/applications/{line['returned'].code}",
        **desks,
    }


WIDEST = ("intake", "service", "call", "desk-submitted")
"""What is looked at in Chinese too: between them they have every part that the others are made of."""


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_pages_of_the_office_are_open_to_everybody(
    visitor: Visitor, scene: Scene, line: dict[str, Application], language: str
) -> None:
    visitor.speak(language)
    visitor.sign_in(scene.office.email)
    pages = {name: path for name, path in pages_of(line).items() if language == "en" or name in WIDEST}
    wrong = [fault for name, path in pages.items() for fault in look(visitor, name, path, language)]
    assert wrong == []


def look(visitor: Visitor, name: str, path: str, language: str) -> list[str]:
    """Open a page at a desk and on a phone, in English in the dark too; return all that is wrong."""
    page = visitor.open(path)
    wrong = []
    for place, size in {"desk": DESK, "phone": PHONE}.items():
        page.set_viewport_size(size)
        visitor.picture(f"office-{name}-{language}-{place}")
        wrong += [f"{name} {place}: {fault}" for fault in faults(page)]
        wrong += [f"{name} {place}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
    if language == "en":
        page.emulate_media(color_scheme="dark")
        wrong += [f"{name} dark: {fault}" for fault in faults(page)]
        visitor.picture(f"office-{name}-{language}-dark")
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    return wrong


def choose(page: Page, said: str) -> None:
    """Go to a group of choices by Tab and down to one of them by the arrow keys."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type === 'radio' && document.activeElement.name === 'choice'"):
            break
    for _press in range(5):
        label = page.evaluate("document.activeElement.labels[0].innerText.trim()")
        if label.startswith(said):
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"No choice begins with “{said}”")


def test_the_office_asks_and_then_accepts_by_keyboard_alone(
    visitor: Visitor, scene: Scene, line: dict[str, Application]
) -> None:
    code = line["submitted"].code
    visitor.sign_in(scene.office.email)
    page = visitor.page
    tab_to(page, "Intake")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"{BOARD}$"))
    tab_to(page, "Forecasts of 6 rivers for farmers and insurers")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/applications/{code}/check$"))
    choose(page, "Ask the applicant")
    tab_to(page, "Question to the applicant")
    page.keyboard.type("Which institute signs the agreement?")
    tab_to(page, "Record it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The applicant has your question.")
    expect(page.locator("blockquote")).to_have_text("Which institute signs the agreement?")
    submit_application(actor=OPERATOR, application=code, now=datetime.now(UTC))
    page.reload()
    choose(page, "Accept")
    tab_to(page, "Record it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("goes on to the assessors")
    assert Application.objects.get(code=code).state == "eligible"


def test_what_is_wrong_is_said_and_reached_and_nothing_is_lost_on_a_phone(
    visitor: Visitor, scene: Scene, line: dict[str, Application]
) -> None:
    visitor.sign_in(scene.office.email)
    page = visitor.open(f"/applications/{line['submitted'].code}/check")
    page.set_viewport_size(PHONE)
    page.get_by_label("Note to the applicant").fill("It was a good plan.")
    page.get_by_role("group", name="open rule 1").get_by_label("Not met").check()
    page.get_by_label("Reject").check()
    page.get_by_role("button", name="Record it").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The reason is missing")
    visitor.picture("office-desk-wrong-phone")
    assert (faults(page), overflow(page)) == ([], 0)
    alert.get_by_role("link", name="The reason is missing").click()
    expect(page.locator("#reason-1")).to_be_in_viewport()
    expect(page.get_by_label("Note to the applicant")).to_have_value("It was a good plan.")
    page.locator("#reason-1").fill("A notice of last week ended the scheme.")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("status")).to_contain_text("is rejected")
    assert Check.objects.latest("id").kind == "rejected"


def test_the_applicant_reads_why(visitor: Visitor, scene: Scene, line: dict[str, Application]) -> None:
    visitor.sign_in(scene.member.email)
    page = visitor.open(f"/applications/{line['returned'].code}")
    expect(page.get_by_text("Which institute signs?").first).to_be_visible()
    visitor.picture("office-applicant-returned")
    assert faults(page) == []


def test_the_board_is_narrowed_and_taken_away_as_a_file(
    visitor: Visitor, scene: Scene, line: dict[str, Application], tmp_path: Path
) -> None:
    visitor.sign_in(scene.office.email)
    page = visitor.open(BOARD)
    page.get_by_label("In my hands").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".card")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="This list as CSV").click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert kept.read_text("utf-8-sig").count("\n") == 2


def test_a_call_is_prepared_and_opened(visitor: Visitor, scene: Scene, line: dict[str, Application]) -> None:
    works_for(scene.stranger, Role.OFFICE)
    visitor.sign_in(scene.stranger.email)
    page = visitor.open(f"/programmes/{PROGRAMME}/calls/new")
    page.get_by_label("Title", exact=True).fill("Spring call")
    page.get_by_label("Opens").fill("2027-03-01T09:00")
    page.get_by_label("Closes").fill("2027-02-01T09:00")
    page.get_by_role("button", name="Prepare it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a later end")
    visitor.picture("office-call-wrong")
    page.get_by_label("Closes").fill("2027-05-01T09:00")
    page.get_by_role("button", name="Prepare it").click()
    page.get_by_role("button", name="Open this call").click()
    expect(page.get_by_role("status")).to_contain_text("is open.")
    expect(page.get_by_text("Not before its first instant")).to_be_visible()
