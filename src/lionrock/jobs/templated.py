"""What is asked for by a template that is filled in, whoever filled it: a page, a command or the API."""

from __future__ import annotations

from lionrock.awards.models import Award
from lionrock.jobs.domain.requests import LONGEST_NAME, JobRequest
from lionrock.jobs.domain.templates import SCRIPT_FILE, FilledIn, Template


def templated_request(
    form: Template,
    filled: FilledIn,
    *,
    award: str,
    site: str,
    name: str,
    array: str,
    after: tuple[tuple[str, str], ...],
    requeue: bool,
) -> JobRequest:
    """Return the request of a template's job: its script, for devices of the award's item."""
    item = Award.objects.filter(code=award).values_list("item", flat=True).first()
    return JobRequest(
        award=award,
        argv=("sh", SCRIPT_FILE),
        time_limit_seconds=filled.time_limit_seconds,
        devices={item: filled.devices} if item else {},
        files=filled.files,
        name=name or form.names.en[:LONGEST_NAME],
        site=site,
        array=array,
        after=after,
        template=form.id,
        parameters=filled.values,
        requeue=requeue,
    )
