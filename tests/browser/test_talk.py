"""Signing up, being told, and writing to each other: by mouse, by keyboard alone, on a phone, without scripts."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import PASSWORD, PHONE, Visitor
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import LANGUAGES, look
from tests.web.scene import PROGRAMME, Scene, person, works_for

from lionrock.applications.actions import write_letter
from lionrock.applications.models import Application
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions import notify, pack_mail
from lionrock.notices.domain import Subject
from lionrock.notices.models import Mail, Notice
from lionrock.notices.writing import written
from lionrock.people.actions import ask_membership, ask_to_join
from lionrock.people.actions.joining import Newcomer
from lionrock.people.domain import Role
from lionrock.people.joining import token_of
from lionrock.people.models import Joining
from lionrock.people.queries import actor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOUNDER = "ng@kite.example"


def newcomer(email: str = FOUNDER, language: str = "en") -> Newcomer:
    return Newcomer("Ng Wing Sze", email, language, "Kite Robotics", "紙鳶機械人", "纸鸢机械人")


def joining(email: str = FOUNDER) -> str:
    """Return the path of the link that was sent to an address."""
    return f"/join/{token_of(Joining.objects.filter(email=email).latest('pk'))}"


def talk(scene: Scene) -> str:
    """Let office and applicant write to each other, and much be told; return the application's code."""
    code = Application.objects.order_by("code")[0].code
    office, member, now = actor_of(scene.office), actor_of(scene.member), timezone.now()
    write_letter(actor=member, application=code, text="When may we begin?\n\nOur students are back in May.", now=now)
    write_letter(actor=office, application=code, text="As soon as the agreement is signed.", now=now)
    about = Subject("application", code)
    said = message(gettext_noop("The office asks about {application}. Answer, and hand it in again."), application=code)
    for _ in range(3):
        notify(to=[scene.member.email, scene.office.email], said=said, about=about, now=now, urgent=True)
    ask_membership(person=scene.stranger, organisation_name="Harbour University", now=now)
    ask_to_join(newcomer=newcomer(), source="192.0.2.1", now=now)
    return code


def pages(code: str) -> dict[str, str]:
    """Return the pages of this subject that a member can open."""
    return {
        "notices": "/notices",
        "notices-settings": "/notices/settings",
        "account": "/account",
        "organisation": "/organisations/harbour-university",
        "letters": f"/applications/{code}/letters",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_it_is_open_to_everybody(visitor: Visitor, scene: Scene, language: str) -> None:
    code = talk(scene)
    visitor.speak(language)
    found = look(visitor, {"join": "/join", "join-sent": "/join/sent", "join-link": joining()}, language)
    visitor.sign_in(scene.member.email)
    visitor.speak(language)
    found += look(visitor, pages(code), language)
    visitor.page.context.clear_cookies()
    visitor.sign_in(scene.office.email)
    visitor.speak(language)
    staff = {"people": f"/programmes/{PROGRAMME}/people?q=example", "letters-office": f"/applications/{code}/letters"}
    found += look(visitor, staff, language)
    assert found == []


def signs_up(page: Page, address: str) -> None:
    """Fill in the form of signing up and go through the link, up to being signed in."""
    page.goto(f"{address}/join")
    page.get_by_label("Your name").fill("Ng Wing Sze")
    page.get_by_label("E-mail address").fill(FOUNDER)
    page.get_by_label("Name of your organisation").fill("Kite Robotics")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(address + link_in_the_mail())
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("status")).to_contain_text("Your address is confirmed")
    page.get_by_label("E-mail address").fill(FOUNDER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def link_in_the_mail() -> str:
    """Return the path of the link, as the mail has it."""
    text = str(written(Mail.objects.get(address=FOUNDER)).body)
    found = re.search(r"/join/\S+", text)
    assert found is not None
    return found.group()


def test_a_founder_goes_from_signing_up_to_the_first_page_of_an_application(visitor: Visitor, scene: Scene) -> None:
    page = visitor.page
    signs_up(page, visitor.address)
    page.goto(f"{visitor.address}/applications/new")
    visitor.picture("founder-new")
    expect(page.get_by_text("Kite Robotics").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Begin")).first.click()
    expect(page).to_have_url(re.compile(r"/applications/APP-\d{4}-\d{4}/form"))
    expect(page.get_by_role("button", name=re.compile("Save")).first).to_be_visible()
    visitor.picture("founder-first-page")


def test_a_founder_signs_up_on_a_phone_without_scripts(chromium: Browser, visitor: Visitor, scene: Scene) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE, locale="en-GB")
    page = context.new_page()
    signs_up(page, visitor.address)
    page.goto(f"{visitor.address}/account")
    expect(page.get_by_role("link", name="Kite Robotics")).to_be_visible()
    context.close()


def test_wrong_answers_are_told_at_their_fields_and_nothing_typed_is_lost(visitor: Visitor, scene: Scene) -> None:
    page = visitor.open("/join")
    page.get_by_label("Your name").fill("Ng Wing Sze")
    page.get_by_label("E-mail address").fill("ng at kite")
    page.get_by_role("button", name="Send me the link").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("is not an e-mail address")
    expect(page.get_by_label("Your name")).to_have_value("Ng Wing Sze")
    expect(page.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")
    visitor.picture("join-wrong")
    alert.get_by_role("link").first.click()
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_a_letter_is_written_and_answered_by_keyboard_alone(visitor: Visitor, scene: Scene) -> None:
    code = talk(scene)
    visitor.sign_in(scene.member.email)
    page = visitor.open("/notices")
    tab_to(page, f"The programme's office wrote to you about {code}.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Correspondence")
    tab_to(page, "Your letter")
    page.keyboard.type("We have signed it.")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect(page.locator(".letter").last).to_contain_text("We have signed it.")
    page.reload()
    expect(page.locator(".letter")).to_have_count(3)
    assert Notice.objects.filter(person=scene.office, kind="letters").count() == 2


def test_the_bell_falls_silent_as_one_reads(visitor: Visitor, scene: Scene) -> None:
    talk(scene)
    visitor.sign_in(scene.member.email)
    page = visitor.open("/notices")
    unread = Notice.objects.filter(person=scene.member, read_at=None).count()
    expect(page.locator(".bell-count")).to_contain_text(str(unread))
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".bell-count")).to_have_count(0)
    expect(page.get_by_text("You have read everything.")).to_be_visible()


def test_a_member_lets_somebody_in_who_asked(visitor: Visitor, scene: Scene) -> None:
    talk(scene)
    visitor.sign_in(scene.member.email)
    page = visitor.open("/organisations/harbour-university")
    page.get_by_role("button", name="Let Lee Ka Yan in").click()
    expect(page.get_by_role("status")).to_contain_text("Lee Ka Yan belongs to Harbour University now.")


def test_an_office_gives_a_role_and_takes_it_away(visitor: Visitor, scene: Scene) -> None:
    works_for(person("second@example.org", "Ho Man Tin"), Role.OFFICE)
    visitor.sign_in(scene.office.email)
    page = visitor.open(f"/programmes/{PROGRAMME}/people")
    page.get_by_label("E-mail address").fill("second@example.org")
    page.get_by_label("Role", exact=True).select_option("assessor")
    page.get_by_role("button", name="Give the role").click()
    page.get_by_role("button", name="Take the role Assessor from Ho Man Tin").click()
    expect(page.get_by_role("button", name="Take the role Assessor from Ho Man Tin")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_looks_well_and_reads_aloud_well(visitor: Visitor, scene: Scene, language: str) -> None:
    scene.member.language = language
    scene.member.save()
    talk(scene)
    pack_mail(timezone.now())
    for mail in Mail.objects.filter(address__in=[scene.member.email, FOUNDER]):
        visitor.page.set_content(str(written(mail).alternatives[0].content))
        for place, size in {"desk": {"width": 800, "height": 700}, "phone": PHONE}.items():
            visitor.page.set_viewport_size({"width": size["width"], "height": size["height"]})
            visitor.picture(f"mail-{mail.kind}-{language}-{place}")
            assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
