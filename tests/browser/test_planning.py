"""A study at a desk, on a phone and in each language."""

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


@pytest.fixture
def visitor(
    chromium: Browser, live_server: LiveServer, transactional_db: None, settings: Settings
) -> Iterator[Visitor]:
    from tests.calls.world import OPERATOR, SHIPPED  # noqa: PLC0415
    from tests.planning.studies import PROGRAMME, published  # noqa: PLC0415

    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    now, email = datetime(2026, 1, 1, tzinfo=UTC), "chair@example.org"
    register_person(actor=OPERATOR, email=email, name="Chair", now=now, password=PASSWORD)
    grant_role(actor=OPERATOR, email=email, role=Role.CHAIR, now=now, programme=PROGRAMME)
    published()
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chair_reads_a_study(visitor: Visitor, language: str) -> None:
    visitor.speak(language)
    visitor.sign_in("chair@example.org")
    pages = {"study": "/planning/PLAN-2026-0001"}
    assert look(visitor, pages | ({"studies": "/planning"} if language == "en" else {}), language) == []
    if language == "en":
        page = visitor.open("/planning")
        page.get_by_role("link", name="Should the second phase").click()
        expect(page.get_by_text("“With the second phase” is better")).to_be_visible()
