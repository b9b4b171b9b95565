"""What is left of a quota while jobs run: what they have used, and may still use, is not left."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from tests.jobs.scene import ITEM, MEMBER, NOW, PROGRAMME, Scene, scene

from lionrock.charging.models import RecordedRun
from lionrock.jobs.costing import quota_left
from lionrock.jobs.domain.quota import Going, Quota, held_by
from lionrock.jobs.models import Job
from lionrock.kernel.quantities import SECONDS_PER_HOUR

pytestmark = pytest.mark.django_db
HOUR = SECONDS_PER_HOUR


@pytest.fixture
def here() -> Scene:
    return scene("fake")


def _job(here: Scene, number: int, state: str = "RUNNING", **changes: object) -> Job:
    known: dict[str, object] = {
        "code": f"JOB-2026-{number:04d}", "key": uuid.UUID(int=number), "award": here.harbour, "site": here.site,
        "organisation": here.harbour.organisation, "submitted_by": MEMBER.email, "name": "train", "argv": ["true"],
        "devices": {ITEM: 2}, "time_limit_seconds": 3 * HOUR, "submitted_at": NOW, "state": state,
        "started_at": None if state == "PENDING" else NOW, "ended_at": NOW if state == "COMPLETED" else None,
        "handle": f"harbour/{number}/1772413200", "accounted_by_site": True,
    }  # fmt: skip
    return Job.objects.create(**(known | changes))


def _on_file(job: str, hours: int, *, interim: bool) -> None:
    RecordedRun.objects.create(
        programme=PROGRAMME, site="local", job=job, start=NOW, end=NOW + timedelta(hours=hours), account="harbour",
        award="AW-2026-0001", devices={ITEM: 2}, state="RUNNING" if interim else "COMPLETED", interim=interim,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("going", "held"),
    [
        ([], 0),
        ([Going(2, 3600, 0)], 7200),
        ([Going(2, 3600, 0), Going(1, 60, 0)], 7260),
        ([Going(2, 3600, 1200)], 6000),
        ([Going(2, 3600, 9000)], 0),
        ([Going(0, 3600, 0)], 0),
    ],
)
def test_a_running_job_holds_its_whole_limit_but_for_what_is_on_file(going: list[Going], held: int) -> None:
    assert held_by(going) == held


def _held(here: Scene) -> int:
    return quota_left(here.harbour, NOW + timedelta(hours=3)).held // HOUR


def test_only_jobs_that_run_hold_quota(here: Scene) -> None:
    _job(here, 1, "PENDING")
    _job(here, 2, "COMPLETED")
    assert _held(here) == 0
    _job(here, 3)
    _job(here, 4, time_limit_seconds=HOUR, devices={ITEM: 1})
    assert _held(here) == 2 * 3 + 1
    assert quota_left(here.peak, NOW).held == 0


def test_of_an_array_the_tasks_that_run_hold_quota(here: Scene) -> None:
    tasks = [{"index": at, "state": state} for at, state in enumerate(("COMPLETED", "RUNNING", "RUNNING", "PENDING"))]
    _job(here, 1, array="0-3", tasks=tasks)
    assert _held(here) == 2 * 2 * 3


def test_what_is_on_file_of_a_running_job_is_not_taken_twice(here: Scene) -> None:
    before = quota_left(here.harbour, NOW + timedelta(hours=3)).left
    _job(here, 17)
    alone = quota_left(here.harbour, NOW + timedelta(hours=3)).left
    assert before - alone == 6 * HOUR
    _on_file("17", 1, interim=True)
    _on_file("170", 1, interim=False)
    after = quota_left(here.harbour, NOW + timedelta(hours=3))
    assert (after.held // HOUR, (alone - after.left) // HOUR) == (4, 2)


def test_what_is_held_is_told_in_hours() -> None:
    quota = Quota(ITEM, 100 * HOUR, 70 * HOUR, 0, date(2026, 3, 2), date(2026, 6, 1), held=90 * 60)
    assert str(quota.held_hours) == "1.50"
