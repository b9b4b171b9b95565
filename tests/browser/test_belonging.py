"""Who belongs, who works on an award, and who looks at whose pages: in three languages, at a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import PASSWORD, Visitor
from tests.browser.test_pages import LANGUAGES, look
from tests.web.scene import PROGRAMME, Scene, member_of

from lionrock.identity.actions import give_consent
from lionrock.identity.domain.support import Part
from lionrock.identity.models import Consent
from lionrock.people.actions import claim_domain, invite_colleague
from lionrock.people.domain import Actor
from lionrock.people.models import Organisation, Person
from lionrock.people.queries import actor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _administrator(scene: Scene) -> tuple[Actor, Organisation]:
    actor = actor_of(scene.member)
    [code] = actor.administered()
    return actor, Organisation.objects.get(code=code)


def _fill(scene: Scene) -> tuple[Organisation, Person]:
    """Put a colleague, an invitation and a claimed domain on file."""
    actor, place = _administrator(scene)
    colleague = member_of(place, "lam@example.org", "Lam Siu Ming", password=PASSWORD)
    now = timezone.now()
    invite_colleague(actor=actor, organisation=place.code, email="ho@example.org", now=now)
    claim_domain(actor=actor, organisation=place.code, domain="harbour.edu.hk", now=now)
    return place, colleague


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_belonging_are_open_to_everybody(visitor: Visitor, scene: Scene, language: str) -> None:
    place, _ = _fill(scene)
    organisation = f"/organisations/{place.code}"
    visitor.speak(language)
    visitor.sign_in(scene.member.email)
    [award] = [each for each in scene.awards if each.organisation_id == place.pk][:1]
    pages = {
        "organisation": organisation,
        "domains": f"{organisation}/domains",
        "project": f"/awards/{award.code}/people",
        "project-name": f"/awards/{award.code}/people/new",
        "project-hand-over": f"/awards/{award.code}/people/hand-over",
        "consent": "/account/support",
        "account": "/account",
        "sessions": "/account/sessions",
    }
    assert look(visitor, pages, language) == []


def test_an_office_looks_at_the_pages_of_somebody_who_lets_it(visitor: Visitor, scene: Scene) -> None:
    now = timezone.now()
    give_consent(
        person=scene.member, programme=PROGRAMME, supporter="", parts=[part.value for part in Part], hours=4,
        reason="I cannot find my statement.", now=now - timedelta(minutes=5),
    )  # fmt: skip
    visitor.sign_in(scene.office.email)
    wrong = look(visitor, {"supports": "/support", "support": f"/support/{Consent.objects.get().pk}"}, "en")
    page = visitor.open(f"/support/{Consent.objects.get().pk}")
    page.get_by_label("Why").fill("They asked by telephone.")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("body")).to_contain_text("reading only")
    wrong += look(visitor, {"looking-awards": "/awards", "looking-home": "/", "looking-shut": "/account/tokens"}, "en")
    visitor.open("/awards").get_by_role("button", name="End").click()
    expect(page.locator("body")).not_to_contain_text("reading only")
    assert wrong == []
