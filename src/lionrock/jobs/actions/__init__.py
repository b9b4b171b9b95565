"""Every write of this room: submitting, following, requeueing and cancelling jobs."""

from lionrock.jobs.actions.cancelling import cancel_job
from lionrock.jobs.actions.following import Refreshed, refresh_jobs, refresh_open_jobs
from lionrock.jobs.actions.requeueing import requeue_job
from lionrock.jobs.actions.submitting import submit_job

__all__ = ["Refreshed", "cancel_job", "refresh_jobs", "refresh_open_jobs", "requeue_job", "submit_job"]
