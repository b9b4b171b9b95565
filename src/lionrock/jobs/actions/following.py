"""Following jobs: what the sites say becomes our state, and what was used goes to charging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.charging.actions import record_usage
from lionrock.jobs.actions.submitting import hand_over, held_back
from lionrock.jobs.actions.telling import tell_ended
from lionrock.jobs.domain.states import TRANSITIONS, VERBS, is_open
from lionrock.jobs.domain.usage import EndedJob, usage_of
from lionrock.jobs.models import Job
from lionrock.jobs.queries import AWAITS_CHARGING, IS_OPEN, driver_of, jobs
from lionrock.kernel.errors import Fault, NotFound, Unavailable
from lionrock.kernel.messages import Message
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor, terminal_operator
from lionrock.sites.drivers.protocol import JobReport, JobState, Reason, TaskReport
from lionrock.sites.queries import site_as_actor

_LONGEST_WORD = 100
_OBSERVED = (
    "asked_at",
    "waiting_because",
    "state_word",
    "expected_start",
    "nodes",
    "runs",
    "allocated_cpus",
    "asked_memory_bytes",
    "cpu_milliseconds",
    "peak_memory_bytes",
    "tasks",
    "started_at",
)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: the codes of the jobs that changed, and site → why it could not be asked."""

    changed: tuple[str, ...]
    away: dict[str, Message]


def refresh_jobs(*, actor: Actor, now: datetime, codes: Iterable[str] | None = None) -> Refreshed:
    """Ask the sites how the jobs stand that are not over, of those that the actor sees.

    Each job is a transaction of its own: its new state and the record of what it used come together,
    so that a refresh killed anywhere and repeated records nothing twice and loses nothing. Jobs are
    handed over and cancelled here too where that had been interrupted. A site that is away is named,
    and the jobs of the others go on.
    """
    wanted = jobs(actor).filter(IS_OPEN | AWAITS_CHARGING).order_by("id")
    if codes is not None:
        wanted = wanted.filter(code__in=codes)
    changed: list[str] = []
    away: dict[str, Message] = {}
    for job in wanted:
        if job.site.code in away:
            continue
        try:
            if _refresh(job, now):
                changed.append(job.code)
        except Unavailable as reason:
            away[job.site.code] = reason.message
    return Refreshed(tuple(changed), away)


def refresh_open_jobs(now: datetime) -> int:
    """Ask every site how its open jobs stand; a row of config/due.py. Return how many jobs changed."""
    return len(refresh_jobs(actor=terminal_operator("due"), now=now).changed)


def _refresh(job: Job, now: datetime) -> bool:
    if not is_open(job.state):
        return _take_in(job, None, now)
    if not held_back(job, now):
        hand_over(job, now)
    job.refresh_from_db(fields=["handle", "state", "cancel_requested_at"])
    return _take_in(job, _ask(job) if job.handle and is_open(job.state) else None, now)


def _ask(job: Job) -> JobReport:
    driver = driver_of(job.site)
    try:
        if job.cancel_requested_at:
            driver.cancel(job.handle)
        return driver.poll(job.handle)
    except NotFound:
        return JobReport(JobState.NODE_FAIL, started=job.started_at, ended=job.started_at, reason=Reason.FOLDER_LOST)


@transaction.atomic
def _take_in(job: Job, report: JobReport | None, now: datetime) -> bool:
    """Write what the site said, unless somebody else did meanwhile; return whether anything changed."""
    current = Job.objects.select_for_update().get(pk=job.pk)
    before = (current.state, current.usage_recorded_at, current.usage_fault)
    if report and is_open(current.state):
        _observe(current, report, now)
        if before[0] != report.state.value:
            _advance(current, report, now)
    if Job.objects.filter(AWAITS_CHARGING, pk=job.pk).exists():
        _charge(current, now)
    return before != (current.state, current.usage_recorded_at, current.usage_fault)


def _observe(job: Job, report: JobReport, now: datetime) -> None:
    """Write what may change while the state does not: why it waits, when it would start, where it runs."""
    waits = report.state is JobState.PENDING
    job.asked_at = now
    job.waiting_because = report.waiting_because[:_LONGEST_WORD] if waits else ""
    job.state_word = report.state_word[:_LONGEST_WORD]
    job.expected_start = report.expected_start if waits else None
    job.nodes, job.runs = list(report.nodes), report.runs
    job.allocated_cpus, job.asked_memory_bytes = report.allocated_cpus, report.asked_memory_bytes
    job.cpu_milliseconds, job.peak_memory_bytes = report.cpu_milliseconds, report.peak_memory_bytes
    job.tasks = [_task_as_json(task) for task in report.tasks]
    if report.state is JobState.RUNNING and job.state == report.state.value:
        job.started_at = report.started or job.started_at
    job.save(update_fields=_OBSERVED)


def _task_as_json(task: TaskReport) -> dict[str, object]:
    return {
        "index": task.index,
        "state": task.state.value,
        "started": task.started.isoformat() if task.started else None,
        "ended": task.ended.isoformat() if task.ended else None,
        "exit_code": task.exit_code,
        "reason": task.reason.value,
    }


def _advance(job: Job, report: JobReport, now: datetime) -> None:
    job.state = advance(TRANSITIONS, JobState(job.state), VERBS[report.state], thing=job.code).value
    job.started_at, job.ended_at = report.started, report.ended
    job.exit_code, job.reason, job.detail = report.exit_code, report.reason.value, report.detail
    job.save()
    if not is_open(job.state):
        tell_ended(job, now)
    record(
        "jobs.refresh_jobs",
        job.code,
        actor=site_as_actor(job.site).email,
        now=now,
        programme=job.site.programme,
        organisation=job.organisation.code,
        details={"state": job.state, "reason": job.reason, "exit_code": job.exit_code},
    )


def _charge(job: Job, now: datetime) -> None:
    """Hand what the job used to charging; what charging holds back is kept with its reason, and tried again."""
    if job.started_at is None or job.ended_at is None:
        return
    used = usage_of(
        EndedJob(
            code=job.code,
            site=job.site.code,
            account=job.organisation.code,
            award=job.award.code,
            devices=job.devices,
            state=JobState(job.state),
            started=job.started_at,
            ended=job.ended_at,
        )
    )
    intake = record_usage(
        [used], actor=site_as_actor(job.site), programme=job.site.programme, now=now, source=f"job {job.code}"
    )
    job.usage_fault = _as_json(intake.held[0][1]) if intake.held else None
    job.usage_recorded_at = None if intake.held else now
    job.save(update_fields=["usage_fault", "usage_recorded_at"])


def _as_json(fault: Fault) -> dict[str, object]:
    fields = {name: str(value) for name, value in fault.message.fields.items()}
    return {"code": fault.code, "template": fault.message.template, "fields": fields}
