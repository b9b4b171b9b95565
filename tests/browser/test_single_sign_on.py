"""Signing in with an organisation's account, deputies and leavers, at a desk and on a phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.browser.conftest import Visitor
from tests.browser.test_pages import look
from tests.openid.forged import ISSUER, provider
from tests.web.scene import PROGRAMME, Scene

from lionrock.openid import known
from lionrock.openid.models import Binding
from lionrock.people.models import Deputyship, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEFT = known.About(f"{ISSUER}/auth", f"{ISSUER}/token", f"{ISSUER}/keys", ("RS256",), True, True, f"{ISSUER}/leave")


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_its_pages_are_open_to_everybody(
    visitor: Visitor, scene: Scene, settings: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"name": "Harbour University", "name_zh_hant": "海港大學", "name_zh_hans": "海港大学"}
    settings.LIONROCK_PROVIDERS = {"forged": provider(**named)}
    monkeypatch.setattr("lionrock.openid.pages.about", lambda *_: LEFT)
    visitor.speak(language)
    found = look(
        visitor,
        {
            "offers": "/sign-in",
            "refused": "/sign-in/with/forged/back?state=invented",
            "left": "/sign-out/forged",
        },
        language,
    )
    visitor.sign_in(scene.office.email)
    now = datetime.now(UTC)
    Binding.objects.create(
        person=scene.office, issuer=ISSUER, subject="42", email=scene.office.email, bound_at=now, used_at=now
    )
    deputy = Person.objects.create(email="deputy@example.org", name="Lam Ka Yan", created_at=now)
    Deputyship.objects.create(
        holder=scene.office, deputy=deputy, role="office", programme=PROGRAMME, named_by=scene.office.email,
        named_at=now, begins_at=now, ends_at=now + timedelta(days=9),
    )  # fmt: skip
    pages = {
        "own": "/account/sign-in",
        "account": "/account",
        "people": f"/programmes/{PROGRAMME}/people?q=a",
        "deputy": f"/programmes/{PROGRAMME}/people/deputies",
        "close": f"/programmes/{PROGRAMME}/people/{deputy.pk}/close",
    }
    found += look(visitor, pages, language)
    assert found == []
