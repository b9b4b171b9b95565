"""Waits are those that somebody had, counted over again by hand."""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.calls.world import holder, member
from tests.charging.books import PROGRAMME, Books
from tests.metering.world import ACCOUNT, AWARD, SITE
from tests.usage.world import ran, read_up_to

from lionrock.awards.models import Award
from lionrock.jobs.models import Job
from lionrock.metering.models import MeteredRun
from lionrock.people.domain import Role
from lionrock.sites.models import Site
from lionrock.usage.domain.periods import Period
from lionrock.usage.queries.efficiency import efficiency
from lionrock.usage.queries.waiting import queue_waits
from lionrock.usage.reading import Waited

pytestmark = pytest.mark.django_db

PERIOD = Period(date(2026, 11, 2), date(2026, 11, 15), ZoneInfo("Asia/Hong_Kong"))
START = PERIOD.span.start
OFFICE = holder(Role.OFFICE, PROGRAMME)
_keys = iter(range(1, 10_000))


def put_job(run: MeteredRun | None, *, limit: int = 3600, award: str = AWARD, **facts: Any) -> Job:
    """Put a job of the portal on file: that of a run on the cluster, or one of a site that does not account."""
    number = next(_keys)
    found = Award.objects.get(code=award)
    known: dict[str, Any] = {}
    if run is not None:
        handle = f"hill/{run.job.partition('_')[0]}/{run.key.partition('@')[2]}"
        known = {"handle": handle, "started_at": run.start, "ended_at": run.end, "accounted_by_site": True}
    given: dict[str, Any] = {
        "code": f"JOB-2026-{number:04d}", "key": uuid.UUID(int=number), "award": found, "site": Site.objects.get(),
        "organisation": found.organisation, "submitted_by": "m@example.org", "name": "j", "argv": ["true"],
        "devices": {"gpu": 1}, "time_limit_seconds": limit, "submitted_at": START, "state": "COMPLETED",
    }  # fmt: skip
    return Job.objects.create(**(given | known | facts))


def nearest_rank(values: list[int], tenths: int) -> int:
    """Return the value that so many tenths of all do not exceed: one of them, nothing in between."""
    return sorted(values)[-(-len(values) * tenths // 10) - 1]


@pytest.mark.parametrize("count", [1, 10, 11])
def test_median_and_ninth_tenth_are_waits_that_somebody_had(books: Books, count: int) -> None:
    chance = random.Random(count)
    read_up_to()
    waited = [chance.randrange(0, 90_000) for _ in range(count)]
    for seconds in waited:
        start = START + timedelta(seconds=chance.randrange(0, 86400))
        ran(start, 60, submitted=start - timedelta(seconds=seconds))
    expected = Waited(SITE, "h800", None, count, nearest_rank(waited, 5), nearest_rank(waited, 9))
    assert queue_waits(OFFICE, PERIOD) == [expected]


def test_the_hours_asked_for_are_known_of_jobs_of_the_portal(books: Books) -> None:
    read_up_to()
    for limit in (3600, 3601, 14400, 86400 * 8):
        put_job(ran(START, 60, submitted=START - timedelta(seconds=limit)), limit=limit)
    array = ran(START, 60, submitted=START)
    MeteredRun.objects.filter(pk=array.pk).update(job=f"{array.job}_3")
    array.refresh_from_db()
    put_job(array, limit=60)
    found = [(row.asked, row.runs, row.most) for row in queue_waits(OFFICE, PERIOD)]
    assert found == [(0, 1, 86400 * 8), (1, 2, 3600), (4, 2, 14400)]


def test_only_what_started_in_the_period_counts(books: Books) -> None:
    read_up_to()
    ran(START - timedelta(seconds=1), 7200)
    ran(PERIOD.span.end, 60)
    assert queue_waits(OFFICE, PERIOD) == []
    ran(START, None)
    assert [row.runs for row in queue_waits(OFFICE, PERIOD)] == [1]


def test_a_clock_that_runs_behind_makes_no_wait_below_zero(books: Books) -> None:
    read_up_to()
    ran(START, 60, submitted=START + timedelta(seconds=5))
    assert [row.median for row in queue_waits(OFFICE, PERIOD)] == [0]


def test_jobs_of_a_site_that_does_not_account_wait_too(books: Books) -> None:
    put_job(None, started_at=START + timedelta(seconds=90), ended_at=START + timedelta(seconds=99))
    assert queue_waits(OFFICE, PERIOD) == [Waited(SITE, "", 1, 1, 90, 90)]


def test_members_see_the_waits_of_their_own_awards(books: Books) -> None:
    read_up_to()
    books.put_award("AW-2026-0009", "u2")
    ran(START, 60, account=ACCOUNT)
    ran(START, 60, account="aw-2026-0009", submitted=START - timedelta(seconds=7))
    put_job(None, started_at=START, ended_at=START)
    assert [(row.runs, row.median) for row in queue_waits(member("u2"), PERIOD)] == [(1, 7)]
    assert queue_waits(member("u3"), PERIOD) == []
    assert queue_waits(holder(Role.OFFICE, "another"), PERIOD) == []
    assert sum(row.runs for row in queue_waits(OFFICE, PERIOD)) == 3


def test_efficiency_is_of_what_is_known_and_says_of_how_many_jobs(books: Books) -> None:
    hour = {"started_at": START, "ended_at": START + timedelta(hours=1), "allocated_cpus": 4}
    put_job(None, **hour, cpu_milliseconds=3_600_000, peak_memory_bytes=2**30, asked_memory_bytes=2**32)
    put_job(None, **hour, cpu_milliseconds=4 * 3_600_000 + 999, peak_memory_bytes=2**33, asked_memory_bytes=2**32)
    put_job(None, **hour)
    put_job(None, **hour, peak_memory_bytes=5)
    [held] = efficiency(OFFICE, PERIOD)
    assert (held.of.jobs, held.of.cpu_jobs, held.of.memory_jobs) == (4, 2, 2)
    assert (str(held.processors), str(held.memory)) == ("5/8", "5/8")


def test_efficiency_that_nobody_knows_is_not_zero(books: Books) -> None:
    put_job(None, started_at=START, ended_at=START, cpu_milliseconds=0, allocated_cpus=4)
    [held] = efficiency(OFFICE, PERIOD)
    assert (held.of.jobs, held.of.cpu_jobs, held.processors, held.memory) == (1, 0, None, None)


def test_efficiency_shows_no_one_another_s_jobs(books: Books) -> None:
    books.put_award("AW-2026-0009", "u2")
    for award in (AWARD, "AW-2026-0009"):
        put_job(None, award=award, started_at=START, ended_at=START + timedelta(hours=1))
    assert [held.of.award for held in efficiency(member("u2"), PERIOD)] == ["AW-2026-0009"]
    assert [held.of.award for held in efficiency(OFFICE, PERIOD)] == [AWARD, "AW-2026-0009"]
    assert efficiency(member("u3"), PERIOD) == efficiency(holder(Role.OFFICE, "another"), PERIOD) == []
