"""Stopping a job."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.jobs.actions.following import refresh_jobs
from lionrock.jobs.domain.states import TRANSITIONS
from lionrock.jobs.models import Job
from lionrock.jobs.queries import job_by_code
from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor, Role
from lionrock.sites.drivers.protocol import JobState, Reason


def cancel_job(*, actor: Actor, code: str, now: datetime) -> Job:
    """Ask a job to stop; for members of its organisation and for who runs the programme's sites.

    What the site had already ended stays as it ended. A running job may take a while to stop: the job
    that is returned tells whether it has. Raises `NotFound`, `NotAllowed`, and `Conflict` when it is
    over.
    """
    require_in_charge(actor, job_by_code(actor, code))
    refresh_jobs(actor=actor, now=now, codes=[code])
    _ask_to_stop(actor, job_by_code(actor, code), now)
    refresh_jobs(actor=actor, now=now, codes=[code])
    return job_by_code(actor, code)


def require_in_charge(actor: Actor, job: Job) -> None:
    """Raise `NotAllowed` unless the actor may stop the job: a member of its organisation, or who runs the sites."""
    if not (actor.belongs_to(job.organisation.code) or actor.holds(Role.CLUSTER_ADMIN, programme=job.award.programme)):
        raise NotAllowed(
            "jobs.cancel.not_allowed",
            message(
                gettext_noop("{email} may not cancel {code}: ask a member of {organisation} or who runs the site."),
                email=actor.email,
                code=job.code,
                organisation=job.organisation.code,
            ),
        )


@transaction.atomic
def _ask_to_stop(actor: Actor, seen: Job, now: datetime) -> None:
    job = Job.objects.select_for_update().get(pk=seen.pk)
    cancelled = advance(TRANSITIONS, JobState(job.state), "cancel", thing=job.code)
    if job.cancel_requested_at:
        return
    job.cancel_requested_at = now
    if not job.handle:
        job.state, job.reason = cancelled.value, Reason.CANCELLED.value
    job.save(update_fields=["cancel_requested_at", "state", "reason"])
    record(
        "jobs.cancel_job",
        job.code,
        actor=actor.email,
        now=now,
        programme=seen.award.programme,
        organisation=seen.organisation.code,
        details={} if job.handle else {"state": job.state},
    )
