"""Walking through the portal in any language: by address, by the names of fields and of buttons, never by words."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any

from django.test import Client
from playwright.sync_api import FilePayload, Locator, expect
from tests.applications.desk import APPLICANT, PROJECT, REQUEST, SIGNATORY
from tests.applications.filling import pdf
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.test_applying import DECLARED
from tests.browser.test_pages import faults, overflow

from lionrock.applications.models import Application
from lionrock.people.models import Person

SIGNED_IN = "sessionid"
CARDS = {**REQUEST, "request.item": "h800-card", "request.count": "8", "request.months": "3"}
OWED = ("proposal", "team", "financial-proof")

OUTLINE = "[...document.querySelectorAll('body *')].map(each => each.tagName + '.' + each.className).join(' ')"
"""What a page is made of, in JavaScript: pages with the same parts are looked at by axe once."""
HERE = "each => each === document.activeElement"
IN_GROUP = "each => each.type === 'radio' && each.name === document.activeElement.name"
"""The keyboard comes to a group of radio buttons as to one thing; arrows choose in it."""
SHOWN = "document.activeElement.matches('body, :focus-visible, [type=date], [type=datetime-local]')"
"""The button inside a date's box is Chromium's own: it has the focus, and shows it, for the box."""
MOST_TABS = 400


@dataclass
class Walker:
    """Somebody who goes from page to page, signs in as one person after the other, and notes what axe finds.

    By mouse, or by `keyboard` alone: then everything is reached by Tab, and what has the focus shows it.
    """

    visitor: Visitor
    language: str
    keyboard: bool = False
    wrong: list[str] = field(default_factory=list)
    steps: int = 0
    outlines: set[str] = field(default_factory=set)

    def sign_in(self, email: str) -> None:
        """Leave, and come back as somebody else."""
        self.visitor.page.context.clear_cookies()
        self.visitor.speak(self.language)
        self.visitor.sign_in(email)
        self.look()

    def open(self, path: str) -> None:
        """Go to a page, and look at it."""
        self.visitor.open(path)
        self.look()

    def follow(self, path: str) -> None:
        """Follow a link of the page to an address."""
        self.press(f'main a[href="{path}"]')

    def press(self, button: str) -> None:
        """Press a button or a link, and look at the page that it leads to."""
        target = self.visitor.page.locator(button).first
        with self.visitor.page.expect_navigation():
            if self.keyboard:
                self.reach(target)
                self.visitor.page.keyboard.press("Enter")
            else:
                target.click()
        self.look()

    def do(self, act: str) -> None:
        """Press the button of a page with several forms that does this."""
        self.press(f'button[name="do"][value="{act}"]')

    def check(self, name: str, value: str) -> None:
        """Choose, by name and value."""
        self.choose(self.visitor.page.locator(f'[name="{name}"][value="{value}"]'))

    def choose(self, box: Locator) -> None:
        """Choose a radio button or tick a box."""
        if not self.keyboard:
            box.check()
            return
        self.reach(box)
        if not self.visitor.page.evaluate("document.activeElement.checked"):
            self.visitor.page.keyboard.press("Space")
        for _press in range(20):
            if box.is_checked():
                return
            self.visitor.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard never chooses {box}")

    def fill(self, **typed: str) -> None:
        """Type into boxes, by their ids."""
        for box, text in typed.items():
            self.write(self.visitor.page.locator(f"#{box}"), text)

    def write(self, box: Locator, text: str) -> None:
        """Type into a box, or choose in a list."""
        kind = str(box.evaluate("each => each.tagName + '.' + (each.type ?? '')"))
        if not self.keyboard:
            box.select_option(text) if kind.startswith("SELECT") else box.fill(text)
            return
        self.reach(box)
        if kind.startswith("SELECT"):
            self._choose_in_list(box, text)
        elif kind.endswith(("date", "datetime-local")):
            # Chromium asks in the order of its own language, which is that of the United States here.
            self.visitor.page.keyboard.type(f"{datetime.fromisoformat(text):%m%d%Y}")
            if kind.endswith("local"):
                self.visitor.page.keyboard.press("ArrowRight")
                self.visitor.page.keyboard.type(f"{datetime.fromisoformat(text):%I%M%p}")
            assert box.input_value() == text, (box.input_value(), text)
        else:
            self.visitor.page.keyboard.press("ControlOrMeta+a")
            self.visitor.page.keyboard.type(text)

    def _choose_in_list(self, box: Locator, value: str) -> None:
        self.visitor.page.keyboard.press("Home")
        for _press in range(50):
            if box.input_value() == value:
                return
            self.visitor.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard never chooses {value}")

    def bring(self, box: Locator, file: FilePayload) -> None:
        """Choose a file of one's own."""
        with self.visitor.page.expect_file_chooser() as chooser:
            if self.keyboard:
                self.reach(box)
                self.visitor.page.keyboard.press("Enter")
            else:
                box.click()
        chooser.value.set_files(file)

    def reach(self, target: Locator) -> None:
        """Press Tab until it has the focus; everything on the way shows that it has it."""
        page = self.visitor.page
        for _press in range(MOST_TABS):
            page.keyboard.press("Tab")
            assert page.evaluate(SHOWN), (page.url, page.evaluate("document.activeElement.outerHTML"))
            if target.evaluate(HERE) or target.evaluate(IN_GROUP):
                return
        raise AssertionError(f"{page.url}: Tab never reaches {target}")

    def shows(self, *texts: str) -> None:
        """Expect texts that are the same in every language."""
        for text in texts:
            expect(self.visitor.page.locator("main")).to_contain_text(text)

    def hides(self, *texts: str) -> None:
        """Expect that none of these texts is anywhere in the page."""
        content = self.visitor.page.content()
        assert [text for text in texts if text in content] == []

    def look(self) -> None:
        """Look at the page: nothing was refused, it is in one's language, and axe finds nothing."""
        page, self.steps = self.visitor.page, self.steps + 1
        expect(page.locator("main [role=alert]"), page.url).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("lang", self.language, ignore_case=True)
        outline = str(page.evaluate(OUTLINE))
        if outline not in self.outlines:
            self.outlines.add(outline)
            self.wrong += [f"{self.steps} {page.url}: {fault}" for fault in faults(page)]
        if overflow(page) > 0:
            self.wrong.append(f"{self.steps} {page.url}: {overflow(page)} px too wide")
        self.visitor.picture(f"whole-way-{self.language}-{self.steps:02}")


@dataclass
class Looker:
    """A browser that looks at pages as one person after the other; pages made of the same parts once."""

    visitor: Visitor
    seen: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def look(self, path: str, client: Client, who: str, ends: Collection[int] = ()) -> None:
        """Open a page as somebody whom the client knows; note what axe finds, and what is too wide for a phone."""
        outline = outline_of(client, path, ends)
        if not outline or outline in self.seen:
            return
        self.seen.add(outline)
        page = self.visitor.page
        page.context.clear_cookies()
        if SIGNED_IN in client.cookies:
            value = client.cookies[SIGNED_IN].value
            page.context.add_cookies([{"name": SIGNED_IN, "value": value, "url": self.visitor.address}])
        self.visitor.open(path)
        self.wrong += [f"{path} as {who}: {fault}" for fault in faults(page)]
        page.set_viewport_size(PHONE)
        self.wrong += [f"{path} as {who}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
        page.set_viewport_size(DESK)


def address(name: str) -> str:
    """Return somebody's address."""
    return f"{name}@example.org"


def applied(walk: Walker, call: str) -> str:
    """Begin an application, fill it by hand and from a file, attach what is owed, and submit it."""
    page = walk.visitor.page
    walk.sign_in(address("applicant"))
    walk.open("/applications")
    walk.follow("/applications/new")
    walk.check("call", call)
    walk.press("form:has([name=token]) .button")
    here = f"/applications/{Application.objects.get().code}"
    assert page.url.endswith(f"{here}/form/request")
    for name, text in CARDS.items():
        answer(walk, name, text)
    walk.press('button[name="go"][value="after"]')
    walk.open(f"{here}/import")
    text = json.dumps(rest_of_the_form(), ensure_ascii=False).encode()
    walk.bring(page.locator("#file"), {"name": "rest.json", "mimeType": "application/json", "buffer": text})
    walk.press("form:has(#file) button")
    for part in ("applicant", "project", "project/1", "signatory"):
        walk.open(f"{here}/form/{part}")
    walk.follow(f"{here}/documents")
    for document in OWED:
        section = f'[id="document:{document}"]'
        file: FilePayload = {"name": f"{document}.pdf", "mimeType": "application/pdf", "buffer": pdf(text=document)}
        walk.bring(page.locator(f"{section} input[type=file]"), file)
        walk.press(f"{section} form.upload button")
        walk.shows(f"{document}.pdf")
    walk.open(f"{here}/submit")
    for declaration in DECLARED:
        walk.check(f"declaration:{declaration}", "yes")
    walk.press('button[name="submit"]')
    assert Application.objects.get().state == "submitted"
    return here.rpartition("/")[2]


def answer(walk: Walker, name: str, text: str) -> None:
    """Answer one question of the form: by typing, or by choosing."""
    box = walk.visitor.page.locator(f'[name="{name}"]:not([type=hidden])')
    if box.first.get_attribute("type") in {"radio", "checkbox"}:
        walk.check(name, text)
    else:
        walk.write(box.first, text)


def rest_of_the_form() -> dict[str, Any]:
    """Return all that is not the request, as the file that the portal hands out has it."""
    answers: dict[str, Any] = {"project": [nested(PROJECT)]}
    return {"answers": answers | nested(APPLICANT) | nested(SIGNATORY)}


def nested(typed: dict[str, Any]) -> dict[str, Any]:
    """Return what stands under `a.b.c` as c in b in a."""
    whole: dict[str, Any] = {}
    for key, value in typed.items():
        *path, last = key.split(".")
        held = whole
        for each in path:
            held = held.setdefault(each, {})
        held[last] = value
    return whole


def signed_in(viewer: str) -> Client:
    """Return a client that one of those who try pages is signed in with."""
    client = Client()
    client.force_login(Person.objects.get(name=viewer))
    return client


class Outline(HTMLParser):
    """What a page is made of: its elements with their classes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(f"{tag}.{dict(attrs).get('class')}")


def outline_of(client: Client, path: str, ends: Collection[int] = ()) -> str:
    """Return what a page is made of; nothing for a file, what leads on, or another expected end."""
    answer = client.get(path)
    assert answer.status_code in {200, 302, *ends}, (path, answer.status_code)
    if answer.status_code != HTTPStatus.OK or not answer["Content-Type"].startswith("text/html"):
        return ""
    outline = Outline()
    outline.feed(answer.content.decode())
    return " ".join(outline.parts)
