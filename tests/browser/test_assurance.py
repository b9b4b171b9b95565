"""The gate in a browser: its pages in each language, and three projects as their applicants go through it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PASSWORD, Visitor
from tests.browser.test_pages import LANGUAGES, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

APPLICANT, OFFICER, REVIEWER = "applicant@example.org", "officer@example.org", "reviewer@example.org"
SPAM = {
    "use": ["none"], "data": ["none"], "reach": ["organisation"], "build": ["trains", "third_party"],
    "dangerous": ["no"], "supervised": ["no"], "declaration": ["yes"],
}  # fmt: skip
CREDIT = {
    "use": ["credit"], "data": ["personal", "sensitive"], "reach": ["customers"], "build": ["trains", "deployed"],
    "dangerous": ["no"], "supervised": ["hkma"], "volume": ["more"], "zone": ["park"],
}  # fmt: skip
PATIENTS = {
    "use": ["health"], "data": ["personal", "sensitive", "human_subjects"], "reach": ["organisation"],
    "build": ["trains"], "dangerous": ["no"], "supervised": ["no"], "volume": ["more"], "zone": ["no_egress"],
}  # fmt: skip


@dataclass
class Case:
    """An application at the gate, and a visitor in front of its pages."""

    visitor: Visitor
    code: str

    @property
    def dossier(self) -> str:
        return f"/applications/{self.code}/responsible-ai"


@pytest.fixture
def case(chromium: Browser, live_server: LiveServer, transactional_db: None, settings: Settings) -> Iterator[Case]:
    """Have an application in a programme that asks the gate, with an officer and a reviewer."""
    from tests.assurance.project import rulebook_that_asks  # noqa: PLC0415
    from tests.calls.world import NOW, OPERATOR, World  # noqa: PLC0415

    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = rulebook_that_asks()
    world = World()
    world.put_organisation()
    world.put_site()
    held = {APPLICANT: Role.MEMBER, OFFICER: Role.COMPLIANCE, REVIEWER: Role.ASSESSOR}
    for email, role in held.items():
        register_person(actor=OPERATOR, email=email, name=email.partition("@")[0], password=PASSWORD, now=NOW)
        place = {"organisation": world.organisation} if role is Role.MEMBER else {"programme": world.programme}
        grant_role(actor=OPERATOR, email=email, role=role, now=NOW, **place)
    code = world.submitted(world.open_call()).code
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Case(Visitor(context.new_page(), live_server.url), code)
    context.close()


def choose(page: Page, answers: Mapping[str, list[str]]) -> int:
    """Answer all that is asked, and go on until nothing more is; return how many questions that were."""
    asked: set[str] = set()
    while page.url.split("#")[0].endswith("/questions"):
        keys = page.locator("input[name^='read:q.']").evaluate_all("all => all.map(each => each.name.slice(7))")
        for name in keys:
            asked.add(name)
            for option in answers[name]:
                page.locator(f"input[name='q.{name}'][value='{option}']").check()
        with page.expect_navigation():
            page.locator("button[name=go][value=after]").click()
    return len(asked)


def story(case: Case, answers: Mapping[str, list[str]]) -> int:
    """Sign in, begin, answer and hand in; return the number of questions, and print how long it took."""
    case.visitor.sign_in(APPLICANT)
    page = case.visitor.open(f"/applications/{case.code}")
    began = time.monotonic()
    page.get_by_role("button", name="Begin the self-assessment").click()
    asked = choose(page, answers)
    page.get_by_role("link", name="Hand it in").first.click()
    page.get_by_role("button", name="Hand it in").click()
    page.wait_for_url(f"**{case.dossier}")
    print(f"\n{asked} questions, {time.monotonic() - began:.1f} s in the browser")
    return asked


def test_a_spam_filter_passes(case: Case) -> None:
    assert story(case, SPAM) < 10
    expect(case.visitor.page.locator(".byline .status")).to_have_text("Passed")


def test_credit_scoring_at_a_bank_is_asked_what_matters(case: Case) -> None:
    story(case, CREDIT)
    page = case.visitor.page
    expect(page.locator(".byline .status")).to_have_text("Under review")
    first_job = page.locator("dl.summary div", has_text="Before the first job")
    for item in ("RA-14", "RA-17", "RA-22", "RA-25", "RA-37"):
        expect(first_job).to_contain_text(item)
    case.visitor.picture("assurance-credit")


def test_patient_data_stay_where_they_are_and_the_tier_is_told_as_one_chooses(case: Case) -> None:
    case.visitor.sign_in(APPLICANT)
    page = case.visitor.open(f"/applications/{case.code}")
    page.get_by_role("button", name="Begin the self-assessment").click()
    page.locator("input[value=health]").check()
    expect(page.locator("#tier")).to_contain_text("Health or safety depends on it")
    page.locator("input[value=sensitive]").check()
    page.locator("input[value=team]").focus()
    expect(page.locator("#q\\.data-fault")).to_contain_text("contradicts")
    page.locator("input[value=personal]").check()
    page.locator("input[value=team]").focus()
    expect(page.locator("#q\\.data-fault")).to_be_hidden()
    case.visitor.picture("assurance-choosing")
    page.goto(f"{case.visitor.address}{case.dossier}/questions")
    expect(page.locator("input[value=health]")).to_be_checked()
    began = time.monotonic()
    asked = choose(page, PATIENTS)
    print(f"\n{asked} questions, {time.monotonic() - began:.1f} s in the browser")
    expect(page.locator(".tier .status")).to_have_text("High")
    expect(page.get_by_text("RA-30")).not_to_have_count(0)


@pytest.fixture
def pages(case: Case) -> dict[str, str]:
    """Have a dossier under review, with a reviewer's question, an opinion and a condition; return the pages."""
    from tests.assurance.project import CREDIT as ANSWERS  # noqa: PLC0415
    from tests.assurance.project import NOW, OPERATOR, Project  # noqa: PLC0415

    from lionrock.applications.models import Application  # noqa: PLC0415
    from lionrock.assurance.actions import ask_applicants, ask_reviewer  # noqa: PLC0415
    from lionrock.assurance.domain.states import Expertise, Judgement  # noqa: PLC0415
    from lionrock.people.queries import actor_by_email  # noqa: PLC0415

    application = Application.objects.get(code=case.code)
    officer, reviewer = actor_by_email(OFFICER), actor_by_email(REVIEWER)
    study = Project(application, officer, reviewer, author=actor_by_email(APPLICANT))
    study.answered(ANSWERS)
    study.write("item.RA-17", "Dr Lee of another house validates it before it is used.")
    study.hand_in()
    study.reviewed_by(Expertise.MODEL)
    study.opine("RA-17", Judgement.NOT_ENOUGH, "Say when, and by which plan.")
    study.lay("RA-14", owner=APPLICANT, proof="Test plan between age groups")
    asked = ask_reviewer(actor=officer, application=case.code, person=OFFICER, expertise=Expertise.FINANCE, now=NOW)
    ask_applicants(actor=officer, application=case.code, text="Which bank is it for?", item="RA-01", now=NOW)
    assert OPERATOR.operator
    return {
        "assurance": "/responsible-ai?all=1",
        "assurance-dossier": case.dossier,
        "assurance-item": f"{case.dossier}/items/RA-17",
        "assurance-condition": f"{case.dossier}/conditions/1",
        "assurance-laying": f"{case.dossier}/condition",
        "assurance-declare": f"/responsible-ai/reviewers/{asked.pk}",
        "assurance-conditions": "/responsible-ai/conditions",
        "assurance-items": "/responsible-ai/items",
        "assurance-catalogued": "/responsible-ai/items/RA-04",
    }


def test_every_page_is_open_to_everybody(case: Case, pages: dict[str, str]) -> None:
    case.visitor.sign_in(OFFICER)
    found = []
    for language in LANGUAGES:
        case.visitor.speak(language)
        found += look(case.visitor, pages, language)
    case.visitor.page.context.clear_cookies()
    case.visitor.sign_in(APPLICANT)
    own = {f"{name}-own": address for name, address in pages.items() if name in ("assurance-dossier", "assurance-item")}
    found += look(case.visitor, own | {"assurance-questions": f"{case.dossier}/questions"}, "en")
    assert found == []
