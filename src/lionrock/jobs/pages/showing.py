"""One job: how it stands in plain words, its log, its cost, its files, and what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.awards.models import Award
from lionrock.identity.supporting import support_of
from lionrock.jobs.actions import cancel_job, refresh_jobs, requeue_job
from lionrock.jobs.costing import job_cost, job_number, quota_left
from lionrock.jobs.domain.efficiency import Efficiency
from lionrock.jobs.domain.log_text import LogText
from lionrock.jobs.domain.quota import Quota
from lionrock.jobs.domain.states import is_open
from lionrock.jobs.domain.tails import tail_of
from lionrock.jobs.domain.templates import SCRIPT_FILE, duration_text
from lionrock.jobs.efficiencies import efficiency_at, seconds_run
from lionrock.jobs.models import Job
from lionrock.jobs.outputs import outputs_of
from lionrock.jobs.queries import driver_of, job_by_code, templates, waits_because, why
from lionrock.kernel.errors import Conflict, LionrockError, NotFound, Unavailable
from lionrock.kernel.messages import Message
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.items import Mode
from lionrock.sites.drivers.files import FileEntry
from lionrock.sites.drivers.protocol import JobState, Stream
from lionrock.web.sentences import translate

ASKED_AGAIN = timedelta(seconds=2)
"""A page that is looked at does not ask the site more often than that."""
_LINE_START = re.compile(r"\A[^\n]*\n")


@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show one job as it stands now."""
    viewer, now = viewer_of(request), timezone.now()
    found = job_by_code(viewer, code)
    away = None if support_of(request) else bring_up_to_date(viewer, found, now)
    job = job_by_code(viewer, code)
    programme = programme_on_file(job.award.programme)
    context = {
        "job": job,
        "state": job.state.lower(),
        "reason": why(job) or waits_because(job),
        "is_open": is_open(job.state),
        "away": away,
        "logs": [] if away else _logs(job),
        "files": [] if away else _files(job),
        "cost": job_cost(job, now),
        "quota": _quota(job.award, now),
        "lease": job.award.mode == Mode.LEASE.value,
        "item": programme.item(job.award.item),
        "devices": [(count, name, programme.items.get(name)) for name, count in job.devices.items()],
        "efficiency": _efficiency(job, now),
        "number": job_number(job.handle),
        "time_limit": duration_text(job.time_limit_seconds),
        "elapsed": _elapsed(job, now),
        "tasks": [_task(each) for each in job.tasks],
        "script": job.files.get(SCRIPT_FILE, ""),
        "form": templates().get(job.template),
        "may": _may(viewer, job),
        "zone": programme.zone,
        "after": [{"condition": condition, "code": other} for condition, other in job.after],
    }
    return render(request, "jobs/show.html", context)


def bring_up_to_date(viewer: Actor, job: Job, now: datetime) -> Message | None:
    """Ask the site how a job stands, unless that was done just now; return why it could not be asked."""
    if not is_open(job.state) or (job.asked_at and now - job.asked_at < ASKED_AGAIN):
        return None
    return refresh_jobs(actor=viewer, now=now, codes=[job.code]).away.get(job.site.code)


def _quota(award: Award, now: datetime) -> Quota | None:
    quota = quota_left(award, now) if award.mode == Mode.METERED.value else None
    return quota if quota and quota.granted else None


@dataclass(frozen=True, slots=True)
class Log:
    """The end of what a job wrote to one of its outputs."""

    stream: str
    label: str
    text: str
    cut: bool


def _logs(job: Job) -> list[Log]:
    labels = {Stream.STDOUT: gettext("Output"), Stream.STDERR: gettext("Errors")}
    logs = [log_of(job, stream, label) for stream, label in labels.items()]
    return [log for log in logs if log.text or log.stream == Stream.STDOUT.value]


def log_of(job: Job, stream: Stream, label: str) -> Log:
    """Return the end of an output, made visible; empty where the site cannot say."""
    if not job.handle:
        return Log(stream.value, label, "", cut=False)
    driver = driver_of(job.site)
    try:
        piece, start = tail_of(lambda offset, limit: driver.output(job.handle, stream, offset=offset, limit=limit))
    except (NotFound, Unavailable):
        return Log(stream.value, label, "", cut=False)
    text = LogText().show(piece, last=True)
    return Log(stream.value, label, _LINE_START.sub("", text) if start else text, cut=bool(start))


def _files(job: Job) -> Sequence[FileEntry]:
    try:
        return outputs_of(job)
    except (NotFound, Unavailable):
        return []


def _elapsed(job: Job, now: datetime) -> str:
    seconds = seconds_run(job, now)
    return "" if seconds is None else duration_text(seconds)


_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Shown:
    """Efficiency for people: memory in MiB."""

    known: Efficiency

    @property
    def peak_mebibytes(self) -> Decimal | None:
        """The peak of memory in MiB, cut to one decimal."""
        peak = self.known.peak_memory_bytes
        return None if peak is None else Decimal(peak * 10 // _MEBIBYTE) * Decimal("0.1")


def _efficiency(job: Job, now: datetime) -> Shown | None:
    known = efficiency_at(job, now)
    return Shown(known) if known else None


def _task(task: Mapping[str, object]) -> dict[str, object]:
    return {"index": task.get("index"), "state": str(task.get("state", "")).lower(), "exit_code": task.get("exit_code")}


def _may(viewer: Actor, job: Job) -> dict[str, bool]:
    in_charge = viewer.belongs_to(job.organisation.code) or viewer.holds(
        Role.CLUSTER_ADMIN, programme=job.award.programme
    )
    running = job.state == JobState.RUNNING.value
    return {
        "cancel": in_charge and is_open(job.state) and job.cancel_requested_at is None,
        "requeue": in_charge and running and job.requeue,
        "again": viewer.belongs_to(job.organisation.code) and job.template in templates(),
    }


@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Stop a job."""
    viewer = viewer_of(request)
    try:
        stopped = cancel_job(actor=viewer, code=code, now=timezone.now())
    except Conflict as late:
        return _back(request, code, late)
    over = not is_open(stopped.state)
    messages.success(request, gettext("The job is stopped.") if over else gettext("The job is being stopped."))
    return redirect("jobs:show", code)


@require_POST
def requeue(request: HttpRequest, code: str) -> HttpResponse:
    """Run a job again from its start."""
    try:
        requeue_job(actor=viewer_of(request), code=code, now=timezone.now())
    except Conflict as late:
        return _back(request, code, late)
    messages.success(request, gettext("The job waits to be run again."))
    return redirect("jobs:show", code)


def _back(request: HttpRequest, code: str, error: LionrockError) -> HttpResponse:
    messages.warning(request, translate(error.message))
    return redirect("jobs:show", code)
