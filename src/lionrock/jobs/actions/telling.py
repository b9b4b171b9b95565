"""Telling the submitter how a job ended."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Final

from lionrock.jobs.models import Job
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.sites.drivers.protocol import JobState

_SENTENCES: Final = MappingProxyType(
    {
        JobState.COMPLETED: gettext_noop("Your job {name} ({job}) is completed."),
        JobState.FAILED: gettext_noop("Your job {name} ({job}) failed. Its page says why."),
        JobState.CANCELLED: gettext_noop("Your job {name} ({job}) was stopped."),
        JobState.TIMEOUT: gettext_noop("Your job {name} ({job}) ran out of time. Its page says what to do."),
        JobState.NODE_FAIL: gettext_noop(
            "The machine under your job {name} ({job}) failed. What was used is not billed; submit it again."
        ),
    }
)


def tell_ended(job: Job, now: datetime) -> None:
    """Tell whoever submitted a job that it is over, and how."""
    said = message(_SENTENCES[JobState(job.state)], job=job.code, name=job.name)
    notify(to=[job.submitted_by], said=said, about=Subject("job", job.code), now=now)
