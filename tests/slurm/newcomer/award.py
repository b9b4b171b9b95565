"""An award on the real cluster, and a newcomer who submits a job under it by the page."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from django.utils import timezone
from playwright.sync_api import Page
from tests.browser.conftest import Visitor
from tests.slurm.cluster import Cluster
from tests.web.scene import PROGRAMME, ROOT, Scene

from lionrock.allocations.actions import push_site
from lionrock.applications.models import Application
from lionrock.awards.actions import accept_offer, decide_application
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.jobs.models import Job
from lionrock.sites.models import Login, Pool, Site

ADA = "lr-ada"
numbers = itertools.count(1)


def put_award(scene: Scene, cluster: Cluster) -> Award:
    """Ten hours of each of eight GPUs of the real cluster, pushed to it; the member has a login there."""
    now = timezone.now()
    Site.objects.all().delete()
    site = Site.objects.create(
        code=f"newcomers-{next(numbers)}", name="Harbour Cluster", time_zone="Asia/Hong_Kong", programme=PROGRAMME,
        driver="slurm", connection=cluster.connection, created_at=now,
    )  # fmt: skip
    Pool.objects.create(
        site=site, name="h800", partition="h800", item="h800-gpu", device="gres/gpu:h800", nodes=2,
        devices_per_node=8, created_at=now,
    )  # fmt: skip
    Login.objects.create(site=site, person=scene.member, username=ADA, created_at=now)
    made = _awarded(scene)
    assert push_site(actor=ROOT, site=site.code, now=timezone.now()).is_done
    return made


def _awarded(scene: Scene) -> Award:
    now = timezone.now() - timedelta(days=3)
    first = scene.awards[0].application
    application = Application.objects.create(
        code=f"APP-2026-{900 + next(numbers):04d}", call=first.call, organisation=first.organisation,
        applicant=scene.member.email, category="university", title="Small runs", item="h800-gpu", count=8, months=6,
        hours=10, starts=date(now.year, now.month, 1), state="submitted", created_at=now, submitted_at=now,
        state_since=now,
    )  # fmt: skip
    decided = {"decision": Decision.APPROVE, "decided_by": "Committee", "now": now}
    made = decide_application(actor=ROOT, application=application.code, **decided)  # type: ignore[arg-type]
    assert made is not None
    return accept_offer(actor=ROOT, award=made.code, signatory="Chan Tai Man", title="Dean", now=now)


def submitted(visitor: Visitor, award: Award, template: str = "train", **filled: str) -> Page:
    """Fill a form in, by the training run if no other is named, and submit it; return the job's page."""
    page = visitor.open(f"/jobs/new/{template}?award={award.code}")
    page.locator("details.more").evaluate("part => { part.open = true }")
    for name, value in filled.items():
        if page.locator(f'input[type="radio"][name="{name}"]').count():
            page.locator(f'input[name="{name}"][value="{value}"]').check()
            continue
        page.locator(f"#{name}").fill(value)
        page.locator(f"#{name}").press("Tab")
    page.locator('button[value="submit"]').click()
    page.wait_for_url("**/jobs/JOB-*")
    return page


def job_on(page: Page) -> Job:
    return Job.objects.get(code=page.url.rpartition("/")[2])
