"""How well a job used what it held, what is left of an award, and running a job again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import click

from lionrock.awards.queries import award_by_code
from lionrock.jobs.actions import refresh_jobs, requeue_job
from lionrock.jobs.costing import job_cost, quota_left
from lionrock.jobs.efficiencies import efficiency_at
from lionrock.jobs.queries import job_by_code
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show


@click.command("requeue")
@click.argument("code")
@as_option
@at_option
def requeue(code: str, actor: Actor, now: datetime) -> None:
    """Run a running job again from its start, where its site can; what it used so far is billed.

    Example: lionrock job requeue JOB-2026-0001
    """
    waiting = requeue_job(actor=actor, code=code, now=now)
    click.echo(f"{code} is {waiting.state}.")


@click.command("efficiency")
@click.argument("code")
@as_option
@at_option
@json_option
def efficiency(code: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show how well a job used processors and memory, and what it cost.

    Example: lionrock job efficiency JOB-2026-0001
    """
    job_by_code(actor, code)
    refresh_jobs(actor=actor, now=now, codes=[code])
    job = job_by_code(actor, code)
    known, cost = efficiency_at(job, now), job_cost(job, now)
    data = {
        "code": code,
        "processors_percent": known.processors if known else None,
        "cpus": known.cpus if known else None,
        "memory_percent": known.memory if known else None,
        "peak_memory_bytes": known.peak_memory_bytes if known else None,
        "list_price": str(cost.cost.list_price.decimal) if cost else None,
        "scheme_share": str(cost.cost.scheme.decimal) if cost else None,
        "own_share": str(cost.cost.own.decimal) if cost else None,
        "currency": cost.cost.own.currency if cost else None,
        "final": cost.final if cost else None,
    }
    _show(data, code, as_json=as_json)


@click.command("quota")
@click.argument("award")
@as_option
@at_option
@json_option
def quota(award: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show what is left of an award's quota, and how long it lasts at the present pace.

    Example: lionrock job quota AW-2026-0001
    """
    found = quota_left(award_by_code(actor, award), now)
    data = {
        "award": award,
        "item": found.item,
        "granted_device_hours": str(found.granted_hours),
        "left_device_hours": str(found.left_hours),
        "held_by_running_jobs_device_hours": str(found.held_hours),
        "lasts_days": found.lasts_days,
        "ends": found.ends.isoformat(),
    }
    _show(data, award, as_json=as_json)


def _show(data: Mapping[str, object], title: str, *, as_json: bool) -> None:
    rows = [[name.replace("_", " "), "–" if value is None else str(value)] for name, value in data.items()]
    show(data, Table(["", title], rows), as_json=as_json)
