"""Following jobs: what the sites say becomes our state, and what was used goes to charging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.charging.actions import record_usage
from lionrock.jobs.actions.submitting import hand_over
from lionrock.jobs.domain.states import TRANSITIONS, VERBS, is_open
from lionrock.jobs.domain.usage import EndedJob, usage_of
from lionrock.jobs.models import Job
from lionrock.jobs.queries import AWAITS_CHARGING, IS_OPEN, driver_of, jobs
from lionrock.kernel.errors import Fault, NotFound, Unavailable
from lionrock.kernel.messages import Message
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor, Grant, Role
from lionrock.sites.drivers.protocol import JobReport, JobState, Reason


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


def _refresh(job: Job, now: datetime) -> bool:
    if not is_open(job.state):
        return _take_in(job, None, now)
    hand_over(job)
    job.refresh_from_db(fields=["handle", "state", "cancel_requested_at"])
    return _take_in(job, _ask(job) if is_open(job.state) else None, now)


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
    if report and is_open(current.state) and current.state != report.state.value:
        _advance(current, report, now)
    if Job.objects.filter(AWAITS_CHARGING, pk=job.pk).exists():
        _charge(current, now)
    return before != (current.state, current.usage_recorded_at, current.usage_fault)


def _advance(job: Job, report: JobReport, now: datetime) -> None:
    job.state = advance(TRANSITIONS, JobState(job.state), VERBS[report.state], thing=job.code).value
    job.started_at, job.ended_at = report.started, report.ended
    job.exit_code, job.reason, job.detail = report.exit_code, report.reason.value, report.detail
    job.cpu_milliseconds, job.peak_memory_bytes = report.cpu_milliseconds, report.peak_memory_bytes
    job.save()
    record(
        "jobs.refresh_jobs",
        job.code,
        actor=_site_as_actor(job).email,
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
        [used], actor=_site_as_actor(job), programme=job.site.programme, now=now, source=f"job {job.code}"
    )
    job.usage_fault = _as_json(intake.held[0][1]) if intake.held else None
    job.usage_recorded_at = None if intake.held else now
    job.save(update_fields=["usage_fault", "usage_recorded_at"])


def _site_as_actor(job: Job) -> Actor:
    """Return the site itself as the actor: it reports its use, whoever happens to ask it."""
    grant = Grant(Role.CLUSTER_ADMIN, programme=job.site.programme)
    return Actor(email=f"{job.site.code}@site", grants=frozenset({grant}))


def _as_json(fault: Fault) -> dict[str, object]:
    fields = {name: str(value) for name, value in fault.message.fields.items()}
    return {"code": fault.code, "template": fault.message.template, "fields": fields}
