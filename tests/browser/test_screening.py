"""The pages of screening: at a desk, on a phone, in each language; and a case cleared by two persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

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
    """Put an invented list, an organisation that may be on it, and two who answer for compliance; return the pages."""
    from tests.calls.world import OPERATOR, SHIPPED  # noqa: PLC0415
    from tests.screening.world import ROWS, put_list  # noqa: PLC0415

    from lionrock.people.actions import grant_role, register_organisation, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415
    from lionrock.screening.actions import record_stake, register_owner, screen_due  # noqa: PLC0415
    from lionrock.screening.models import Case  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    for email in (FIRST, SECOND):
        register_person(actor=OPERATOR, email=email, name=email.title(), password=PASSWORD, now=NOW)
        grant_role(actor=OPERATOR, email=email, role=Role.COMPLIANCE, programme="hk-aiss-demo", now=NOW)
    register_organisation(
        actor=OPERATOR, code="zephyr", name="Zephyr Quantum Instrument Works", name_zh_hant="琥珀海洋科技", now=NOW
    )
    put_list(now=NOW)
    put_list(*ROWS[:3], "9,person,Somebody Else,,,,,,,,\n", now=NOW)
    register_owner(actor=OPERATOR, code="harbour", name="Harbour University", kind="organisation", now=NOW)
    register_owner(
        actor=OPERATOR, code="lagoon", name="琥珀海洋控股 Lagoon Holding Company", kind="organisation", now=NOW
    )
    register_owner(actor=OPERATOR, code="fund", name="Pension Fund of the Valley", kind="organisation", now=NOW)
    for owner, owned, share in (
        ("harbour", "owner:lagoon", "60"),
        ("fund", "owner:lagoon", "40"),
        ("lagoon", "zephyr", "35"),
        ("harbour", "zephyr", "15.5"),
        ("fund", "zephyr", None),
    ):
        record_stake(
            actor=OPERATOR, owner=owner, owned=owned, share=Decimal(share) if share else None, since=date(2024, 1, 1),
            source="Annual return 2024", now=NOW,
        )  # fmt: skip
    screen_due(NOW)
    case = Case.objects.get(code="zephyr").pk
    return {
        "screening": "/screening",
        "screening-case": f"/screening/cases/{case}",
        "screening-search": "/screening/names",
        "screening-found": "/screening/names?name=Zephyr+Quantum+Instrument&country=NL&kind=organisation",
        "screening-short": "/screening/names?name=Z",
        "screening-lists": "/screening/lists",
        "screening-owners": "/screening/owners",
        "screening-stake": "/screening/stakes/new",
        "screening-changed": "/screening/lists/invented/2",
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


def test_a_case_is_cleared_by_two_persons(officer: Visitor, pages: dict[str, str]) -> None:
    officer.sign_in(FIRST)
    page = officer.open(pages["screening-case"])
    page.get_by_label("It is somebody else: ask a second person to agree").check()
    page.get_by_label("Why; it is kept with the case").fill("Its number in the register is another.")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("A second person has to agree.")).to_be_visible()
    page.context.clear_cookies()
    officer.sign_in(SECOND)
    page = officer.open(pages["screening-case"])
    page.get_by_label("I agree: it is somebody else. What is held goes on at once").check()
    page.get_by_label("Why; it is kept with the case").fill("I have seen the register.")
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("h1 ~ p .status")).to_have_text("Somebody else")
