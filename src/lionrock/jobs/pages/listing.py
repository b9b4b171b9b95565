"""The list of jobs, and what an award's page shows of jobs and quota."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.awards.models import Award
from lionrock.awards.queries import awards
from lionrock.jobs.costing import quota_left
from lionrock.jobs.models import Job
from lionrock.jobs.queries import IS_OPEN, jobs, waits_because, why
from lionrock.kernel.messages import Message
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone, programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.items import Mode
from lionrock.sites.drivers.protocol import JobState
from lionrock.web.listing import page_of
from lionrock.web.panels import Panel

JOBS_SHOWN = 20
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Row:
    """A job in a list, with the word for its state and why it stands so."""

    job: Job
    state: str
    reason: Message | None


def rows_of(found: list[Job]) -> list[Row]:
    """Return jobs as rows of a list."""
    return [Row(job, job.state.lower(), why(job) or waits_because(job)) for job in found]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the jobs that the viewer may see, the newest first; constant queries."""
    viewer = viewer_of(request)
    asked = {"state": request.GET.get("state", ""), "award": request.GET.get("award", "").replace("\0", "")}
    page = page_of(request, _asked_for(jobs(viewer), asked).order_by("-id"))
    context = {
        "page": page,
        "rows": rows_of(list(page.object_list)),
        "asked": asked,
        "states": [OPEN, *(state.value.lower() for state in JobState)],
        "awards": _codes(viewer),
        "zone": house_zone(),
        "may_submit": viewer.operator or bool(viewer.organisations()),
    }
    return render(request, "jobs/index.html", context)


def _codes(viewer: Actor) -> list[str]:
    """Return the codes of the awards under which the viewer sees jobs."""
    with_jobs = awards(viewer).filter(jobs__isnull=False).distinct()
    return list(with_jobs.order_by("code").values_list("code", flat=True))


def _asked_for(found: QuerySet[Job], asked: dict[str, str]) -> QuerySet[Job]:
    if asked["state"] == OPEN:
        found = found.filter(IS_OPEN)
    elif asked["state"].upper() in set(JobState):
        found = found.filter(state=asked["state"].upper())
    return found.filter(award__code=asked["award"]) if asked["award"] else found


def panel(viewer: Actor, award: Award) -> Panel:
    """Return the latest jobs of an award, each with why it stands as it does, and how many there are."""
    found = jobs(viewer).filter(award=award)
    rows = rows_of(list(found.order_by("-id")[:JOBS_SHOWN]))
    zone = programme_on_file(award.programme).zone
    submits = viewer.belongs_to(award.organisation.code) and award.state == "active"
    return Panel(
        "jobs/panel.html", {"rows": rows, "zone": zone, "total": found.count(), "award": award, "submits": submits}
    )


def quota_panel(_viewer: Actor, award: Award) -> Panel:
    """Return what is left of an award's quota and how long it lasts; the caller has seen that the viewer may see it."""
    metered = award.mode == Mode.METERED.value
    quota = quota_left(award, timezone.now()) if metered else None
    item = programme_on_file(award.programme).item(award.item)
    return Panel("jobs/quota.html", {"quota": quota if quota and quota.granted else None, "item": item})
