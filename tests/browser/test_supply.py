"""The pages of supply: at a desk, on a phone, in each language; an order placed and released by two persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PASSWORD, Visitor
from tests.browser.test_pages import LANGUAGES, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FIRST, SECOND = "first@example.org", "second@example.org"


@pytest.fixture
def pages(transactional_db: None, settings: Settings) -> dict[str, str]:
    """Put the centre of the story, and two who answer for compliance and more; return the pages."""
    from tests.calls.world import OPERATOR, SHIPPED, World  # noqa: PLC0415
    from tests.supply.story import tell  # noqa: PLC0415

    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    world = World()
    world.put_organisation()
    world.put_site()
    for email in (FIRST, SECOND):
        register_person(actor=OPERATOR, email=email, name=email.title(), password=PASSWORD, now=NOW)
        for role in (Role.COMPLIANCE, Role.OFFICE, Role.CLUSTER_ADMIN):
            grant_role(actor=OPERATOR, email=email, role=role, programme="hk-aiss-demo", now=NOW)
    told = tell()
    return {
        "supply": "/programmes/hk-aiss-demo/supply",
        "supply-orders": "/supply/orders",
        "supply-order": f"/supply/orders/{told.held.code}",
        "supply-moved": f"/supply/orders/{told.moved.code}",
        "supply-new": "/supply/orders/new",
        "supply-papers": "/supply/licences",
        "supply-choices": "/supply/side-by-side",
    }


@pytest.fixture
def officer(chromium: Browser, live_server: LiveServer, pages: dict[str, str]) -> Iterator[Visitor]:
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


def test_every_page_is_open_to_everybody(officer: Visitor, pages: dict[str, str]) -> None:
    officer.sign_in(FIRST)
    found = []
    for language in LANGUAGES:
        officer.speak(language)
        found += look(officer, pages, language)
    assert found == []


def test_what_holds_an_order_is_released_by_two_persons(officer: Visitor, pages: dict[str, str]) -> None:
    for email, step in ((FIRST, "Ask a second person to release it"), (SECOND, "Agree to release it")):
        officer.page.context.clear_cookies()
        officer.sign_in(email)
        page = officer.open(pages["supply-order"])
        page.get_by_text("Release what holds it").first.click()
        page.locator("#release-hold").select_option(index=1)
        page.get_by_label(step).check()
        page.locator("#release-reason").fill("The bureau has confirmed it by letter.")
        page.get_by_role("button", name="Release what holds it").click()
        expect(page.get_by_text("It is kept.")).to_be_visible()
    expect(page.get_by_text("Released by two persons")).to_be_visible()
