"""Taking a job in, and handing it over to its site.

The job is committed first and handed over after, so that no site ever runs what we do not know of.
Killed in between, the next refresh hands it over; the site runs one key once.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction

from lionrock.allocations.domain.naming import account_of, qos_of
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.queries.holding import as_findings, holds_of
from lionrock.audit.actions import record
from lionrock.awards.domain import AwardState, in_force_on
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code, versions_of
from lionrock.calls.numbering import next_code
from lionrock.custody.queries.placing import require_placement
from lionrock.jobs.domain.placing import Offer, place
from lionrock.jobs.domain.requests import JobRequest, asked_for, award_findings, faults_of, scheduler_faults
from lionrock.jobs.domain.states import is_open
from lionrock.jobs.domain.waiting import BEING_CHECKED
from lionrock.jobs.models import Job
from lionrock.jobs.queries import driver_of, job_by_code, jobs
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotAllowed, Refused, Unavailable, collecting
from lionrock.kernel.findings import Finding, Outcome, overall
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.policies import require_member
from lionrock.people.programmes import programme_on_file
from lionrock.screening.queries.holding import blocked_organisations
from lionrock.sites.drivers.protocol import Capabilities, JobSpec, JobState, Reason
from lionrock.sites.models import Login, Pool, Site
from lionrock.sites.queries import site_as_actor, sites


def submit_job(*, actor: Actor, request: JobRequest, now: datetime) -> Job:
    """Take a job in and hand it over to its site; for members of the award's organisation.

    Raises `NotFound` for an award or site that is not there, `NotAllowed`, `Invalid` with every fault
    of the request, `Refused` with findings when the award does not cover it. When the site is away, or
    the organisation is held as being on a list, the job waits, with an empty handle, for a refresh.
    """
    job = enter_job(actor=actor, request=request, now=now)
    hand_over_entered(job, now)
    return job_by_code(actor, job.code)


def hand_over_entered(job: Job, now: datetime) -> None:
    """Give a job that is on file to its site, where it is not held back; a site that is away gets it later."""
    with suppress(Unavailable):
        if not held_back(job, now):
            hand_over(job, now)


@transaction.atomic
def enter_job(*, actor: Actor, request: JobRequest, now: datetime) -> Job:
    """Take a job in as `submit_job` does, without handing it over: that comes once all is committed."""
    award = award_by_code(actor, request.award)
    require_member(actor, award.organisation.code)
    site = site_for(actor, award.programme, request.site)
    offered = driver_of(site).capabilities()
    check_request(actor, request, award, site, offered)
    today = local_date(now, programme_on_file(award.programme).zone)
    _check_award(request, award, today)
    require_placement(award, site)
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
        template=request.template,
        parameters=dict(request.parameters),
        array=request.array,
        after=[list(one) for one in request.after],
        requeue=request.requeue,
        accounted_by_site=offered.has_accounting,
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


def site_for(actor: Actor, programme: str, code: str) -> Site:
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


def check_request(actor: Actor, request: JobRequest, award: Award, site: Site, offered: Capabilities) -> None:
    """Raise `Invalid` with every fault of a request, whatever the award covers."""
    faults = faults_of(request, offered.longest_time_limit_seconds)
    faults += scheduler_faults(request, arrays=offered.arrays, dependencies=offered.dependencies)
    faults += _unknown_jobs(actor, request, site)
    if offered.has_accounting and not faults:
        with collecting(faults):
            place(pools_of(site), request.award, award.item, asked_for(request, award.item).get(award.item, 1))
    if faults:
        said = message(
            gettext_noop("The job cannot be run so ({count} faults); nothing was submitted."), count=len(faults)
        )
        raise Invalid("jobs.request.invalid", said, faults=faults)


def _unknown_jobs(actor: Actor, request: JobRequest, site: Site) -> list[Fault]:
    """Return a fault for each job to wait for that is not this actor's, or of another site."""
    codes = [code for _, code in request.after]
    known = set(jobs(actor).filter(code__in=codes, site=site).values_list("code", flat=True))
    template = gettext_noop("There is no job {value} at {site} for you to wait for.")
    return [
        Fault("jobs.request.after", message(template, value=code, site=site.code), field="after", value=code)
        for code in codes
        if code not in known
    ]


def _check_award(request: JobRequest, award: Award, today: date) -> None:
    findings = coverage(request, award, today)
    if overall(findings) is not Outcome.MET:
        said = message(gettext_noop("{award} does not cover this job; nothing was submitted."), award=award.code)
        raise Refused("jobs.request.not_covered", said, findings=[f for f in findings if f.outcome is not Outcome.MET])


def coverage(request: JobRequest, award: Award, today: date) -> tuple[Finding, ...]:
    """Return whether an award covers a request on a day, and what the responsible-AI gate holds it for."""
    versions = versions_of(award)
    covered = award_findings(
        request,
        item=award.item,
        count=in_force_on(versions, today).count,
        active=award.state == AwardState.ACTIVE.value,
        valid_from=versions[0].since,
        valid_to=versions[-1].valid_to,
        on=today,
    )
    return (*covered, *as_findings(holds_of(award.application, Binding.BEFORE_FIRST_JOB)))


def held_back(job: Job, now: datetime) -> bool:
    """Tell whether a job waits here because its organisation is blocked by screening, and keep that as the reason.

    A hit that is only to be looked at holds back no job of an award in force.
    """
    if job.handle or job.state != JobState.PENDING.value:
        return False
    on = local_date(now, programme_on_file(job.award.programme).zone)
    blocked = bool(blocked_organisations([job.organisation.code], on))
    if blocked or job.waiting_because == BEING_CHECKED:
        Job.objects.filter(pk=job.pk, handle="").update(waiting_because=BEING_CHECKED if blocked else "")
    return blocked


@transaction.atomic
def hand_over(job: Job, now: datetime) -> None:
    """Give a job that waits here to its site, and keep the site's handle; nothing for any other job.

    Two at once are one after the other: whoever comes second finds the handle. What the site refuses
    for good is failed. Raises `Unavailable` when the site is away.
    """
    waiting = Job.objects.select_for_update().filter(pk=job.pk, handle="", state=JobState.PENDING.value).first()
    if waiting is None:
        return
    try:
        spec = spec_of(waiting)
        if spec is None:
            return
        require_placement(waiting.award, job.site)
        waiting.handle = driver_of(job.site).submit(spec)
    except (Invalid, Conflict, Refused, NotAllowed) as refused:
        waiting.state, waiting.reason = JobState.FAILED.value, Reason.NOT_STARTED.value
        waiting.detail = str(refused)
        _record_refusal(waiting, now)
    waiting.save(update_fields=["handle", "state", "reason", "detail"])


def _record_refusal(job: Job, now: datetime) -> None:
    record(
        "jobs.hand_over",
        job.code,
        actor=site_as_actor(job.site).email,
        now=now,
        programme=job.site.programme,
        organisation=job.organisation.code,
        details={"state": job.state, "reason": job.reason},
    )


def spec_of(job: Job) -> JobSpec | None:
    """Return what the site is to run; None as long as a job that it waits for has not been handed over.

    Raises `Invalid` when no pool of the site offers the award's item any more, `Conflict` when a job
    that it waits for was never run.
    """
    handles = _handles(job)
    if any(handle == "" for _, handle in handles):
        return None
    placed = place(pools_of(job.site), job.award.code, job.award.item, _count(job)) if job.accounted_by_site else None
    return JobSpec(
        code=job.code,
        key=job.key.hex,
        argv=tuple(job.argv),
        time_limit_seconds=job.time_limit_seconds,
        devices=job.devices,
        files=job.files,
        name=job.name,
        account=account_of(job.award.code) if placed else "",
        user=user_of(job.site, job.submitted_by) if placed else "",
        partition=placed.partition if placed else "",
        qos=qos_of(job.award.code) if placed else "",
        array=job.array,
        after=tuple(handles),
        gres=dict(placed.gres) if placed else {},
        nodes=placed.nodes if placed else 1,
        requeue=job.requeue,
    )


def _count(job: Job) -> int:
    return int(job.devices.get(job.award.item, 1))


def _handles(job: Job) -> list[tuple[str, str]]:
    """Return the conditions with the site's names for the jobs; empty names for those still to be handed over."""
    codes = [code for _, code in job.after]
    before = {one.code: one for one in Job.objects.filter(code__in=codes)}
    for one in before.values():
        if not one.handle and not is_open(one.state):
            said = message(gettext_noop("{code} was never run, so nothing can wait for it."), code=one.code)
            raise Conflict("jobs.submit.after", said)
    return [(condition, before[code].handle) for condition, code in job.after]


def pools_of(site: Site) -> list[Offer]:
    """Return what the partitions of a site offer, in the order of their names."""
    return [
        Offer(pool.partition, pool.item, pool.device, pool.devices_per_unit, pool.devices_per_node)
        for pool in Pool.objects.filter(site=site).order_by("name")
    ]


def user_of(site: Site, email: str) -> str:
    """Return the submitter's account on the cluster; empty for the service's own."""
    login = Login.objects.filter(site=site, person__email__iexact=email).first()
    return login.username if login else ""
