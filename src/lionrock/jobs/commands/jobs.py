"""`lionrock job`: submit, follow and stop jobs."""

from __future__ import annotations

import shlex
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from lionrock.jobs.actions import Refreshed, cancel_job, refresh_jobs, submit_job
from lionrock.jobs.domain.log_text import LogText, visible
from lionrock.jobs.domain.requests import JobRequest, named_files, read_after, read_devices, read_files, read_time_limit
from lionrock.jobs.domain.states import is_open
from lionrock.jobs.domain.templates import fill_in, read_values
from lionrock.jobs.models import Job
from lionrock.jobs.queries import job_by_code, jobs, output_of, template_by_id, waits_because, why
from lionrock.jobs.templated import templated_request
from lionrock.kernel.errors import Conflict, Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.sites.drivers.protocol import JobState, Stream
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

_PAUSE_SECONDS = 0.2
_PIECE_BYTES = 64 * 1024
_ENDED_OTHERWISE = 1


@click.group()
def job() -> None:
    """Jobs: submit, list, show, log, cancel, wait."""


@job.command("submit")
@click.argument("argv", nargs=-1, type=click.UNPROCESSED)
@click.option("--award", required=True, help="The award that pays for it.")
@click.option("--site", default="", help="Where to run it (default: the programme's only site).")
@click.option(
    "--devices", multiple=True, metavar="ITEM=COUNT", help="What it takes (default: one of the award's item)."
)
@click.option("--time-limit", default="", metavar="TIME", help="The longest it may run, such as 90s, 10m, 1h30m.")
@click.option("--template", default="", help="An application template in place of a command.")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A value of the template; else its default.")
@click.option("--array", default="", metavar="RANGE", help="Tasks of an array, such as 0-9 or 0-9%2 (two at a time).")
@click.option("--after", multiple=True, metavar="[CONDITION:]JOB", help="A job to wait for (default: its success).")
@click.option("--requeue", is_flag=True, help="Let the site run it again by itself when a machine fails.")
@click.option("--name", default="", help="What to call it (default: the command's name).")
@click.option("--file", "files", multiple=True, help="A text file to bring along; those in the command come anyway.")
@as_option
@at_option
@json_option
def submit(
    *,
    argv: tuple[str, ...],
    award: str,
    site: str,
    devices: tuple[str, ...],
    time_limit: str,
    name: str,
    files: tuple[str, ...],
    template: str,
    values: tuple[str, ...],
    array: str,
    after: tuple[str, ...],
    requeue: bool,
    actor: Actor,
    now: datetime,
    as_json: bool,
) -> None:
    """Submit a job: everything after -- is its command. Files of this folder that it names come along.

    Or name a template, whose form says what may be set: lionrock job template show train.

    Example: lionrock job submit --award AW-2026-0001 --time-limit 10m -- python train.py
    """
    rest = _Rest(award, site, name, array, requeue)
    asked = _of_template(template, values, rest, after) if template else None
    request = asked or _of_command(argv, time_limit, devices, files, rest, after)
    submitted = submit_job(actor=actor, request=request, now=now)
    shown = f"{submitted.code} is submitted to {submitted.site.code}."
    if submitted.files and not template:
        shown += f" It brings {', '.join(submitted.files)}."
    if not submitted.handle:
        shown += " The site cannot be reached now; the job is handed over as soon as it can."
    show(job_data(submitted), shown, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is asked of every job, whatever it runs."""

    award: str
    site: str
    name: str
    array: str
    requeue: bool


def _of_template(template: str, values: tuple[str, ...], rest: _Rest, after: tuple[str, ...]) -> JobRequest:
    form = template_by_id(template)
    filled = fill_in(form, form.defaults() | read_values(values))
    return templated_request(
        form,
        filled,
        award=rest.award,
        site=rest.site,
        name=rest.name,
        array=rest.array,
        after=read_after(after),
        requeue=rest.requeue,
    )


def _of_command(
    argv: tuple[str, ...],
    time_limit: str,
    devices: tuple[str, ...],
    files: tuple[str, ...],
    rest: _Rest,
    after: tuple[str, ...],
) -> JobRequest:
    missing = "ARGV" if not argv else "" if time_limit else "--time-limit"
    if missing:
        raise click.UsageError(f"Missing {missing}: write the command after --, and how long it may run.")
    faults: list[Fault] = []
    seconds, counted, brought = 1, {}, {}
    waits_for: tuple[tuple[str, str], ...] = ()
    with collecting(faults):
        seconds = read_time_limit(time_limit)
    with collecting(faults):
        counted = read_devices(devices)
    with collecting(faults):
        brought = read_files(named_files(argv, files))
    with collecting(faults):
        waits_for = read_after(after)
    if faults:
        raise Invalid("jobs.request.invalid", faults[0].message, faults=faults)
    return JobRequest(
        award=rest.award,
        argv=argv,
        time_limit_seconds=seconds,
        devices=counted,
        files=brought,
        name=rest.name,
        site=rest.site,
        array=rest.array,
        after=waits_for,
        requeue=rest.requeue,
    )


@job.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only jobs that are not over.")
@as_option
@json_option
def list_jobs(only_open: bool, actor: Actor, as_json: bool) -> None:
    """List jobs, the newest first.

    Example: lionrock job list
    """
    _refresh(actor)
    rows = [job_data(one) for one in jobs(actor) if is_open(one.state) or not only_open]
    shown = ("code", "name", "award", "site", "devices", "state", "seconds")
    table = Table(shown, [[_cell(row[column]) for column in shown] for row in rows], right=frozenset({"seconds"}))
    show(rows, table, as_json=as_json)


@job.command("show")
@click.argument("code")
@as_option
@json_option
def show_job(code: str, actor: Actor, as_json: bool) -> None:
    """Show one job: what was asked, what became of it, what it used.

    Example: lionrock job show JOB-2026-0001
    """
    job_by_code(actor, code)
    _refresh(actor, code)
    data = job_data(job_by_code(actor, code))
    rows = [[name.replace("_", " "), _cell(value)] for name, value in data.items()]
    show(data, Table(["", code], rows), as_json=as_json)


@job.command("log")
@click.argument("code")
@click.option("--follow", is_flag=True, help="Go on until the job is over.")
@click.option("--errors", is_flag=True, help="What it wrote to standard error instead.")
@click.option("--raw", is_flag=True, help="The bytes as they are; without it, control characters are made visible.")
@as_option
def log(code: str, follow: bool, errors: bool, raw: bool, actor: Actor) -> None:
    """Print what a job wrote.

    Example: lionrock job log JOB-2026-0001 --follow
    """
    stream, text, offset = Stream.STDERR if errors else Stream.STDOUT, LogText(), 0
    while True:
        over = not follow or not is_open(_refreshed(actor, code).state)
        while piece := output_of(actor, code, stream, offset=offset, limit=_PIECE_BYTES):
            offset += len(piece)
            click.echo(piece if raw else text.show(piece), nl=False)
        if over:
            break
        time.sleep(_PAUSE_SECONDS)
    click.echo(b"" if raw else text.show(b"", last=True), nl=False)


@job.command("cancel")
@click.argument("code")
@as_option
@at_option
def cancel(code: str, actor: Actor, now: datetime) -> None:
    """Stop a job, waiting or running.

    Example: lionrock job cancel JOB-2026-0001
    """
    stopped = cancel_job(actor=actor, code=code, now=now)
    if is_open(stopped.state):
        click.echo(f"{code} is being stopped; `lionrock job wait {code}` tells when it has.")
    else:
        click.echo(f"{code} is {stopped.state}.")


@job.command("wait")
@click.argument("code")
@click.option("--limit", default="1h", show_default=True, metavar="TIME", help="The longest to wait.")
@as_option
@json_option
def wait(code: str, limit: str, actor: Actor, as_json: bool) -> None:
    """Wait until a job is over. Exit code 0 when it completed, 1 when it ended otherwise, 6 when time is up.

    Example: lionrock job wait JOB-2026-0001
    """
    end = time.monotonic() + read_time_limit(limit)
    while is_open((waited := _refreshed(actor, code)).state):
        if time.monotonic() >= end:
            raise Conflict(
                "jobs.wait.limit",
                message(
                    gettext_noop("{code} is still {state} after {limit}. Wait longer, or cancel it."),
                    code=code,
                    state=waited.state,
                    limit=limit,
                ),
            )
        time.sleep(_PAUSE_SECONDS)
    reason = why(waited)
    show(
        job_data(waited), f"{code} is {waited.state}." + (f" {visible(str(reason))}" if reason else ""), as_json=as_json
    )
    if waited.state != JobState.COMPLETED.value:
        sys.exit(_ENDED_OTHERWISE)


def _refresh(actor: Actor, *codes: str) -> Refreshed:
    done = refresh_jobs(actor=actor, now=datetime.now(UTC), codes=codes or None)
    for site, reason in done.away.items():
        click.echo(f"{site}: {reason}", err=True)
    return done


def _refreshed(actor: Actor, code: str) -> Job:
    _refresh(actor, code)
    return job_by_code(actor, code)


def job_data(one: Job) -> dict[str, object]:
    """Return a job as plain values, for machines."""
    reason = why(one) or waits_because(one)
    seconds = int((one.ended_at - one.started_at).total_seconds()) if one.started_at and one.ended_at else None
    return {
        "code": one.code,
        "name": one.name,
        "award": one.award.code,
        "organisation": one.organisation.code,
        "site": one.site.code,
        "submitted_by": one.submitted_by,
        "command": shlex.join(one.argv),
        "files": sorted(one.files),
        "devices": one.devices,
        "time_limit_seconds": one.time_limit_seconds,
        "template": one.template or None,
        "array": one.array or None,
        "after": [":".join(each) for each in one.after],
        "state": one.state,
        "why": str(reason) if reason else None,
        "submitted_at": one.submitted_at,
        "started_at": one.started_at,
        "ended_at": one.ended_at,
        "seconds": seconds,
        "exit_code": one.exit_code,
        "cpu_milliseconds": one.cpu_milliseconds,
        "peak_memory_bytes": one.peak_memory_bytes,
        "cancel_requested_at": one.cancel_requested_at,
        "usage_recorded_at": one.usage_recorded_at,
        "usage_held_because": one.usage_fault["template"].format(**one.usage_fault["fields"])
        if one.usage_fault
        else None,
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{item}={count}" for item, count in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return visible(value.isoformat() if isinstance(value, datetime) else str(value)).replace("\n", "␊")
