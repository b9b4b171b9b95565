"""Killed in the middle, or asked by many at once: what was acknowledged is there, and it is there once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from tests.api.asking import Program, token_for
from tests.jobs.scene import MEMBER, NOW, OPERATOR, scene
from tests.sites.harness import until

from lionrock.api.models import KeptAnswer
from lionrock.audit.models import AuditRecord
from lionrock.charging.models import RecordedRun
from lionrock.jobs.actions import refresh_jobs
from lionrock.jobs.models import Job
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]

JOB = {"award": "AW-2026-0001", "argv": ["sh", "-c", "echo ran"], "time_limit_seconds": 60}
KEY = "the-one"
CHILD = """
import os, signal, sys
from pathlib import Path
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.LIONROCK_HOME = Path(sys.argv[2])
settings.ALLOWED_HOSTS = ["testserver"]
import django
django.setup()
from django.utils import timezone
from lionrock.api import once
from lionrock.api.operations import jobs
from tests.api.asking import Program
from tests.api.test_crashes import JOB, KEY
from tests.jobs.scene import NOW

timezone.now = lambda: NOW

def die(*arguments, **facts):
    os.kill(os.getpid(), signal.SIGKILL)

def after(real):
    def act(*arguments, **facts):
        real(*arguments, **facts)
        die()
    return act

def submit():
    Program(sys.argv[3]).ask("POST", "jobs", JOB, key=KEY)
"""
STORIES = {
    "after the job is written, before it is committed": "once._keep = after(once._keep); submit()",
    "after it is committed, before it is handed over": "jobs.hand_over_entered = die; submit()",
    "after all was done, before the answer is out": "submit(); die()",
}


@pytest.fixture
def program(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A program of a member's, with an award and a site that runs jobs."""
    settings.LIONROCK_HOME = tmp_path
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    scene("local")
    register_person(actor=OPERATOR, email=MEMBER.email, name="Chan", now=NOW)
    grant_role(actor=OPERATOR, email=MEMBER.email, role=Role.MEMBER, organisation="harbour", now=NOW)
    return Program(token_for(MEMBER.email))


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_a_write_killed_at_any_point_and_repeated_is_done_once(program: Program, tmp_path: Path, story: str) -> None:
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-c", CHILD + story, name, str(tmp_path), program.secret]
    died = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    assert died.returncode == -signal.SIGKILL
    committed = Job.objects.count()
    assert KeptAnswer.objects.exclude(status=0).count() == committed
    answer = program.ask("POST", "jobs", JOB, key=KEY)
    assert answer.status_code == 201
    assert Job.objects.get().code == json.loads(answer.content)["code"]
    assert AuditRecord.objects.filter(action="jobs.submit_job").count() == 1

    def is_charged() -> bool:
        refresh_jobs(actor=OPERATOR, now=NOW)
        return Job.objects.filter(usage_recorded_at__isnull=False).exists()

    until(is_charged, "the job is charged")
    assert RecordedRun.objects.count() == 1


def test_the_same_request_by_many_at_once_is_done_once(program: Program) -> None:
    answers: list[tuple[int, bytes]] = []
    start = threading.Barrier(6)

    def ask() -> None:
        start.wait()
        try:
            answer = program.ask("POST", "jobs", JOB, key=KEY)
            answers.append((answer.status_code, answer.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert Job.objects.count() == 1
