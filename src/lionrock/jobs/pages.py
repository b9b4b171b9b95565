"""What an award's page shows of its jobs."""

from __future__ import annotations

from lionrock.awards.models import Award
from lionrock.jobs.models import Job
from lionrock.jobs.queries import jobs, why
from lionrock.kernel.messages import Message
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.web.panels import Panel

JOBS_SHOWN = 20


def panel(viewer: Actor, award: Award) -> Panel:
    """Return the latest jobs of an award, each with why it ended as it did, and how many there are."""
    found = jobs(viewer).filter(award=award)
    rows: list[tuple[Job, str, Message | None]] = [
        (job, job.state.lower(), why(job)) for job in found.order_by("-id")[:JOBS_SHOWN]
    ]
    zone = programme_on_file(award.programme).zone
    return Panel("jobs/panel.html", {"rows": rows, "zone": zone, "total": found.count()})
