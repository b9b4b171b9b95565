"""A newcomer submits a template job to a real Slurm from a browser, watches it end, and reads its cost."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import PHONE, Visitor
from tests.browser.test_pages import faults, overflow
from tests.slurm.cluster import Cluster
from tests.slurm.newcomer.award import job_on, submitted
from tests.web.scene import ROOT, Scene

from lionrock.awards.models import Award
from lionrock.charging.models import RecordedRun
from lionrock.jobs.actions import cancel_job
from lionrock.jobs.models import Job
from lionrock.metering.actions import collect

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.django_db(transaction=True)]
LONGEST_MS = 120_000


def metered(job: Job) -> bool:
    """Collect what the cluster accounts for, as `lionrock due` does; tell whether the job's use is on file."""
    collect(actor=ROOT, site=job.site.code, now=timezone.now())
    return used_by(job).exists()


def used_by(job: Job) -> QuerySet[RecordedRun]:
    """Return what is on file of the job: other tests' jobs ran on this cluster too, for awards of the same code."""
    number = job.handle.split("/")[1]
    return RecordedRun.objects.filter(award=job.award.code, job=number)


def test_a_newcomer_runs_a_job_and_reads_its_cost(
    visitor: Visitor, scene: Scene, award: Award, cluster: Cluster
) -> None:
    visitor.sign_in(scene.member.email)
    page = visitor.open(f"/jobs/new/train?award={award.code}")
    expect(page.locator("#answer time")).to_be_visible()
    visitor.picture("newcomer-form")
    page = submitted(visitor, award, epochs="400", time_limit="2m")
    visitor.picture("newcomer-waiting")
    expect(page.locator("#live:not([data-open])")).to_have_count(1, timeout=LONGEST_MS)
    job = job_on(page)
    assert (job.state, job.submitted_by) == ("COMPLETED", scene.member.email)
    expect(page.locator("pre.log").first).to_contain_text("epoch  400")
    expect(page.locator(f'a[href="/jobs/{job.code}/files/loss.csv"]')).to_be_visible()
    taken = page.request.get(f"{visitor.address}/jobs/{job.code}/files/loss.csv")
    assert taken.text().startswith("epoch,loss")
    cluster.until(lambda: metered(job), f"the use of {job.code} is on file")
    run = used_by(job).get()
    assert (run.account, run.devices) == (job.organisation.code, {"h800-gpu": 1})
    page = visitor.open(f"/jobs/{job.code}")
    visitor.picture("newcomer-ended")
    cost = page.locator("#cost").locator("..").locator(".tile")
    expect(cost).to_have_count(3)
    assert faults(page) == []
    page.set_viewport_size(PHONE)
    visitor.picture("newcomer-ended-phone")
    assert overflow(page) <= 0


def test_what_the_quota_does_not_reach_for_waits_with_its_reason_in_plain_words(
    visitor: Visitor, scene: Scene, award: Award
) -> None:
    visitor.sign_in(scene.member.email)
    page = visitor.open(f"/jobs/new/train?award={award.code}")
    page.locator("#devices").fill("8")
    page.locator("#time_limit").fill("11h")
    page.locator("#time_limit").press("Tab")
    expect(page.locator("#answer-against")).to_be_visible()
    visitor.picture("newcomer-beyond-form")
    page.locator('button[value="submit"]').click()
    page.wait_for_url("**/jobs/JOB-*")
    expect(page.locator("#what")).to_contain_text("quota is used up", timeout=LONGEST_MS)
    visitor.picture("newcomer-beyond")
    job = job_on(page)
    assert (job.state, job.waiting_because) == ("PENDING", "QOSGrpGRESMinutes")
    assert cancel_job(actor=ROOT, code=job.code, now=timezone.now()).state in {"PENDING", "CANCELLED"}
