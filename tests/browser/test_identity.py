"""Passkeys, codes and confirming as people do them: with Chromium's own virtual device, and by the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.browser.test_pages import faults, look, overflow

if TYPE_CHECKING:
    from tests.web.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer, scene: Scene, settings: Settings) -> Iterator[Visitor]:
    """A visitor who reaches the portal by a name, without which there are no passkeys, with a device that has them."""
    address = live_server.url.replace("127.0.0.1", "localhost")
    settings.LIONROCK_PORTAL_URL = address
    settings.ALLOWED_HOSTS = ["localhost"]
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield Visitor(page, address)
    context.close()


def looked_at(visitor: Visitor, name: str) -> list[str]:
    """Look at the page that is open, at a desk and on a phone."""
    found = []
    for place, size in {"desk": DESK, "phone": PHONE}.items():
        visitor.page.set_viewport_size(size)
        visitor.picture(f"identity-{name}-{place}")
        found += [f"{name} {place}: {fault}" for fault in faults(visitor.page)]
        found += [f"{name} {place}: {overflow(visitor.page)} px too wide"] if overflow(visitor.page) > 0 else []
    visitor.page.set_viewport_size(DESK)
    return found


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a button has the focus."""
    button = page.get_by_role("button", name=name)
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_a_passkey_is_made_and_signs_in_by_the_keyboard_alone(visitor: Visitor, scene: Scene) -> None:
    visitor.sign_in(scene.office.email)
    page = visitor.open("/account/passkeys/new")
    wrong = looked_at(visitor, "new-passkey")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Laptop")
    tab_to(page, "Make the passkey")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator("main li code")).to_have_count(10)
    wrong += looked_at(visitor, "codes")
    page.context.clear_cookies()
    page = visitor.open("/sign-in")
    page.get_by_role("link", name="Sign in with a passkey").click()
    wrong += looked_at(visitor, "sign-in-passkey")
    tab_to(page, "Use a passkey")
    page.keyboard.press("Enter")
    page.wait_for_url(visitor.address + "/")
    visitor.open("/account")
    expect(page.get_by_role("row", name="Laptop")).to_be_visible()
    wrong += looked_at(visitor, "account")
    visitor.open("/account/passkeys/new")
    page.get_by_label("Name", exact=True).fill("Again")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("status").first).to_contain_text("has a passkey for you already")
    page.context.clear_cookies()
    visitor.open("/sign-in")
    page.locator("#username").fill(scene.office.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/sign-in/second")
    wrong += looked_at(visitor, "second")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(visitor.address + "/")
    assert wrong == []


def test_an_app_is_set_up_and_its_code_confirms(visitor: Visitor, scene: Scene) -> None:
    from tests.web.scene import PROGRAMME  # noqa: PLC0415

    from lionrock.identity.domain import STEP_SECONDS, code_at  # noqa: PLC0415
    from lionrock.identity.models import Authenticator, Session  # noqa: PLC0415
    from lionrock.identity.queries import secret_of  # noqa: PLC0415
    from lionrock.identity.sessions import SessionStore  # noqa: PLC0415

    def code(ahead: int) -> str:
        step = int(datetime.now(UTC).timestamp()) // STEP_SECONDS + ahead
        row = Session.objects.get(person=scene.office)
        kept = Authenticator.objects.filter(person=scene.office).first()
        seed = kept.seed if kept else row.get_decoded()["asked:app"]["content"]["seed"]
        return code_at(secret_of(seed), step)

    visitor.sign_in(scene.office.email)
    page = visitor.open("/account/app")
    wrong = looked_at(visitor, "app")
    page.get_by_label("Code that the app shows").fill("000000")
    page.get_by_role("button", name="The app is set up").click()
    expect(page.get_by_role("alert")).to_contain_text("does not count")
    page.get_by_label("Code that the app shows").fill(code(-1))
    page.get_by_role("button", name="The app is set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    store = SessionStore(Session.objects.get(person=scene.office).session_key)
    store["signed_in"] |= {"proof": {"at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(), "strength": 2}}
    store.save()
    visitor.open(f"/programmes/{PROGRAMME}/people")
    page.get_by_label("E-mail address").fill("new-auditor@example.org")
    page.locator("form:has(#email) button").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    wrong += looked_at(visitor, "confirm")
    page.get_by_label("Code").fill(code(0))
    page.get_by_role("button", name="Confirm and go on").click()
    expect(page.get_by_label("E-mail address")).to_have_value("new-auditor@example.org")
    assert wrong == []


def test_the_other_pages_of_signing_in(visitor: Visitor, scene: Scene) -> None:
    open_to_all = {"reset": "/password", "reset-sent": "/password/sent"}
    wrong = look(visitor, open_to_all, "en")
    visitor.sign_in(scene.office.email)
    wrong += look(visitor, {"sessions": "/account/sessions"}, "en")
    row = visitor.page.get_by_role("row", name=re.compile("This browser"))
    expect(row).to_contain_text("Chrome")
    expect(row).to_contain_text("a password")
    assert wrong == []
