"""Taking a job in, and handing it over to its site.

The job is committed first and handed over after, so that no site ever runs what we do not know of.
Killed in between, the next refresh hands it over; the site runs one key once.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.awards.domain import AwardState, in_force_on
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code, versions_of
from lionrock.calls.numbering import next_code
from lionrock.jobs.domain.requests import JobRequest, asked_for, award_findings, faults_of
from lionrock.jobs.models import Job
from lionrock.jobs.queries import driver_of, job_by_code
from lionrock.kernel.errors import Conflict, Fault, Invalid, Refused, Unavailable
from lionrock.kernel.findings import Outcome, overall
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.policies import require_member
from lionrock.people.programmes import programme_on_file
from lionrock.sites.drivers.protocol import JobSpec, JobState, Reason
from lionrock.sites.models import Site
from lionrock.sites.queries import sites


def submit_job(*, actor: Actor, request: JobRequest, now: datetime) -> Job:
    """Take a job in and hand it over to its site; for members of the award's organisation.

    Raises `NotFound` for an award or site that is not there, `NotAllowed`, `Invalid` with every fault
    of the request, `Refused` with findings when the award does not cover it. When the site is away
    the job waits, with an empty handle, for a refresh.
    """
    job = _enter(actor, request, now)
    try:
        hand_over(job)
    except Unavailable:
        return job_by_code(actor, job.code)
    return job_by_code(actor, job.code)


@transaction.atomic
def _enter(actor: Actor, request: JobRequest, now: datetime) -> Job:
    award = award_by_code(actor, request.award)
    require_member(actor, award.organisation.code)
    site = _site(actor, award.programme, request.site)
    _check(request, site)
    today = local_date(now, programme_on_file(award.programme).zone)
    _check_award(request, award, today)
    job = Job.objects.create(
        code=next_code("JOB", today.year),
        key=uuid.uuid4(),
        award=award,
        site=site,
        organisation=award.organisation,
        submitted_by=actor.email,
        name=request.called,
        argv=list(request.argv),
        files=dict(request.files),
        devices=asked_for(request, award.item),
        time_limit_seconds=request.time_limit_seconds,
        submitted_at=now,
    )
    details = {"award": award.code, "site": site.code, "argv": job.argv, "devices": job.devices}
    record(
        "jobs.submit_job",
        job.code,
        actor=actor.email,
        now=now,
        programme=award.programme,
        organisation=award.organisation.code,
        details=details,
    )
    return job


def _site(actor: Actor, programme: str, code: str) -> Site:
    """Return the named site of the programme, or its only one; raises `Invalid` naming those it has."""
    there = {site.code: site for site in sites(actor).filter(programme=programme)}
    if not code and len(there) == 1:
        return next(iter(there.values()))
    if code in there:
        return there[code]
    said = message(
        gettext_noop("“{value}” is no site of {programme}. Name one with --site; it has: {known}."),
        value=code,
        programme=programme,
        known=", ".join(there) or "–",
    )
    raise Invalid("jobs.request.site", said, faults=[Fault("jobs.request.site", said, field="site", value=code)])


def _check(request: JobRequest, site: Site) -> None:
    faults = faults_of(request, driver_of(site).capabilities().longest_time_limit_seconds)
    if faults:
        said = message(
            gettext_noop("The job cannot be run so ({count} faults); nothing was submitted."), count=len(faults)
        )
        raise Invalid("jobs.request.invalid", said, faults=faults)


def _check_award(request: JobRequest, award: Award, today: date) -> None:
    versions = versions_of(award)
    findings = award_findings(
        request,
        item=award.item,
        count=in_force_on(versions, today).count,
        active=award.state == AwardState.ACTIVE.value,
        valid_from=versions[0].since,
        valid_to=versions[-1].valid_to,
        on=today,
    )
    if overall(findings) is not Outcome.MET:
        said = message(gettext_noop("{award} does not cover this job; nothing was submitted."), award=award.code)
        raise Refused("jobs.request.not_covered", said, findings=[f for f in findings if f.outcome is not Outcome.MET])


@transaction.atomic
def hand_over(job: Job) -> None:
    """Give a job that waits here to its site, and keep the site's handle; nothing for any other job.

    Two at once are one after the other: whoever comes second finds the handle. What the site refuses
    for good is failed. Raises `Unavailable` when the site is away.
    """
    waiting = Job.objects.select_for_update().filter(pk=job.pk, handle="", state=JobState.PENDING.value).first()
    if waiting is None:
        return
    try:
        waiting.handle = driver_of(job.site).submit(_spec(waiting))
    except (Invalid, Conflict) as refused:
        waiting.state, waiting.reason = JobState.FAILED.value, Reason.NOT_STARTED.value
        waiting.detail = str(refused)
    waiting.save(update_fields=["handle", "state", "reason", "detail"])


def _spec(job: Job) -> JobSpec:
    return JobSpec(
        code=job.code,
        key=job.key.hex,
        argv=tuple(job.argv),
        time_limit_seconds=job.time_limit_seconds,
        devices=job.devices,
        files=job.files,
        name=job.name,
    )
