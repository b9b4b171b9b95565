"""Killed anywhere: what was submitted runs once, and what was used is charged once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from tests.jobs.scene import MEMBER, NOW, OPERATOR, scene, submitted
from tests.sites.harness import until

from lionrock.charging.models import RecordedRun
from lionrock.jobs.actions import refresh_jobs
from lionrock.jobs.models import Job
from lionrock.jobs.queries import output_of
from lionrock.sites.drivers.protocol import Stream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]

CODE = "JOB-2026-0001"

CHILD = """
import os, signal, sys
from pathlib import Path
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.LIONROCK_HOME = Path(sys.argv[2])
import django
django.setup()
from lionrock.charging import actions as charging
from lionrock.jobs.actions import following, refresh_jobs, submit_job, submitting
from lionrock.jobs.domain.requests import JobRequest
from lionrock.sites.drivers.local import LocalDriver
from tests.jobs.scene import MEMBER, NOW, OPERATOR

def die(*arguments, **facts):
    os.kill(os.getpid(), signal.SIGKILL)

def after(real):
    def act(*arguments, **facts):
        real(*arguments, **facts)
        die()
    return act

def submit():
    argv = ("sh", "-c", "echo ran; sleep 1")
    submit_job(actor=MEMBER, request=JobRequest("AW-2026-0001", argv, 60), now=NOW)

def refresh():
    refresh_jobs(actor=OPERATOR, now=NOW)
"""

SUBMISSIONS = {
    "before the job is handed over": "submitting.hand_over = die; submit()",
    "in the middle of handing over": "LocalDriver._launch = die; submit()",
    "after the site took it, before its handle is noted": "LocalDriver.submit = after(LocalDriver.submit); submit()",
    "after all was done": "submit(); die()",
}
REFRESHES = {
    "before charging": "following.record_usage = die; refresh()",
    "after charging, before the job is noted": "following.record_usage = after(following.record_usage); refresh()",
    "after all was done": "refresh(); die()",
}


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.LIONROCK_HOME = tmp_path
    scene("local")
    return tmp_path


def killed(home: Path, story: str) -> None:
    name = connection.settings_dict["NAME"]
    died = subprocess.run(
        [sys.executable, "-c", CHILD + story, name, str(home)], cwd=Path(__file__).parents[2], check=False
    )
    assert died.returncode == -signal.SIGKILL


def settled() -> Job:
    def is_charged() -> bool:
        refresh_jobs(actor=OPERATOR, now=NOW)
        return Job.objects.filter(code=CODE, usage_recorded_at__isnull=False).exists()

    until(is_charged, "the job is charged")
    return Job.objects.get(code=CODE)


@pytest.mark.parametrize("story", SUBMISSIONS.values(), ids=list(SUBMISSIONS))
def test_a_submission_killed_at_any_point_runs_once(home: Path, story: str) -> None:
    killed(home, story)
    job = settled()
    assert (job.state, RecordedRun.objects.count()) == ("COMPLETED", 1)
    assert output_of(MEMBER, CODE, Stream.STDOUT, offset=0, limit=100) == b"ran\n"


@pytest.mark.parametrize("story", REFRESHES.values(), ids=list(REFRESHES))
def test_a_refresh_killed_at_any_point_charges_once(home: Path, story: str) -> None:
    job = submitted("sh", "-c", "sleep 1")
    until((home / "jobs" / job.handle / "report.json").exists, "the end of the job")
    killed(home, story)
    assert settled().state == "COMPLETED"
    refresh_jobs(actor=OPERATOR, now=NOW)
    assert RecordedRun.objects.count() == 1


def test_a_lost_runner_is_the_centres_fault(home: Path) -> None:
    job = submitted("sleep", "60")
    folder = home / "jobs" / job.handle
    until((folder / "started").exists, "the start of the job")
    os.kill(int((folder / "begun").read_text()), signal.SIGKILL)
    job = settled()
    assert (job.state, job.reason) == ("NODE_FAIL", "supervisor_lost")
    assert RecordedRun.objects.get().state == "NODE_FAIL"
