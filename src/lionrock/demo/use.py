"""The demonstration's use: a real job, a generated month or a real trace, and the closing of the month."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import duckdb

from lionrock.awards.models import Award
from lionrock.charging.actions import close_month, import_usage_file
from lionrock.charging.models import MonthClose, UsageImport
from lionrock.charging.usage_files import UsageOptions
from lionrock.demo.build import target
from lionrock.demo.stage import Stage, acting
from lionrock.demo.workload import AccountMix, generate_month, write_sacct
from lionrock.jobs.actions import refresh_jobs, submit_job
from lionrock.jobs.domain.requests import JobRequest
from lionrock.jobs.domain.states import is_open
from lionrock.jobs.models import Job
from lionrock.jobs.queries import job_by_code
from lionrock.kernel.errors import Fault, Invalid, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import actor_by_email
from lionrock.terminal.progress import Progress

TRAINING = Path(__file__).parent / "jobs" / "train.py"
JOB_ITEM = "cpu-core"
_PATIENCE_SECONDS = 300


def run_job(stage: Stage) -> Job:
    """Submit the training job as a member, follow it to its end, and return it."""
    award = Award.objects.filter(programme=stage.story.programme, item=JOB_ITEM).select_related("organisation").first()
    if award is None:
        raise Unavailable("demo.job.award", message(gettext_noop("No award covers {item}."), item=JOB_ITEM))
    member = _member_of(stage, award.organisation.code)
    request = JobRequest(
        award=award.code,
        argv=("python3", TRAINING.name),
        time_limit_seconds=120,
        devices={JOB_ITEM: 1},
        files={TRAINING.name: TRAINING.read_text("utf-8")},
        name="logistic regression",
    )
    job = submit_job(actor=member, request=request, now=stage.now)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while is_open(job.state) and time.monotonic() < deadline:
        time.sleep(0.2)
        refresh_jobs(actor=member, now=stage.now, codes=[job.code])
        job = job_by_code(member, job.code)
    return job


def _member_of(stage: Stage, organisation: str) -> Actor:
    return actor_by_email(next(one.member.email for one in stage.story.organisations if one.code == organisation))


@dataclass(frozen=True)
class UsageFile:
    """A file of use and how to read it."""

    path: Path
    options: UsageOptions
    told: dict[str, str]


def generated_month(stage: Stage, folder: Path) -> UsageFile:
    """Write a month of generated use as Slurm's accounting would show it today."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"sacct-{stage.month}.psv"
    load = stage.story.workload
    strangers = stage.story.strangers
    mixes = [
        AccountMix(one.code, one.cluster.users, one.cluster.weight) for one in stage.story.organisations if one.cluster
    ]
    jobs = generate_month(
        seed=stage.story.seed,
        month=stage.month,
        zone=stage.zone,
        accounts=[*mixes, AccountMix(strangers.account, strangers.users, strangers.weight)],
        gpus_total=load.devices,
        target_utilisation=target(load.utilisation),
    )
    write_sacct(jobs, path, asked_at=stage.now)
    options = UsageOptions(
        site=stage.story.site.code,
        items={load.counted: load.item},
        period=stage.month.interval(stage.zone),
        interim_until=stage.month.interval(stage.zone).end,
    )
    return UsageFile(path, options, {"item": load.item, "month": str(stage.month)})


def real_trace(stage: Stage, trace: Path) -> UsageFile:
    """Return a real trace as use of the month: its first second is the month's, its groups are our accounts.

    GPUs are charged where the trace counts any, else processor cores. Each virtual cluster of the
    trace is charged to one of the story's organisations that compute, in turn.
    """
    counted, item, groups = _look_into(stage, trace)
    accounts = [one.code for one in stage.story.organisations if one.cluster]
    account_of = dict(zip(groups, cycle(accounts), strict=False))
    options = UsageOptions(
        site=stage.story.site.code,
        items={counted: item},
        account_column="vc",
        account_of=account_of.get,
        epoch=stage.month.interval(stage.zone).start,
        period=stage.month.interval(stage.zone),
    )
    return UsageFile(trace, options, {"item": item, "month": str(stage.month), "trace": trace.name})


def _look_into(stage: Stage, trace: Path) -> tuple[str, str, list[str]]:
    """Return what the trace counts, the item that this is charged as, and the trace's groups."""
    try:
        with duckdb.connect() as connection:
            found = connection.execute(
                "SELECT coalesce(max(gpus), 0), list(DISTINCT vc) FROM read_parquet(?)", [str(trace)]
            ).fetchone()
    except duckdb.Error as wrong:
        said = message(
            gettext_noop("{file} is not a trace that can be read: {reason}. Give a Parquet file with vc and gpus."),
            file=str(trace),
            reason=str(wrong).splitlines()[0].rstrip("."),
        )
        fault = Fault("demo.trace.unreadable", said, field="trace", value=str(trace))
        raise Invalid("demo.trace.unreadable", said, faults=[fault]) from wrong
    gpus, groups = found or (0, [])
    counted, item = ("gpus", stage.story.workload.item) if gpus > 0 else ("cpus", JOB_ITEM)
    return counted, item, sorted(group for group in groups if group is not None)


def import_use(stage: Stage, usage: UsageFile) -> UsageImport:
    """Import the file as the cluster's administrator."""
    shown = Progress(usage.path.name, "read")
    return import_usage_file(
        usage.path,
        usage.options,
        actor=acting(stage, Role.CLUSTER_ADMIN),
        programme=stage.story.programme,
        now=stage.now,
        told=usage.told,
        progress=lambda position, total: shown.of(total)(position),
    )


def close(stage: Stage) -> MonthClose:
    """Close the month that is shown, on the morning of its second day after, or now when that is earlier."""
    ended = stage.month.interval(stage.zone).end
    return close_month(
        actor=acting(stage, Role.FINANCE),
        programme=stage.story.programme,
        month=stage.month,
        now=min(stage.now, ended + timedelta(days=1, hours=9)),
        progress=Progress(f"closing {stage.month}", "runs rated"),
    )
