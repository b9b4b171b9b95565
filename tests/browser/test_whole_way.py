"""The whole way in the portal, and every page for each role that may open it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, ViewportSize
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.applications.desk import REQUEST
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.browser.walking import Looker, Walker, address, applied, signed_in
from tests.calls.fixtures import world
from tests.calls.world import OPERATOR, SHIPPED, World
from tests.config.rows import OWN, VIEWERS, Scene, allows
from tests.config.scene import put_scene
from tests.config.test_permissions import FOR_EVERYBODY, PAGES

from lionrock.applications.models import Application
from lionrock.awards.models import Award
from lionrock.calls.models import Call
from lionrock.charging.actions import close_month
from lionrock.committee.models import Meeting
from lionrock.kernel.periods import Month
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.queries import actor_by_email
from lionrock.review.models import Assignment
from lionrock.statements.models import Document

__all__ = ["world"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = {
    "office": Role.OFFICE,
    "lam": Role.ASSESSOR,
    "wong": Role.ASSESSOR,
    "ng": Role.ASSESSOR,
    "chair": Role.CHAIR,
    "ann": Role.COMMITTEE,
    "ben": Role.COMMITTEE,
    "cho": Role.COMMITTEE,
    "finance": Role.FINANCE,
}
TITLES = (REQUEST["request.title.en"], REQUEST["request.title.zh-hant"])

OPEN: dict[str, list[str]] = {
    "home": [],
    "people:sign_in": [],
    "people:join": [],
    "people:joined": [],
    "identity:reset": [],
    "identity:reset_sent": [],
    "public:front": [],
    "public:programme": [OWN],
    "public:estimate": [OWN],
    "public:results": [OWN],
    "public:register": [OWN],
    "concerns:raise": [],
    "concerns:follow": [],
    "assurance:list": [],
    "assurance_items:list": [],
    "assurance_items:show": ["RA-01"],
}
"""Pages that strangers may open too, with what their addresses take."""
NO_PAGES = {
    "identity:passkey": "takes a post; looked at in tests/browser/test_identity.py",
    "identity:reset_by_link": "its link is its permission; tested in tests/identity",
    "identity:second": "comes after a password; looked at in tests/browser/test_identity.py",
    "openid:back": "what a provider sends is its permission; tested in tests/openid",
    "openid:begin": "leads on",
    "openid:left": "needs a provider; tested in tests/openid",
    "openid:prove": "shows what waits in a session; looked at in tests/browser/test_single_sign_on.py",
    "openid:remove": "takes a post",
    "language": "takes a post",
    "notices:open": "leads on",
    "notices:read": "takes a post",
    "outcomes:export": "a file",
    "people:belong": "takes a post",
    "people:joining": "its link is its permission; tested in tests/people",
    "people:password": "takes a post",
    "people:sign_out": "takes a post",
    "public:file": "a file",
    "public:register_file": "a file",
    "public:project": "its number is made when it is awarded; looked at in tests/browser/test_custody.py",
    **{name: "for programs" for name in FOR_EVERYBODY if name.startswith("api:")},
}
ROOMS = sorted({name.partition(":")[0] for name in PAGES})


@dataclass
class Clock:
    """What the time is while the way is walked."""

    now: datetime = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def goes_to(self, month: int, day: int) -> None:
        """Let time pass until ten in the morning of a day, in Hong Kong."""
        self.now = datetime(2026, month, day, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock of the pages."""
    stopped = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: stopped.now)
    return stopped


@pytest.fixture
def beginning(transactional_db: None, settings: Settings, clock: Clock) -> World:
    """A programme with money, a site and its people, and one member of an organisation that has applied for nothing."""
    settings.LIONROCK_RULEBOOK = SHIPPED
    made = World(now=clock.now)
    made.put_organisation()
    made.put_site()
    made.put_fund("20000000.00")
    places: dict[str, Any] = {"applicant": {"role": Role.MEMBER, "organisation": made.organisation}}
    places |= {name: {"role": role, "programme": made.programme} for name, role in PEOPLE.items()}
    for name, place in places.items():
        given = {"actor": OPERATOR, "email": address(name), "now": clock.now}
        register_person(name=name.title(), password=PASSWORD, **given)
        grant_role(**given, **place)
    return made


@pytest.fixture
def guest(chromium: Browser, live_server: LiveServer, beginning: World) -> Iterator[Visitor]:
    """A fresh visitor at a desk."""
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


@pytest.mark.parametrize(
    ("language", "size", "keyboard"),
    [("en", DESK, False), ("zh-hant", PHONE, False), ("zh-hans", DESK, True)],
    ids=["en", "zh-hant on a phone", "zh-hans by keyboard alone"],
)
def test_from_an_empty_account_to_the_first_statement(
    guest: Visitor, beginning: World, clock: Clock, language: str, size: ViewportSize, keyboard: bool
) -> None:
    guest.page.set_viewport_size(size)
    walk = Walker(guest, language, keyboard)
    code = applied(walk, beginning.open_call().code)
    accepted_by_the_office(walk, beginning.programme, code)
    assessed(walk, code)
    clock.goes_to(3, 9)
    award = approved(walk, beginning.programme, code)
    signed(walk, award)
    clock.goes_to(5, 4)
    charged(walk, beginning.programme, award)
    assert walk.wrong == []


def accepted_by_the_office(walk: Walker, programme: str, code: str) -> None:
    """Find it on the board, take it in hand, accept it, and ask three assessors."""
    walk.sign_in(address("office"))
    walk.open(f"/programmes/{programme}/intake")
    walk.follow(f"/applications/{code}/check")
    walk.press("form.take button")
    walk.check("choice", "accept")
    walk.press("form.desk-form .button:not(.button-plain)")
    assert Application.objects.get().state == "eligible"
    walk.open(f"/applications/{code}/assessors")
    for name in ("lam", "wong", "ng"):
        walk.press(f'button[name="assessor"][value="{address(name)}"]')


def assessed(walk: Walker, code: str) -> None:
    """One assessor scores, one is in conflict and sees nothing any more, one scores; the office passes it on."""
    given_by(walk, "lam", mark=4)
    in_conflict(walk, "ng", code)
    given_by(walk, "wong", mark=5)
    walk.sign_in(address("office"))
    walk.open(f"/applications/{code}/moderation")
    walk.shows("80.0", "100.0", "90.0")
    walk.press('form[action$="/conclude"] button')
    assert Application.objects.get().state == "assessed"


def asked(walk: Walker, name: str) -> str:
    """Sign in as an assessor who was asked, and go to what is asked; return its address."""
    walk.sign_in(address(name))
    walk.open("/assessments")
    walk.hides(*TITLES)
    here = f"/assessments/{Assignment.objects.get(assessor__email=address(name)).pk}"
    walk.follow(f"{here}/declare")
    walk.hides(*TITLES)
    return here


def given_by(walk: Walker, name: str, *, mark: int) -> None:
    """Declare that there is no conflict, give every point one mark, say why, and hand it in."""
    page = walk.visitor.page
    here = asked(walk, name)
    walk.check("declared", "clear")
    walk.press("form.declare .button")
    for point in page.locator(".point").all():
        walk.choose(point.locator(f'input[type=radio][value="{mark}"]'))
    for box in page.locator('textarea[name$=".comment"]').all():
        walk.write(box, "Convincing, but the schedule is thin.")
    walk.press('button[name="go"][value="submit"]')
    assert Assignment.objects.get(assessor__email=address(name)).state == "scored"
    walk.open(here)


def in_conflict(walk: Walker, name: str, code: str) -> None:
    """Declare a conflict, and find that nothing of the application is left to see."""
    here = asked(walk, name)
    walk.check("declared", "conflict")
    walk.choose(walk.visitor.page.locator('[name="ground"]').first)
    walk.fill(text="We wrote two papers together last year.")
    walk.press("form.declare .button")
    walk.hides(*TITLES)
    for path in (here, f"/applications/{code}", f"/applications/{code}/form/request"):
        walk.open(path)
        walk.hides(*TITLES)


def approved(walk: Walker, programme: str, code: str) -> str:
    """Plan a meeting, open it with everybody there, propose, vote, declare it carried, and close; return the award."""
    walk.sign_in(address("chair"))
    walk.open(f"/programmes/{programme}/meetings")
    walk.fill(title="First meeting", when="2026-03-09T10:00")
    walk.press("form:has([name=key]) .button")
    here = f"/meetings/{Meeting.objects.get().code}"
    walk.follow(here)
    walk.check("applications", code)
    walk.do("add")
    walk.do("open")
    walk.follow(f"{here}/ranking")
    walk.open(f"{here}/{code}")
    walk.check("decision", "approve")
    walk.do("propose")
    for member in ("ann", "ben", "cho"):
        walk.sign_in(address(member))
        walk.open(f"{here}/{code}")
        walk.press('button[name="choice"][value="for"]')
    walk.sign_in(address("chair"))
    walk.open(f"{here}/{code}")
    walk.do("resolve")
    award = Award.objects.get()
    assert (Application.objects.get().state, award.state) == ("approved", "offered")
    walk.follow(f"/awards/{award.code}")
    walk.open(here)
    walk.do("close")
    walk.open(f"{here}/minutes")
    walk.shows(code, award.code)
    return award.code


def signed(walk: Walker, award: str) -> None:
    """Accept the offer for the organisation: three months of eight cards, of which the scheme bears 70 per cent."""
    walk.sign_in(address("applicant"))
    walk.open(f"/awards/{award}")
    walk.follow(f"/awards/{award}/accept")
    walk.shows("672,000.00", "288,000.00")
    walk.fill(signatory="Ho Mei Ling", title="Provost")
    walk.press("main form.form .button:not(.button-plain)")
    assert Award.objects.get().state == "active"


def charged(walk: Walker, programme: str, award: str) -> None:
    """Finance closes April: eight cards at HKD 40,000; the applicant reads what is theirs to pay."""
    close_month(
        actor=actor_by_email(address("finance")),
        programme=programme,
        month=Month(2026, 4),
        now=datetime(2026, 5, 4, 2, 0, tzinfo=UTC),
    )
    walk.sign_in(address("applicant"))
    walk.open("/statements")
    walk.follow(f"/statements/{Document.objects.get().number}")
    walk.shows("320,000.00", "224,000.00", "96,000.00")
    walk.open(f"/awards/{award}")


@pytest.fixture
def looker(chromium: Browser, live_server: LiveServer) -> Iterator[Looker]:
    """A browser at a desk, in English."""
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Looker(Visitor(context.new_page(), live_server.url))
    context.close()


@pytest.fixture
def everything(world: World, tmp_path: Path, settings: Settings) -> Scene:
    """One of everything on file, where a browser's server finds it, too."""
    settings.LIONROCK_HOME = tmp_path / "home"
    return put_scene(world, tmp_path)


def with_its_own_application(everything: Scene, world: World) -> Scene:
    """Return the scene with another application handed in: rows move theirs to the state that they need."""
    return replace(everything, submitted=world.submitted(Call.objects.get(code=everything.open_call)).code)


@pytest.mark.parametrize("room", ROOMS)
def test_every_page_is_open_to_everybody_who_may_open_it(
    looker: Looker, everything: Scene, world: World, room: str
) -> None:
    rows = {name: row for name, row in PAGES.items() if name.startswith(f"{room}:") and row.posted is None}
    for name, row in rows.items():
        path = reverse(name, args=row.arguments(with_its_own_application(everything, world)))
        for viewer in sorted(each for each in VIEWERS if allows(row.may, each)):
            client = signed_in(viewer)
            looker.look(path, client, viewer, row.ends)
    assert (bool(looker.seen), looker.wrong) == (True, [])


def test_every_page_that_needs_no_role_is_open_to_everybody(looker: Looker, everything: Scene) -> None:
    clients = {"a stranger": Client(), "member": signed_in("member"), "office": signed_in("office")}
    for name, arguments in OPEN.items():
        path = reverse(name, args=arguments)
        for who, client in clients.items():
            looker.look(path, client, who)
    assert (bool(looker.seen), looker.wrong) == (True, [])


def test_no_page_is_forgotten() -> None:
    assert set(OPEN) | set(NO_PAGES) == set(FOR_EVERYBODY)
