"""Controls: a determination, two days, alternatives, figures and a centre over time, at a desk and on a phone."""

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

JOURNEY = "to=HK&from=US&headquarters=HK"
PAGES = {
    "controls-answer": f"/controls?chip=nvidia-a800-sxm4-80gb&date=2026-02-01&{JOURNEY}",
    "controls-unknown": f"/controls?chip=mthreads-mtt-s4000&chip2=nvidia-l40&use=military&date=2026-02-01&{JOURNEY}",
    "controls-wrong": "/controls?chip=nobody-s-chip&date=2019-01-01&to=HK",
    "controls-between": f"/controls/between?chip=nvidia-h20-96gb&date=2023-10-01&until=2026-02-01&{JOURNEY}",
    "controls-alternatives": f"/controls/alternatives?date=2026-02-01&{JOURNEY}",
    "controls-accelerators": "/controls/accelerators",
    "controls-accelerator": "/controls/accelerators/intel-max-1550",
    "controls-story": "/controls/over-time",
}


@pytest.fixture
def visitor(
    chromium: Browser, live_server: LiveServer, transactional_db: None, settings: Settings
) -> Iterator[Visitor]:
    from tests.calls.world import OPERATOR, SHIPPED  # noqa: PLC0415

    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    now, email = datetime(2026, 1, 1, tzinfo=UTC), "compliance@example.org"
    register_person(actor=OPERATOR, email=email, name="Compliance", now=now, password=PASSWORD)
    grant_role(actor=OPERATOR, email=email, role=Role.COMPLIANCE, now=now, programme="hk-aiss-demo")
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_be_bought_is_told_at_a_desk_and_on_a_phone(visitor: Visitor, language: str) -> None:
    visitor.speak(language)
    visitor.sign_in("compliance@example.org")
    shown = PAGES if language == "en" else {name: PAGES[name] for name in ("controls-answer", "controls-story")}
    assert look(visitor, shown, language) == []


def test_an_officer_asks_by_the_form_and_follows_a_figure_to_its_source(visitor: Visitor) -> None:
    visitor.sign_in("compliance@example.org")
    page = visitor.page
    page.get_by_role("link", name="Controls", exact=True).click()
    page.locator("#chip").select_option("nvidia-h200-sxm-141gb")
    page.locator("#date").fill("2026-01-15")
    for box, country in {"to": "HK", "from": "US", "headquarters": "HK"}.items():
        page.locator(f"#{box}").select_option(country)
    page.get_by_role("button", name="Determine").click()
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("3A090.a.1")
    expect(verdict).to_contain_text("Case by case")
    expect(page.get_by_role("link", name="91 FR 1684").first).to_be_visible()
    page.get_by_role("link", name="Its figures, each with its source").click()
    expect(page.get_by_role("row", name="16 bits")).to_contain_text("989.5")
    expect(page.get_by_role("row", name="16 bits").get_by_role("link")).to_be_visible()
