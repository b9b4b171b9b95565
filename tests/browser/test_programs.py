"""Programs of somebody's own: a token that is shown once, a webhook with its keys and what it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visitor
from tests.browser.test_pages import faults, look, overflow

if TYPE_CHECKING:
    from tests.web.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_member_makes_a_token_and_a_webhook(visitor: Visitor, scene: Scene) -> None:
    visitor.sign_in(scene.office.email)
    page = visitor.open("/account")
    page.get_by_role("link", name="Tokens with which they sign in").click()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("alert")).to_contain_text("“What it is for” is empty")
    page.get_by_label("What it is for").fill("Nightly figures for the ministry")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("region", name="The token “Nightly figures for the ministry”").last).to_contain_text(
        "lionrock_p_"
    )
    visitor.picture("token-made")
    assert (faults(page), overflow(page)) == ([], 0)
    visitor.open("/account/webhooks")
    page.get_by_label("Address of the receiver").fill("http://hooks.example.org")
    page.get_by_role("button", name="Register it").click()
    expect(page.get_by_role("alert")).to_contain_text("does not begin with https://")
    page.get_by_label("Address of the receiver").fill("https://hooks.example.org/lionrock")
    page.get_by_role("button", name="Register it").click()
    page.get_by_role("button", name="Send a trial").click()
    expect(page.get_by_role("row", name="A trial, sent by hand")).to_contain_text("It waits")
    page.get_by_text("Show the keys").click()
    expect(page.get_by_text("lionrock_w_")).to_be_visible()
    here = page.url.rpartition("/account")[2]
    pages = {"tokens": "/account/tokens", "webhooks": "/account/webhooks", "webhook": f"/account{here}"}
    assert look(visitor, pages, "en") == []
