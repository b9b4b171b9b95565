"""Data of projects, concerns and the public register: at a desk and on a phone; a concern raised by a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PASSWORD, Visitor
from tests.browser.test_pages import LANGUAGES, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICER = "officer@example.org"
OWN = "hk-aiss-demo"


@pytest.fixture
def pages(transactional_db: None, settings: Settings) -> dict[str, str]:
    """Put data with a chain and a filing, data that are deleted, a concern in hand and a project; return the pages."""
    from tests.calls.world import NOW, OPERATOR, SHIPPED, World  # noqa: PLC0415
    from tests.concerns.permissions import in_hand  # noqa: PLC0415
    from tests.custody.permissions import KEPT, SUM, a_filing, put_place  # noqa: PLC0415
    from tests.people.rows import Scene  # noqa: PLC0415
    from tests.public.test_register import assess  # noqa: PLC0415

    from lionrock.concerns.actions import note_concern, report_change  # noqa: PLC0415
    from lionrock.custody.actions import record_event, register_data_set  # noqa: PLC0415
    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    world = World()
    world.put_organisation()
    world.put_site()
    world.put_fund("10000000.00")
    award = world.awarded(world.open_call())
    register_person(actor=OPERATOR, email=OFFICER, name="Officer", password=PASSWORD, now=NOW)
    grant_role(actor=OPERATOR, email=OFFICER, role=Role.COMPLIANCE, programme=OWN, now=NOW)
    scene = Scene(world, "", "", "", "", award.code, "")
    a_filing(scene)
    put_place("centre", "no_egress")
    gone = register_data_set(
        actor=OPERATOR, award=award.code, name="Voices of callers", owner="Harbour Bank", zone="no_egress",
        personal=True, keep_until=KEPT, now=NOW,
    ).code  # fmt: skip
    steps = {"arrived": {"checksum": SUM}, "deleted": {"witness": "Ho Siu Ming", "note": "Overwritten three times."}}
    for minutes, (kind, facts) in enumerate(steps.items()):
        at = NOW + timedelta(minutes=minutes)
        record_event(actor=OPERATOR, data_set=gone, kind=kind, place="centre", medium="array 7", at=at, now=at, **facts)
    concern = in_hand(scene)
    note_concern(actor=OPERATOR, concern=concern, said="Which cluster was it?", shown=True, now=NOW)
    assess(award)
    report_change(actor=OPERATOR, award=award.code, kinds=["location"], said="Another vault.", now=NOW)
    return {
        "data": "/data",
        "data-set": "/data/DS-2026-0001",
        "data-record": "/data/DS-2026-0001/record",
        "data-certificate": f"/data/{gone}/certificate",
        "data-places": "/places",
        "data-award": f"/awards/{award.code}",
        "concerns": "/concerns",
        "concern": f"/concerns/{concern}",
        "concern-raise": "/concerns/raise",
        "concern-follow": "/concerns/follow",
        "register": f"/programmes/{OWN}/register",
        "register-project": f"/programmes/{OWN}/register/{award.code}",
    }


@pytest.fixture
def officer(chromium: Browser, live_server: LiveServer, pages: dict[str, str]) -> Iterator[Visitor]:
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


def test_every_page_is_open_to_everybody(officer: Visitor, pages: dict[str, str]) -> None:
    officer.sign_in(OFFICER)
    found = []
    for language in LANGUAGES[:2]:
        officer.speak(language)
        found += look(officer, pages, language)
    assert found == []


def test_a_stranger_raises_a_concern_and_follows_it_up(officer: Visitor) -> None:
    page = officer.open("/concerns/raise")
    page.get_by_label("In one line").fill("Mining")
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#wrong")).to_contain_text("What happened, when, and how you know")
    page.get_by_label("Compute is used for something that it was not given for").check()
    page.get_by_label("What happened, when, and how you know").fill("A job of the night mines coins.")
    page.get_by_role("button", name="Send it").click()
    number, secret = page.locator(".summary dd").all_text_contents()
    page.get_by_role("link", name="Follow it up with these two").click()
    page.get_by_label("Case number").fill(number)
    page.get_by_label("Secret code").fill(secret)
    page.get_by_role("button", name="Show it").click()
    expect(page.locator("h1")).to_have_text("Mining")
    page.get_by_label("What you have to add").fill("It was the small cluster.")
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".plain-list")).to_contain_text("It was the small cluster.")
