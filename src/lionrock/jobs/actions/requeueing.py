"""Running a job again from its start, under its own code."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.jobs.actions.cancelling import require_in_charge
from lionrock.jobs.actions.following import refresh_jobs
from lionrock.jobs.domain.states import TRANSITIONS
from lionrock.jobs.models import Job
from lionrock.jobs.queries import driver_of, job_by_code
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor
from lionrock.sites.drivers.protocol import JobState


def requeue_job(*, actor: Actor, code: str, now: datetime) -> Job:
    """Ask the site to run a running job again from its start; for those who may cancel it.

    What it has used so far is billed as a run of its own. Raises `NotFound`, `NotAllowed`, `Conflict`
    when it does not run or its site cannot run it again, `Unavailable`.
    """
    require_in_charge(actor, job_by_code(actor, code))
    refresh_jobs(actor=actor, now=now, codes=[code])
    _ask_to_run_again(actor, job_by_code(actor, code), now)
    refresh_jobs(actor=actor, now=now, codes=[code])
    return job_by_code(actor, code)


@transaction.atomic
def _ask_to_run_again(actor: Actor, seen: Job, now: datetime) -> None:
    job = Job.objects.select_for_update().get(pk=seen.pk)
    advance(TRANSITIONS, JobState(job.state), "run again", thing=job.code)
    driver_of(seen.site).requeue(job.handle)
    record(
        "jobs.requeue_job",
        job.code,
        actor=actor.email,
        now=now,
        programme=seen.award.programme,
        organisation=seen.organisation.code,
    )
