"""Applying: from signing in to a submitted application; saved as it is typed, whatever happens to the browser."""

from __future__ import annotations

import re
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from tests.applications.desk import APPLICANT, PROJECT, REQUEST, SIGNATORY
from tests.applications.filling import pdf, put_all_that_is_missing
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import LANGUAGES, faults, look, overflow
from tests.web.scene import Scene

from lionrock.applications.actions import draft_application, submit_application
from lionrock.applications.domain import Request
from lionrock.applications.models import Answer, Application, Attachment
from lionrock.identity.models import Session
from lionrock.intake.actions import return_application
from lionrock.people.domain import Actor
from lionrock.people.queries import actor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPERATOR = Actor("root@terminal", operator=True)
PURPOSE = "request.purpose"
DECLARED = ("guide", "accuracy", "consent", "no-other-subsidy", "confidentiality", "law")


@pytest.fixture
def begun(scene: Scene) -> Application:
    """An application that a member of Harbour University has begun."""
    return draft_application(
        actor=actor_of(scene.member), call="CALL-2025-0001", organisation="harbour-university", now=timezone.now()
    )


@pytest.fixture
def returned(scene: Scene) -> Application:
    """One that was handed in whole, and came back with a question."""
    now = timezone.now()
    made = draft_application(
        actor=actor_of(scene.member),
        call="CALL-2025-0001",
        organisation="harbour-university",
        now=now,
        category="university",
        title="Storms over the delta",
        title_zh_hant="三角洲風暴",
        request=Request("h800-node", 2, 6, now.date()),
        other_subsidy=False,
        declarations=DECLARED,
    )
    put_all_that_is_missing(made)
    submit_application(actor=OPERATOR, application=made.code, now=now)
    return_application(
        actor=OPERATOR, application=made.code, question="Which satellites?\nAnd from which years?", now=now
    )
    return made


def box(page: Page, key: str) -> Locator:
    """Return the box of a field."""
    return page.locator(f'[id="{key}"]')


def fill(page: Page, typed: dict[str, str | list[str]], before: str = "") -> None:
    """Type into the boxes of a page, and choose."""
    for key, value in typed.items():
        first = page.locator(f'[name="{before}{key}"]').first
        if first.get_attribute("type") in {"radio", "checkbox"}:
            for each in value if isinstance(value, list) else [value]:
                page.locator(f'[name="{before}{key}"][value="{each}"]').check()
        else:
            first.fill(str(value))


def saved(page: Page) -> None:
    """Wait until the page says that all is saved."""
    expect(page.locator("#save-status")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def kept(key: str) -> object:
    """Return what the database holds of a field."""
    found = Answer.objects.filter(key=key).first()
    return found.value if found else None


# Every page ---------------------------------------------------------------------------------------


def pages_of(begun: str, returned: str) -> dict[str, str]:
    """Return the pages of applications that their authors open, by name."""
    form = f"/applications/{begun}"
    return {
        "applications": "/applications",
        "applications-none": "/applications?q=nothing+like+this",
        "application-new": "/applications/new",
        "application-draft": form,
        "application-request": f"{form}/form/request",
        "application-applicant": f"{form}/form/applicant",
        "application-projects": f"{form}/form/project",
        "application-project": f"{form}/form/project/1",
        "application-remove": f"{form}/form/project/1/remove",
        "application-documents": f"{form}/documents",
        "application-submit": f"{form}/submit",
        "application-import": f"{form}/import",
        "application-withdraw": f"{form}/withdraw",
        "application-returned": f"/applications/{returned}",
        "application-submit-again": f"/applications/{returned}/submit",
        "application-filled": f"/applications/{returned}/form/request",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_applying_is_open_to_everybody(
    visitor: Visitor, scene: Scene, begun: Application, returned: Application, language: str
) -> None:
    visitor.speak(language)
    visitor.sign_in(scene.member.email)
    assert look(visitor, pages_of(begun.code, returned.code), language) == []


# The whole way ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "scripts"), [(DESK, True), (PHONE, True), (PHONE, False)], ids=["desk", "phone", "plain"]
)
def test_from_signing_in_to_a_submitted_application(
    chromium: Browser, visitor: Visitor, scene: Scene, size: dict[str, int], scripts: bool
) -> None:
    context = chromium.new_context(viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    applicant = Visitor(context.new_page(), visitor.address)
    applicant.sign_in(scene.member.email)
    page = applicant.open("/applications")
    page.get_by_role("link", name="Begin an application").click()
    page.get_by_role("button", name="Begin").click()
    for typed, before in ((REQUEST, ""), (APPLICANT, "")):
        fill(page, typed, before)  # type: ignore[arg-type]
        page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Go on", exact=True).click()
    fill(page, PROJECT, "project.1.")  # type: ignore[arg-type]
    page.get_by_role("button", name="Save and go on").click()
    fill(page, SIGNATORY)  # type: ignore[arg-type]
    page.get_by_role("button", name="Save and go on").click()
    for document in ("proposal", "team", "financial-proof"):
        section = page.locator(f'[id="document:{document}"]')
        section.locator("input[type=file]").set_input_files(
            {"name": f"{document}.pdf", "mimeType": "application/pdf", "buffer": pdf(text=document)}
        )
        section.get_by_role("button").last.click()
        expect(page.get_by_role("link", name=f"{document}.pdf")).to_be_visible()
    page.get_by_role("link", name="Go on", exact=True).click()
    for declaration in DECLARED:
        box(page, f"declaration:{declaration}").check()
    applicant.picture(f"application-before-submission-{size['width']}")
    page.get_by_role("button", name="Submit the application").click()
    expect(page.get_by_role("status").first).to_contain_text("It is submitted")
    assert Application.objects.latest("id").state == "submitted"
    assert overflow(page) <= 0
    if scripts:
        assert faults(page) == []
    applicant.picture(f"application-submitted-{size['width']}")
    context.close()


def test_a_page_is_filled_and_saved_by_keyboard_alone(visitor: Visitor, scene: Scene) -> None:
    page = visitor.open("/")
    page.goto(visitor.address + "/sign-in?next=/applications/new")
    tab_to(page, "E-mail address")
    page.keyboard.type(scene.member.email)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Begin an application")
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you ask for")
    tab_to(page, "Local universities")
    page.keyboard.press("Space")
    tab_to(page, "English")
    page.keyboard.type("Weather models")
    tab_to(page, "Purpose")
    page.keyboard.type("Warnings a day earlier.")
    tab_to(page, "How many of it")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    assert (kept(PURPOSE), kept("request.count"), kept("request.category")) == (
        "Warnings a day earlier.",
        "2",
        "university",
    )


def test_a_gap_leads_to_its_field(visitor: Visitor, scene: Scene, begun: Application) -> None:
    visitor.sign_in(scene.member.email)
    page = visitor.open(f"/applications/{begun.code}/submit")
    page.get_by_text("D. Authorised signatory").first.click()
    page.get_by_role("link", name=re.compile("Title of the signatory")).click()
    expect(page).to_have_url(re.compile(r"/form/signatory#signatory\.title$"))
    expect(box(page, "signatory.title")).to_be_in_viewport()


# Saved as it is typed -----------------------------------------------------------------------------


@pytest.fixture
def writer(visitor: Visitor, scene: Scene, begun: Application) -> Visitor:
    """The member, with the first page of the form open."""
    visitor.sign_in(scene.member.email)
    visitor.open(f"/applications/{begun.code}/form/request")
    return visitor


def test_what_is_typed_is_saved_without_a_button(writer: Visitor) -> None:
    page = writer.page
    box(page, PURPOSE).press_sequentially("Warnings a day earlier.")
    saved(page)
    assert kept(PURPOSE) == "Warnings a day earlier."
    page.locator('[name="request.item"][value="h800-node"]').check()
    box(page, "request.category").check()
    box(page, "request.count").fill("2")
    box(page, "request.months").fill("6")
    box(page, "request.starts").fill("2027-04-01")
    expect(page.locator("#cost")).to_contain_text("3,840,000.00")
    expect(page.locator("#steps li").first).to_contain_text("3 gaps")
    page.reload()
    expect(box(page, PURPOSE)).to_have_value("Warnings a day earlier.")


def test_words_are_counted_while_they_are_typed(writer: Visitor) -> None:
    page = writer.page
    box(page, "request.title.en").fill("one two  three\n")
    expect(page.locator('[id="request.title.en-count"]')).to_have_text("3 of 25 words")
    box(page, "request.title.zh-hant").fill("三角洲風暴，2026 年")
    expect(page.locator('[id="request.title.zh-hant-count"]')).to_have_text("8 of 60 characters")
    box(page, PURPOSE).fill("研究風暴")
    expect(page.locator(f'[id="{PURPOSE}-count"]')).to_have_text("4 of 250 characters")
    box(page, "request.title.en").fill("word " * 26)
    expect(page.locator('[id="request.title.en-count"]')).to_have_class(re.compile("field-over"))


def test_a_fault_is_told_when_the_field_is_left(writer: Visitor) -> None:
    page, fault = writer.page, writer.page.locator('[id="request.count-fault"]')
    box(page, "request.count").press_sequentially("many")
    saved(page)
    expect(fault).to_be_hidden()
    page.keyboard.press("Tab")
    expect(fault).to_contain_text("is not a whole number")
    expect(box(page, "request.count")).to_have_attribute("aria-invalid", "true")
    assert faults(page) == []
    box(page, "request.count").fill("2")
    expect(fault).to_be_hidden()


def soon(page: Page, key: str, text: str) -> None:
    """Wait until the database holds a text."""
    for _ in range(50):
        if kept(key) == text:
            return
        page.wait_for_timeout(100)
    assert kept(key) == text


def test_a_page_left_in_the_middle_of_a_word_loses_nothing(writer: Visitor) -> None:
    page = writer.page
    box(page, PURPOSE).press_sequentially("Warnings a day earl")
    page.goto("about:blank")
    soon(page, PURPOSE, "Warnings a day earl")


def test_a_tab_closed_in_the_middle_of_a_word_loses_nothing(writer: Visitor) -> None:
    page, context, address = writer.page, writer.page.context, writer.page.url
    box(page, PURPOSE).press_sequentially("Warnings a day earl")
    page.close()
    again = context.new_page()
    again.goto(address)
    expect(box(again, PURPOSE)).to_have_value("Warnings a day earl")
    soon(again, PURPOSE, "Warnings a day earl")


def test_a_lost_connection_is_told_and_mended(writer: Visitor) -> None:
    page = writer.page
    page.context.set_offline(True)
    box(page, PURPOSE).press_sequentially("Written on a train.")
    expect(page.locator("#save-status")).to_contain_text("The connection is lost")
    writer.picture("application-offline")
    page.get_by_role("button", name="Save and go on").click()
    expect(box(page, PURPOSE)).to_have_value("Written on a train.")
    page.context.set_offline(False)
    soon(page, PURPOSE, "Written on a train.")  # by the click, if it was still trying, or by the next try


def test_what_was_typed_without_a_connection_survives_closing_the_browser(writer: Visitor) -> None:
    page, context, address = writer.page, writer.page.context, writer.page.url
    context.set_offline(True)
    box(page, PURPOSE).press_sequentially("Written in a tunnel.")
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(box(again, PURPOSE)).to_have_value("Written in a tunnel.")
    saved(again)
    assert kept(PURPOSE) == "Written in a tunnel."


def test_a_session_that_ends_meanwhile_loses_nothing(writer: Visitor, scene: Scene) -> None:
    page, address = writer.page, writer.page.url
    Session.objects.all().delete()
    box(page, PURPOSE).press_sequentially("Written by nobody.")
    expect(page.locator("#save-status")).to_contain_text("You are signed out")
    writer.sign_in(scene.member.email)
    page.goto(address)
    expect(box(page, PURPOSE)).to_have_value("Written by nobody.")
    saved(page)
    assert kept(PURPOSE) == "Written by nobody."


@pytest.fixture
def colleague(chromium: Browser, writer: Visitor, scene: Scene) -> Iterator[Page]:
    """The same page, open in another browser."""
    context = chromium.new_context(viewport=DESK)
    other = Visitor(context.new_page(), writer.address)
    other.sign_in(scene.member.email)
    yield other.open(writer.page.url.removeprefix(writer.address))
    context.close()


@pytest.mark.parametrize(("choice", "stays"), [("Keep mine", "Mine"), ("Take theirs", "Theirs")])
def test_two_authors_in_one_field_see_both_texts(writer: Visitor, colleague: Page, choice: str, stays: str) -> None:
    page, clash = writer.page, writer.page.locator(f'[id="{PURPOSE}-conflict"]')
    box(colleague, PURPOSE).press_sequentially("Theirs")
    saved(colleague)
    box(page, PURPOSE).press_sequentially("Mine")
    expect(clash).to_contain_text("Theirs")
    expect(clash).to_contain_text("chan@example.org changed this on")
    box(page, "request.count").fill("3")
    expect(page.locator("#save-status")).to_contain_text("somebody else changed too")
    soon(page, "request.count", "3")
    assert kept(PURPOSE) == "Theirs"
    assert faults(page) == []
    writer.picture("application-clash")
    clash.get_by_role("button", name=choice).click()
    expect(clash).to_be_hidden()
    expect(box(page, PURPOSE)).to_have_value(stays)
    soon(page, PURPOSE, stays)


def test_two_authors_in_two_fields_do_not_disturb_each_other(writer: Visitor, colleague: Page) -> None:
    box(writer.page, PURPOSE).press_sequentially("Mine")
    box(colleague, "request.title.en").press_sequentially("Theirs")
    saved(writer.page)
    saved(colleague)
    writer.page.get_by_role("button", name="Save", exact=True).last.click()
    expect(writer.page.get_by_role("status").first).to_contain_text("Saved")
    assert (kept(PURPOSE), kept("request.title.en")) == ("Mine", "Theirs")


EIGHT = {
    "proposal": 10,
    "team": 6,
    "compute-record": 4,
    "financial-proof": 4,
    "registration": 2,
    "startup-proof": 2,
    "shareholding": 1,
    "other": 1,
}
"""Document → pages: thirty in all."""


def test_thirty_pages_in_eight_files_by_two_authors_survive_a_connection_lost_in_mid_upload(
    visitor: Visitor, chromium: Browser, scene: Scene, begun: Application
) -> None:
    visitor.sign_in(scene.member.email)
    here = f"/applications/{begun.code}"
    first = visitor.open(f"{here}/form/request")
    fill(first, {"request.category": "startup", PURPOSE: "Warnings a day earlier."})
    first.get_by_role("button", name="Save", exact=True).last.click()
    second = Visitor(chromium.new_context(viewport=DESK).new_page(), visitor.address)
    second.sign_in(scene.member.email)
    authors = [visitor.open(f"{here}/documents"), second.open(f"{here}/documents")]
    for number, (document, pages) in enumerate(EIGHT.items()):
        page = authors[number % 2]
        if number == 4:
            cut_off(page, visitor.address, f"{here}/documents", document)
            assert Attachment.objects.count() == number
        attach(page, document, pdf(pages))
        expect(page.get_by_role("link", name=f"{document}.pdf")).to_be_visible()
    for page in authors:
        page.context.close()
    reader = Visitor(chromium.new_context(viewport=DESK).new_page(), visitor.address)
    reader.sign_in(scene.member.email)
    listed = reader.open(f"{here}/documents")
    for document in EIGHT:
        expect(listed.get_by_role("link", name=f"{document}.pdf")).to_have_count(1)
    assert sum(each.pages or 0 for each in Attachment.objects.all()) == 30
    expect(box(reader.open(f"{here}/form/request"), PURPOSE)).to_have_value("Warnings a day earlier.")
    reader.page.context.close()


def attach(page: Page, document: str, content: bytes) -> None:
    """Choose a file for a document and send it."""
    section = page.locator(f'[id="document:{document}"]')
    file: FilePayload = {"name": f"{document}.pdf", "mimeType": "application/pdf", "buffer": content}
    section.locator("input[type=file]").set_input_files(file)
    section.get_by_role("button", name="Attach").click(no_wait_after=True)


@contextmanager
def a_line_that_breaks(server: str, after: int) -> Iterator[str]:
    """Yield another address of the server, behind a line that breaks when it has carried so many bytes of a request."""
    host, port = server.removeprefix("http://").split(":")

    def carry(source: socket.socket, target: socket.socket, most: int) -> None:
        carried = 0
        with suppress(OSError):
            while carried < most and (piece := source.recv(4096)):
                target.sendall(piece)
                carried += len(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def answer() -> None:
        with suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection((host, int(port)))
                Thread(target=carry, args=(here, there, after), daemon=True).start()
                Thread(target=carry, args=(there, here, sys.maxsize), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=answer, daemon=True).start()
        yield f"http://{host}:{listener.getsockname()[1]}"


def cut_off(page: Page, server: str, here: str, document: str) -> None:
    """Send a file over a line that breaks when a part of it is on its way."""
    with a_line_that_breaks(server, after=100_000) as address:
        page.goto(f"{address}{here}")
        with page.expect_event("requestfailed"):
            attach(page, document, pdf(2, secrets.token_hex(200_000)))
        page.wait_for_url("chrome-error://**")
    page.goto(f"{server}{here}")
