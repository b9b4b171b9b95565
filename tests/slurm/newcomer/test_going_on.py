"""Arrays, jobs that wait for others, running again, and what is left meanwhile: on the real cluster, by the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visitor
from tests.slurm.newcomer.award import job_on, submitted
from tests.web.scene import Scene

from lionrock.awards.models import Award

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.django_db(transaction=True)]
LONGEST_MS = 180_000
OVER = "#live:not([data-open])"


def sleeping(visitor: Visitor, award: Award, seconds: int, **filled: str) -> Page:
    """Submit a script of one's own that says that it runs, and sleeps; return the job's page."""
    script = f"#!/bin/sh\necho run\nsleep {seconds}\n"
    return submitted(visitor, award, "own-script", script=script, **({"time_limit": "10m"} | filled))


def test_an_array_is_shown_task_by_task(visitor: Visitor, scene: Scene, award: Award) -> None:
    visitor.sign_in(scene.member.email)
    page = submitted(visitor, award, "sweep", tasks="3", time_limit="1m")
    expect(page.locator(OVER)).to_have_count(1, timeout=LONGEST_MS)
    job = job_on(page)
    assert (job.state, job.array) == ("COMPLETED", "0-2")
    page = visitor.open(f"/jobs/{job.code}")
    expect(page.locator("#tasks").locator("..").locator("tbody tr")).to_have_count(3)
    expect(page.locator("pre.log").first).to_contain_text("task 2: the square root of 0.3")
    visitor.picture("going-on-array")


def test_a_job_waits_for_another_and_follows_when_that_is_stopped(visitor: Visitor, scene: Scene, award: Award) -> None:
    visitor.sign_in(scene.member.email)
    first = job_on(sleeping(visitor, award, 500))
    page = sleeping(visitor, award, 1, after=f"afterany:{first.code}")
    second = job_on(page)
    expect(page.locator("#what")).to_contain_text("It waits for another job", timeout=LONGEST_MS)
    visitor.picture("going-on-waits")
    page = visitor.open(f"/jobs/{first.code}")
    page.get_by_role("button", name="Stop the job").click()
    expect(page.locator(OVER)).to_have_count(1, timeout=LONGEST_MS)
    page = visitor.open(f"/jobs/{second.code}")
    expect(page.locator(OVER)).to_have_count(1, timeout=LONGEST_MS)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("CANCELLED", "COMPLETED")


def test_a_running_job_is_run_again_from_its_start(visitor: Visitor, scene: Scene, award: Award) -> None:
    visitor.sign_in(scene.member.email)
    page = sleeping(visitor, award, 8, requeue="yes")
    expect(page.locator("pre.log").first).to_contain_text("run", timeout=LONGEST_MS)
    page.get_by_role("button", name="Run it again from its start").click()
    expect(page.locator(OVER)).to_have_count(1, timeout=LONGEST_MS)
    job = job_on(page)
    assert (job.state, job.runs) == ("COMPLETED", 2)
    visitor.picture("going-on-again")


def test_what_a_running_job_may_still_use_is_not_called_left(visitor: Visitor, scene: Scene, award: Award) -> None:
    visitor.sign_in(scene.member.email)
    page = sleeping(visitor, award, 500, devices="8")
    expect(page.locator("pre.log").first).to_contain_text("run", timeout=LONGEST_MS)
    page = visitor.open(f"/awards/{award.code}")
    quota = page.locator("#quota").locator("..")
    expect(quota).to_contain_text("78.66 of 80 device-hours left")
    expect(quota).to_contain_text("1.33 device-hours are set aside for jobs that run now")
    visitor.picture("going-on-set-aside")
