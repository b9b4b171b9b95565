"""A chair leads a meeting and a member votes in it: by keyboard, on a phone, in three languages, open to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import LANGUAGES, faults, overflow

if TYPE_CHECKING:
    from tests.committee.table import Table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TITLES = (
    ("A language model for court judgments", "法院判詞語言模型", "法院判词语言模型", "harbour-university", 5, 4, 6),
    (
        "Typhoon tracks seen from space",
        "由衞星圖像推算颱風路徑",
        "由卫星图像推算台风路径",
        "delta-institute",
        4,
        8,
        3,
    ),
    ("Grasping planners for narrow flats", "狹小單位的抓取規劃", "狭小单位的抓取规划", "peak-robotics", 4, 2, 6),
    ("Protein folds of reef corals", "珊瑚蛋白質摺疊", "珊瑚蛋白质折叠", "harbour-university", 3, 1, 12),
    ("Speech of three dialects", "三種方言的語音", "三种方言的语音", "delta-institute", 2, 1, 3),
)
PLACES = {
    "harbour-university": ("Harbour University", "海港大學", "海港大学"),
    "delta-institute": ("Delta Institute of Applied Mathematics", "三角洲應用數學研究所", "三角洲应用数学研究所"),
    "peak-robotics": ("Peak Robotics Limited", "山頂機械人有限公司", "山顶机器人有限公司"),
}


@pytest.fixture
def table(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Table:
    """Set a table with five applications that were scored, on the day of the tests."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.calls.world import SHIPPED, World  # noqa: PLC0415
    from tests.committee.table import set_table  # noqa: PLC0415

    from lionrock.applications.domain import Request  # noqa: PLC0415
    from lionrock.people.models import Organisation, Person  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)
    world = World()
    for code, names in PLACES.items():
        world.put_organisation(code)
        translated = dict(zip(("name", "name_zh_hant", "name_zh_hans"), names, strict=True))
        Organisation.objects.filter(code=code).update(**translated)
    world.put_site()
    made = set_table(world, fund="12000000.00")
    asked = [Request("h800-node", count, months, date(2026, 4, 1)) for *_, count, months in TITLES]
    codes = [
        made.application(title, organisation=place, request=request, mark=mark, title_zh_hant=hant, title_zh_hans=hans)
        for (title, hant, hans, place, mark, *_), request in zip(TITLES, asked, strict=True)
    ]
    made.agenda(*codes)
    for person in Person.objects.all():
        person.set_password(PASSWORD)
        person.save()
    return made


@pytest.fixture
def guest(chromium: Browser, live_server: LiveServer, table: Table) -> Iterator[Visitor]:
    """A fresh visitor at a desk, in English."""
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


def codes_of(table: Table) -> list[str]:
    """Return the codes on the agenda, in order."""
    from lionrock.committee.models import AgendaItem  # noqa: PLC0415

    return list(AgendaItem.objects.order_by("number").values_list("application__code", flat=True))


def looked_at(guest: Visitor, pages: dict[str, str], language: str) -> list[str]:
    """Open each page at a desk, on a phone and in the dark; return all that is wrong."""
    found: list[str] = []
    for name, path in pages.items():
        page = guest.open(path)
        for place, size in {"desk": DESK, "phone": PHONE}.items():
            page.set_viewport_size(size)
            guest.picture(f"committee-{name}-{language}-{place}")
            found += [f"{name} {place}: {fault}" for fault in faults(page)]
            found += [f"{name} {place}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
        if language == "en":
            page.emulate_media(color_scheme="dark")
            found += [f"{name} dark: {fault}" for fault in faults(page)]
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_meeting_is_open_to_everybody(guest: Visitor, table: Table, language: str) -> None:
    from lionrock.awards.domain import Decision  # noqa: PLC0415
    from lionrock.committee.domain import Proposal  # noqa: PLC0415

    codes = codes_of(table)
    guest.speak(language)
    guest.sign_in(table.chair.email)
    pages = {"list": f"/programmes/{table.world.programme}/meetings", "planned": f"/meetings/{table.meeting}"}
    found = looked_at(guest, pages, language)
    table.open("chair", "ann", "ben", "cho")
    table.carried(codes[0], Proposal(months=6, conditions="Publish the weights.", reason="No other group can."))
    table.carried(codes[4], Proposal(Decision.DECLINE, reason="The plan for the data is missing."))
    table.propose(codes[1])
    table.vote(codes[1], ann="for", ben="against")
    here = f"/meetings/{table.meeting}"
    pages = {
        "sitting": here,
        "ranking": f"{here}/ranking",
        "item-open": f"{here}/{codes[1]}",
        "item-new": f"{here}/{codes[2]}",
        "item-decided": f"{here}/{codes[0]}",
        "minutes": f"{here}/minutes",
    }
    assert found + looked_at(guest, pages, language) == []


def test_a_member_tries_votes_and_a_chair_declares_by_keyboard_alone(guest: Visitor, table: Table) -> None:
    codes = codes_of(table)
    table.open("chair", "ann", "ben", "cho")
    table.propose(codes[0])
    table.vote(codes[0], ben="for", cho="for")
    signed_in_by_keyboard(guest, "ann@example.org")
    page = guest.open(f"/meetings/{table.meeting}/{codes[0]}")
    tab_to(page, "For")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your vote is kept.")).to_be_visible()
    page.context.clear_cookies()
    signed_in_by_keyboard(guest, table.chair.email)
    page = guest.open(f"/meetings/{table.meeting}/{codes[0]}")
    tab_to(page, "Declare it carried: approve")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is approved, and offered")).to_be_visible()
    guest.picture("committee-declared")


def signed_in_by_keyboard(guest: Visitor, email: str) -> None:
    """Sign in by keyboard."""
    page = guest.open("/sign-in")
    page.locator("#username").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(guest.address + "/")


def test_the_line_moves_as_a_member_tries_on_a_phone_without_scripts(
    chromium: Browser, live_server: LiveServer, table: Table
) -> None:
    codes = codes_of(table)
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    guest = Visitor(context.new_page(), live_server.url)
    guest.sign_in("ann@example.org")
    page = guest.open(f"/meetings/{table.meeting}/ranking")
    expect(page.locator(".rank-line")).to_have_count(1)
    assert above_the_line(page) == codes[:2]
    page.locator(f"#months-{codes[0]}").fill("3")
    page.get_by_role("button", name="Try this").click()
    assert above_the_line(page) == codes[:3]
    page.locator(f"#count-{codes[1]}").fill("12")
    page.locator(f"#months-{codes[1]}").fill("6")
    page.get_by_role("button", name=f"Move {codes[1]} up").click()
    assert above_the_line(page) == []
    guest.picture("committee-tried-phone")
    page.get_by_role("button", name="Back to what is proposed").click()
    assert above_the_line(page) == codes[:2]
    context.close()


def above_the_line(page: Page) -> list[str]:
    """Return the codes of the rows above the line, in order; all of them where there is no line."""
    found: list[str] = []
    for row in page.locator(".rank-list > li").all():
        if "rank-line" in (row.get_attribute("class") or ""):
            return found
        found.append(re.sub("^row-", "", row.get_attribute("id") or ""))
    return found
