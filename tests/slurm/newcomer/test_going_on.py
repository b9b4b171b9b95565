"""Arrays, jobs that wait for others, running again and a budget that ends: on the real cluster, by the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visitor
from tests.slurm.cluster import Cluster
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


def test_a_job_that_the_budget_stops_says_so_and_blames_no_time_limit(
    visitor: Visitor, scene: Scene, award: Award, cluster: Cluster
) -> None:
    visitor.sign_in(scene.member.email)
    page = sleeping(visitor, award, 500, devices="8")
    expect(page.locator("pre.log").first).to_contain_text("run", timeout=LONGEST_MS)
    job = job_on(page)
    page = visitor.open(f"/awards/{award.code}")
    expect(page.locator("#quota").locator("..")).to_contain_text("are set aside for jobs that run now")
    visitor.picture("going-on-set-aside")
    page = visitor.open(f"/jobs/{job.code}")
    qos = cluster.run("squeue", "-h", "-o", "%q", "-j", job.handle.split("/")[1]).strip()
    cluster.run("sacctmgr", "-i", "modify", "qos", qos, "set", "GrpTRESMins=gres/gpu:h800=1")
    expect(page.locator(OVER)).to_have_count(1, timeout=LONGEST_MS)
    expect(page.locator("#what")).to_contain_text("The budget of the award was used up")
    visitor.picture("going-on-budget")
    job.refresh_from_db()
    assert (job.state, job.reason) == ("TIMEOUT", "budget")
