"""After the decision, by keyboard and on a phone: an offer accepted, a change decided, a report handed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import LANGUAGES, faults, overflow

if TYPE_CHECKING:
    from lionrock.awards.models import Award

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def offer(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Award:
    """Offer an award of two nodes for a year, with a member, an office and a committee to act on it."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.calls.world import OPERATOR, SHIPPED, World  # noqa: PLC0415

    from lionrock.applications.domain import Request  # noqa: PLC0415
    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415
    from lionrock.people.models import Organisation  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)
    world = World(request=Request("h800-node", 2, 12, date(2026, 4, 1)))
    world.put_organisation()
    names = {"name": "Harbour University", "name_zh_hant": "海港大學", "name_zh_hans": "海港大学"}
    Organisation.objects.update(**names)
    world.put_site()
    world.put_fund("20000000.00")
    given = {"programme": world.programme}
    for role, where in (
        (Role.MEMBER, {"organisation": world.organisation}),
        (Role.OFFICE, given),
        (Role.COMMITTEE, given),
    ):
        email = f"{role.value}@example.org"
        register_person(actor=OPERATOR, email=email, name=role.value.title(), now=TODAY, password=PASSWORD)
        grant_role(actor=OPERATOR, email=email, role=role, now=TODAY, **where)
    call = world.open_call()
    asked = world.submitted(
        call,
        title="A language model for court judgments",
        title_zh_hant="法院判詞語言模型",
        title_zh_hans="法院判词语言模型",
    )
    conditions = "Publish the weights under an open licence.\nName the scheme in every paper."
    made = world.decided(asked, accept=False, conditions=conditions, reason="It serves every court in the city.")
    assert made is not None
    return made


@pytest.fixture
def guest(chromium: Browser, live_server: LiveServer, offer: Award) -> Iterator[Visitor]:
    """A fresh visitor at a desk, in English."""
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


def test_an_applicant_accepts_an_offer_by_keyboard_alone(guest: Visitor, offer: Award) -> None:
    guest.sign_in("member@example.org")
    page = guest.page
    guest.picture("after-home")
    expect(page.get_by_role("link", name=f"{offer.code} is offered to you", exact=False)).to_be_visible()
    tab_to(page, f"{offer.code} is offered to you. Accept or refuse it.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="This award is offered to you")).to_be_visible()
    guest.picture("after-offer")
    tab_to(page, "Accept the offer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Accept the offer")).to_be_visible()
    guest.picture("after-accept")
    tab_to(page, "Name of the authorised signatory")
    page.keyboard.type("Chan Tai Man")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“Title of the signatory”")
    guest.picture("after-accept-wrong")
    expect(page.locator("#signatory")).to_have_value("Chan Tai Man")
    tab_to(page, "Title of the signatory")
    page.keyboard.type("Vice-President (Research)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("is accepted")
    expect(page.get_by_role("link", name="Agreement (PDF)")).to_be_visible()
    guest.picture("after-accepted")


def test_a_change_is_looked_at_asked_for_and_decided(guest: Visitor, offer: Award) -> None:
    guest.sign_in("member@example.org")
    page = guest.open(f"/awards/{offer.code}/accept")
    page.locator("#signatory").fill("Chan Tai Man")
    page.locator("#title").fill("Dean")
    page.get_by_role("button", name="Accept for the organisation").click()
    page.get_by_role("link", name="Ask for a change").click()
    page.locator("#count").fill("3")
    page.locator("#since").fill("2026-06-01")
    page.locator("#reason").fill("The third court has sent its judgments.")
    page.get_by_role("button", name="Look at what it comes to").click()
    expect(page.get_by_text("is to be committed from the fund")).to_be_visible()
    guest.picture("after-change-looked")
    page.get_by_role("button", name="Ask for this change").click()
    page.context.clear_cookies()
    guest.sign_in("committee@example.org")
    page.get_by_role("link", name=f"A change of {offer.code} waits", exact=False).click()
    guest.picture("after-change-decide")
    page.locator("#decided_by").fill("Committee, 2 March 2026")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="What it came to")).to_be_visible()
    guest.picture("after-change-decided")


def _prepare(offer: Award) -> list[str]:
    """Bring the award to where every page of the room shows something; return the addresses of them all."""
    from tests.calls.world import OPERATOR  # noqa: PLC0415

    from lionrock.awards.actions import accept_offer, request_variation, suspend_award  # noqa: PLC0415
    from lionrock.awards.domain import Change  # noqa: PLC0415
    from lionrock.outcomes.actions import add_outcome, submit_report  # noqa: PLC0415
    from lionrock.outcomes.actions.reporting import Written  # noqa: PLC0415

    at = {"actor": OPERATOR, "award": offer.code, "now": TODAY}
    accept_offer(signatory="Chan Tai Man", title="Dean", **at)
    request_variation(change=Change(valid_to=date(2026, 12, 1)), reason="We will be done earlier.", **at)
    written = Written("The first model is trained.", "Two weeks late.", "The second model.")
    submit_report(which="1", written=written, **at)
    paper = {"kind": "paper", "title": "Judgments in two languages", "year": 2026, "scheme": "doi"}
    add_outcome(identifier="10.1000/182", **paper, **at)
    suspend_award(reason="The end-user certificate has run out.", **at)
    page = f"/awards/{offer.code}"
    parts = ("", "/variations", "/variations/1", "/resume", "/end", "/reports/1", "/reports/final", "/outcomes")
    return ["/awards", "/reports", *(page + part for part in parts)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_after_the_decision_is_open_to_everybody(guest: Visitor, offer: Award, language: str) -> None:
    """Member, then office: axe finds nothing, and nothing sticks out at 360 px."""
    guest.sign_in("member@example.org")
    guest.speak(language)
    page = guest.page
    for address in (f"/awards/{offer.code}", f"/awards/{offer.code}/accept", f"/awards/{offer.code}/refuse"):
        guest.open(address)
        assert faults(page) == []
    addresses = _prepare(offer)
    page.context.clear_cookies()
    guest.sign_in("office@example.org")
    guest.speak(language)
    for address in addresses:
        page.set_viewport_size(DESK)
        guest.open(address)
        assert faults(page) == [], address
        name = address.strip("/").replace("/", "-")
        guest.picture(f"after-{language}-{name}")
        page.set_viewport_size(PHONE)
        assert overflow(page) <= 0, address
        guest.picture(f"after-{language}-{name}-phone")
