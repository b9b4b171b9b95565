"""Every write of this room: submitting, following and cancelling jobs."""

from lionrock.jobs.actions.cancelling import cancel_job
from lionrock.jobs.actions.following import Refreshed, refresh_jobs
from lionrock.jobs.actions.submitting import submit_job

__all__ = ["Refreshed", "cancel_job", "refresh_jobs", "submit_job"]
