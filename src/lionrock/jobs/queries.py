"""Which jobs a viewer may see, and what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from lionrock.awards.projects import seen
from lionrock.jobs.domain.states import explain
from lionrock.jobs.domain.template_files import FOLDER, load_templates
from lionrock.jobs.domain.templates import Template
from lionrock.jobs.domain.waiting import explain_waiting
from lionrock.jobs.models import Job
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.rules.items import Mode
from lionrock.sites.drivers.protocol import OPEN_STATES, Driver, JobState, Reason, Stream
from lionrock.sites.drivers.registry import driver_named
from lionrock.sites.models import Site

IS_OPEN = Q(state__in=[state.value for state in OPEN_STATES])
AWAITS_CHARGING = (
    ~IS_OPEN
    & Q(started_at__isnull=False, usage_recorded_at__isnull=True)
    & Q(award__mode=Mode.METERED.value, accounted_by_site=False)
)
"""Ended jobs whose use charging does not have. What a leased device does costs nothing on top, and what a
site accounts for itself is metering's to bring."""


def jobs(viewer: Actor) -> QuerySet[Job]:
    """Return the jobs of the viewer's programmes and organisations, the newest first."""
    return Job.objects.filter(seen(viewer, "award")).select_related("award", "site", "organisation")


def job_by_code(viewer: Actor, code: str) -> Job:
    """Return one job; raises `NotFound` when there is none that this viewer may see."""
    found = jobs(viewer).filter(code=code).first()
    if found is None:
        raise NotFound(
            "jobs.job.unknown",
            message(gettext_noop("There is no job {code} for you. See `lionrock job list`."), code=code),
        )
    return found


def why(job: Job) -> Message | None:
    """Return why a job ended as it did, in words."""
    return explain(Reason(job.reason), detail=job.detail, exit_code=job.exit_code, limit_seconds=job.time_limit_seconds)


def waits_because(job: Job) -> Message | None:
    """Return why a job waits, in words; None when it does not, or its site gives no reason."""
    return explain_waiting(job.waiting_because) if job.state == JobState.PENDING.value else None


def templates() -> Mapping[str, Template]:
    """Return the application templates of this installation by id; raises `Invalid` when a file has faults."""
    return load_templates(Path(settings.LIONROCK_RULEBOOK) / FOLDER)


def template_by_id(template: str) -> Template:
    """Return one template; raises `NotFound` naming those that there are."""
    known = templates()
    if template in known:
        return known[template]
    said = message(
        gettext_noop("There is no job template “{value}”. Those that there are: {known}."),
        value=template,
        known=", ".join(known) or "–",
    )
    raise NotFound("jobs.template.unknown", said)


def output_of(viewer: Actor, code: str, stream: Stream, *, offset: int, limit: int) -> bytes:
    """Return at most `limit` bytes of what a job wrote, from that byte on; empty when there is no more yet.

    Raises `NotFound`, `Unavailable`.
    """
    job = job_by_code(viewer, code)
    if not job.handle:
        return b""
    return driver_of(job.site).output(job.handle, stream, offset=offset, limit=limit)


def driver_of(site: Site) -> Driver:
    """Return the driver that speaks to a site."""
    return driver_named(site.driver, settings.LIONROCK_HOME, site.connection)
