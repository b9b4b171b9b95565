"""A newcomer runs a job from a template: by keyboard, on a phone, in each language; without scripts too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import PHONE, Visitor
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import LANGUAGES, faults, look, overflow
from tests.web.scene import ROOT, Scene

from lionrock.applications.models import Application
from lionrock.awards.actions import accept_offer, decide_application
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.jobs.actions import refresh_jobs
from lionrock.jobs.models import Job
from lionrock.notices.models import Notice

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.django_db(transaction=True)]
LONGEST_MS = 60_000


@pytest.fixture
def running(settings: Settings, tmp_path: Path, scene: Scene) -> Iterator[Award]:
    """An award in force today, whose jobs this machine runs; nothing of theirs is left behind."""
    settings.LIONROCK_HOME = tmp_path / "home"
    yield metered(scene)
    for job in Job.objects.filter(state__in=["PENDING", "RUNNING"]):
        refresh_jobs(actor=ROOT, now=timezone.now(), codes=[job.code])


def metered(scene: Scene) -> Award:
    """Approve and accept processors for the member's organisation, from this month on."""
    now = timezone.now() - timedelta(days=3)
    first = scene.awards[0].application
    application = Application.objects.create(
        code="APP-2026-0901", call=first.call, organisation=first.organisation, applicant=scene.member.email,
        category="university", title="Small runs", title_zh_hant="小型運算", title_zh_hans="小型运算",
        item="cpu-node", count=4, months=6, hours=200, starts=date(now.year, now.month, 1), state="submitted",
        created_at=now, submitted_at=now, state_since=now,
    )  # fmt: skip
    made = decide_application(
        actor=ROOT, application=application.code, decision=Decision.APPROVE, decided_by="Committee", now=now
    )
    assert made is not None
    return accept_offer(actor=ROOT, award=made.code, signatory="Chan Tai Man", title="Dean", now=now)


def ended(page: Page) -> Job:
    """Wait, as people do, until the page says by itself that the job is over."""
    expect(page.locator("#live:not([data-open])")).to_have_count(1, timeout=LONGEST_MS)
    return Job.objects.get(code=page.url.rpartition("/")[2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_newcomer_runs_a_template_and_reads_log_and_cost(
    visitor: Visitor, scene: Scene, running: Award, language: str
) -> None:
    visitor.sign_in(scene.member.email)
    visitor.speak(language)
    found = look(visitor, {"jobs-empty": "/jobs", "jobs-new": f"/jobs/new?award={running.code}"}, language)
    page = visitor.page
    page.locator('main a[href^="/jobs/new/train"]').click()
    expect(page.locator("#award")).to_have_value(running.code)
    before = page.locator(".tile-main").inner_text()
    page.locator("#time_limit").fill("2h")
    page.locator("#time_limit").press("Tab")
    expect(page.locator(".tile-main")).not_to_have_text(before)
    expect(page.locator("pre.script")).to_contain_text("TIME_LIMIT=2h")
    visitor.picture(f"jobs-form-{language}")
    found += faults(page)
    page.locator("#time_limit").fill("2m")
    page.locator('button[value="submit"]').click()
    page.wait_for_url("**/jobs/JOB-*")
    visitor.picture(f"jobs-submitted-{language}")
    job = ended(page)
    assert (job.state, job.template, job.submitted_by) == ("COMPLETED", "train", scene.member.email)
    expect(page.locator("pre.log").first).to_contain_text("epoch  200")
    expect(page.locator(".tile")).to_have_count(3)
    expect(page.locator(f'a[href="/jobs/{job.code}/files/loss.csv"]')).to_be_visible()
    visitor.picture(f"jobs-ended-{language}")
    found += faults(page)
    assert Notice.objects.filter(person=scene.member, kind="job", code=job.code).count() == 1
    found += look(visitor, {"jobs-list": "/jobs", "jobs-award": f"/awards/{running.code}"}, language)
    assert found == []


def test_somebody_runs_a_job_by_keyboard_alone_on_a_phone(visitor: Visitor, scene: Scene, running: Award) -> None:
    visitor.sign_in(scene.member.email)
    page = visitor.page
    page.set_viewport_size(PHONE)
    visitor.open(f"/jobs/new/sweep?award={running.code}")
    assert overflow(page) <= 0
    visitor.picture("jobs-form-phone")
    tab_to(page, "Tasks")
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    tab_to(page, "Submit the job")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/JOB-*")
    job = ended(page)
    assert (job.state, job.parameters["tasks"]) == ("COMPLETED", "2")
    expect(page.locator("pre.log").first).to_contain_text("task 1: the square root of 0.2")
    assert overflow(page) <= 0
    assert faults(page) == []
    visitor.picture("jobs-ended-phone")
    tab_to(page, "Submit it again")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/new/sweep?again=*")
    expect(page.locator("#tasks")).to_have_value("2")


def read_again_until(page: Page, so: Callable[[], bool]) -> None:
    """Follow the page's link to itself, as people do without scripts, until it is so."""
    for _ in range(120):
        if so():
            return
        page.wait_for_timeout(500)
        page.locator(".follow a").click()
    assert so(), page.locator("main").inner_text()


def test_without_scripts_buttons_and_links_do_the_same(
    chromium: Browser, live_server: LiveServer, scene: Scene, running: Award
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    visitor = Visitor(context.new_page(), live_server.url)
    visitor.sign_in(scene.member.email)
    page = visitor.open(f"/jobs/new/own-script?award={running.code}")
    page.locator("#script").fill("#!/bin/sh\ncat input.txt; sleep 600\n")
    page.locator("#input").set_input_files({"name": "mine.txt", "mimeType": "text/plain", "buffer": b"kept text"})
    page.locator('button[value="look"]').click()
    expect(page.locator("#answer .tile")).to_have_count(3)
    page.locator('button[value="submit"]').click()
    page.wait_for_url("**/jobs/JOB-*")
    read_again_until(page, lambda: page.locator("pre.log", has_text="kept text").count() > 0)
    page.locator('form[action$="/cancel"] button').click()
    read_again_until(page, lambda: page.locator("#live[data-open]").count() == 0)
    assert Job.objects.get().state == "CANCELLED"
    context.close()
