"""The files of a job's folder, where its site hands them out."""

from __future__ import annotations

from collections.abc import Sequence

from lionrock.jobs.models import Job
from lionrock.jobs.queries import driver_of
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.files import FileEntry, KeepsFiles


def outputs_of(job: Job) -> Sequence[FileEntry]:
    """Return the files of a job's folder; none where the site does not hand them out. Raises `Unavailable`."""
    driver = driver_of(job.site)
    return driver.files(job.handle) if job.handle and isinstance(driver, KeepsFiles) else ()


def piece_of(job: Job, name: str, *, offset: int, limit: int) -> bytes:
    """Return at most `limit` bytes of a file; raises `NotFound` when there is none of that name, `Unavailable`."""
    driver = driver_of(job.site)
    if not job.handle or not isinstance(driver, KeepsFiles):
        said = message(gettext_noop("The site of {job} hands out no files."), job=job.code)
        raise NotFound("jobs.files.none", said)
    return driver.file(job.handle, name, offset=offset, limit=limit)
