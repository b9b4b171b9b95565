"""What jobs cost and what is left to them, read from the books and rated as charging does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from lionrock.allocations.domain import AllocationState
from lionrock.allocations.models import Allocation
from lionrock.awards.models import Award
from lionrock.awards.queries import end_in_force
from lionrock.charging.basis import load_basis
from lionrock.charging.domain.runs import Run
from lionrock.charging.models import MonthClose, RecordedRun
from lionrock.jobs.domain.costs import Cost, Tariffs, cost_of
from lionrock.jobs.domain.quota import PACE_DAYS, Going, Quota, held_by, used_between
from lionrock.jobs.models import Job
from lionrock.kernel.periods import Month, local_date
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX, quota_remaining, quota_unit
from lionrock.ledger.queries import balance, balances
from lionrock.people.programmes import programme_on_file
from lionrock.rules.items import Mode
from lionrock.sites.drivers.protocol import JobState

_RUN: Final = (
    "site",
    "job",
    "start",
    "end",
    "account",
    "devices",
    "award",
    "device_seconds",
    "state",
    "revision",
    "interim",
)


def first_open(programme: str) -> datetime:
    """Return the first instant of the programme's first month that is not closed; the beginning when none is."""
    last = MonthClose.objects.filter(programme=programme).order_by("-month").first()
    if last is None:
        return datetime.min.replace(tzinfo=UTC)
    return Month.containing(last.month).interval(programme_on_file(programme).zone).end


def tariffs_of(programme: str) -> Tariffs:
    """Return what a programme's costs rest on now."""
    basis = load_basis(programme)
    currency = basis.programme.currency
    left = balances(programme, COMMITTED_PREFIX, currency)
    purse = {code: left.get(COMMITTED_PREFIX + code, 0) for code in basis.awards.by_code}
    return Tariffs(basis.prices, basis.awards, basis.zone, currency, purse)


def recorded(award: Award, since: datetime) -> list[Run]:
    """Return the runs on file that name an award and reach beyond an instant."""
    rows = RecordedRun.objects.filter(programme=award.programme, standing=True, award=award.code, end__gt=since)
    return [Run(*row) for row in rows.order_by().values_list(*_RUN)]


def planned_run(award: Award, site: str, devices: dict[str, int], start: datetime, seconds: int) -> Run:
    """Return the run that a job would be if it ran for all its time limit."""
    start = start.replace(microsecond=0)
    return Run(
        site=site,
        job="",
        start=start,
        end=start + timedelta(seconds=seconds),
        account=award.organisation.code,
        devices=devices,
        award=award.code,
    )


def worst_cost(award: Award, run: Run) -> Cost:
    """Return what a run would add to the months that are open, beside what the award has used in them."""
    return cost_of([run], recorded(award, first_open(award.programme)), tariffs_of(award.programme))


@dataclass(frozen=True, slots=True)
class JobCost:
    """What a job has cost: `final` when it is over and recorded, `closed` when its month is, too."""

    cost: Cost
    final: bool
    closed: bool
    month: Month


def job_cost(job: Job, now: datetime) -> JobCost | None:
    """Return what a job has cost so far; None for a leased award, and before anything was used."""
    if job.award.mode != Mode.METERED.value:
        return None
    found = [Run(*row) for row in _runs_of(job).order_by("start").values_list(*_RUN)]
    runs = found or _so_far(job, now)
    if not runs:
        return None
    opened = first_open(job.award.programme)
    closed = all(run.end <= opened for run in runs)
    tariffs = tariffs_of(job.award.programme)
    if closed:
        # What the award had left then stands in the month's statement, for all its runs together.
        unlimited = Tariffs(tariffs.prices, tariffs.awards, tariffs.zone, tariffs.currency, {})
        cost = cost_of(runs, [], unlimited)
    else:
        own = {run.key for run in runs}
        cost = cost_of(runs, [run for run in recorded(job.award, opened) if run.key not in own], tariffs)
    # What did not run for a whole second is never on file: it costs nothing.
    known = bool(found) or all(run.start == run.end for run in runs)
    return JobCost(cost, known and bool(job.ended_at), closed, Month.of(runs[-1].start, tariffs.zone))


def _runs_of(job: Job) -> QuerySet[RecordedRun]:
    """Return the records of a job: by its code, or by the cluster's number since it was submitted.

    A number is used again after years, so an earlier run of it is another job's.
    """
    rows = RecordedRun.objects.filter(programme=job.award.programme, site=job.site.code, standing=True)
    if not job.accounted_by_site:
        return rows.filter(job=job.code)
    number = job_number(job.handle)
    if not number:
        return rows.none()
    same = Q(job=number) | Q(job__startswith=f"{number}_") | Q(job__startswith=f"{number}+")
    return rows.filter(same, award=job.award.code, start__gte=job.submitted_at.replace(microsecond=0))


def job_number(handle: str) -> str:
    """Return the cluster's number of a job from its handle, "CLUSTER/NUMBER/SUBMITTED"; empty when it has none."""
    parts = handle.split("/")
    return parts[1] if len(parts) == 3 else ""


def _so_far(job: Job, now: datetime) -> list[Run]:
    if job.started_at is None or job.state == JobState.NODE_FAIL.value:
        return []
    end = job.ended_at or max(now, job.started_at)
    seconds = (end - job.started_at) // timedelta(seconds=1)
    devices = {item: int(count) for item, count in job.devices.items()}
    return [planned_run(job.award, job.site.code, devices, job.started_at, seconds)]


def quota_left(award: Award, now: datetime) -> Quota:
    """Return what is left of an award's quota: by the books of closed months, less what is on file since.

    What jobs that run hold is not left either; when one ends sooner than it might, the rest is.
    """
    zone = programme_on_file(award.programme).zone
    opened, lately = first_open(award.programme), now - timedelta(days=PACE_DAYS)
    runs = recorded(award, min(opened, lately))
    granted = Allocation.objects.filter(award=award, item=award.item, state=AllocationState.ACTIVE.value).first()
    held = held_by(_going(award, runs))
    booked = balance(award.programme, quota_remaining(award.code, award.item), quota_unit(award.item))
    return Quota(
        item=award.item,
        granted=granted.device_seconds if granted else 0,
        left=booked - used_between(_metered(award, runs), award.item, opened, now) - held,
        lately=used_between(_metered(award, runs), award.item, lately, now),
        on=local_date(now, zone),
        ends=end_in_force(award),
        held=held,
    )


def _going(award: Award, runs: Sequence[Run]) -> list[Going]:
    """Return the award's jobs that run, those that wait or are over left out (one query)."""
    if award.mode != Mode.METERED.value:
        return []
    jobs = Job.objects.filter(award=award, state=JobState.RUNNING.value).select_related("site")
    unfinished = [run for run in runs if run.interim]
    return [_going_on(job, award.item, unfinished) for job in jobs]


def _going_on(job: Job, item: str, unfinished: Sequence[Run]) -> Going:
    """Return a running job with what it holds; of an array, its tasks that run now."""
    tasks = sum(task["state"] == JobState.RUNNING.value for task in job.tasks) or 1
    own = [run for run in unfinished if run.site == job.site.code and _names(run.job, job)]
    on_file = sum(run.device_seconds.get(item, run.devices.get(item, 0) * run.elapsed) for run in own)
    return Going(int(job.devices.get(item, 0)) * tasks, job.time_limit_seconds, on_file)


def _names(name: str, job: Job) -> bool:
    """Tell whether a record's name is that of a job, of a task of its array, or of one of its parts."""
    number = job_number(job.handle)
    return bool(number) and (name == number or name.startswith((f"{number}_", f"{number}+")))


def _metered(award: Award, runs: Sequence[Run]) -> Sequence[Run]:
    return runs if award.mode == Mode.METERED.value else ()
