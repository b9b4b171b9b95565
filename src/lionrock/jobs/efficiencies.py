"""How well a job uses what it holds, at an instant."""

from __future__ import annotations

from datetime import datetime, timedelta

from lionrock.jobs.domain.efficiency import Efficiency, efficiency_of
from lionrock.jobs.models import Job


def seconds_run(job: Job, now: datetime) -> int | None:
    """Return for how many whole seconds a job has run; None before it started."""
    if job.started_at is None:
        return None
    return ((job.ended_at or max(now, job.started_at)) - job.started_at) // timedelta(seconds=1)


def efficiency_at(job: Job, now: datetime) -> Efficiency | None:
    """Return how well a job has used what it holds; None before it started."""
    seconds = seconds_run(job, now)
    if seconds is None:
        return None
    return efficiency_of(
        elapsed_seconds=seconds,
        cpu_milliseconds=job.cpu_milliseconds,
        cpus=job.allocated_cpus,
        peak_memory_bytes=job.peak_memory_bytes,
        asked_memory_bytes=job.asked_memory_bytes,
    )
