"""Jobs: templates, estimate, submit, follow, log, cancel, requeue."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from http import HTTPMethod, HTTPStatus

from pydantic import BaseModel, Field, model_validator

from lionrock.api.calls import Call, File, Given, Nothing
from lionrock.api.cursors import Listed, Piece, piece_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.problems import ProblemFinding, finding_shown
from lionrock.api.registry import Effect, operation
from lionrock.api.shapes import Code, Line, Plain
from lionrock.jobs.actions import cancel_job, requeue_job
from lionrock.jobs.actions.submitting import enter_job, hand_over_entered
from lionrock.jobs.commands.jobs import job_data
from lionrock.jobs.commands.templates import template_data
from lionrock.jobs.domain.requests import LONGEST_SECONDS, JobRequest, read_after
from lionrock.jobs.domain.tails import TAIL_BYTES, tail_of
from lionrock.jobs.domain.templates import fill_in
from lionrock.jobs.estimating import Estimate, estimate_job
from lionrock.jobs.outputs import outputs_of
from lionrock.jobs.outputs import piece_of as piece_of_output
from lionrock.jobs.pages.showing import bring_up_to_date
from lionrock.jobs.queries import IS_OPEN, job_by_code, jobs, output_of, template_by_id, templates
from lionrock.jobs.templated import templated_request
from lionrock.kernel.money import Money
from lionrock.sites.drivers.protocol import Stream
from lionrock.web.sentences import translate

MOST_LOG_BYTES = 1024 * 1024
_PATH = "jobs/{code}"


class TemplateShown(BaseModel):
    """A described form and the script that it becomes."""

    id: str
    about: str
    parameters: list[Plain]
    script: str


class TemplateBrief(BaseModel):
    """A template in the list."""

    id: str
    name: str
    about: str


class Templates(BaseModel):
    """All templates."""

    items: list[TemplateBrief]


class JobAsked(Given):
    """A job: a command (`argv`) with its `time_limit_seconds`, or a `template` with its `values`."""

    award: Code
    argv: list[str] = Field([], max_length=1000)
    time_limit_seconds: int | None = Field(None, ge=1, le=LONGEST_SECONDS)
    devices: dict[str, int] = Field({}, max_length=20, description="Item to count; else one of the award's item.")
    files: dict[str, str] = Field({}, max_length=100, description="Name in the job's folder to text.")
    template: Line = ""
    values: dict[str, str] = Field({}, max_length=100, description="Values of the template; else its defaults.")
    name: Line = ""
    site: Line = ""
    array: Line = Field("", description="Tasks, such as 0-9 or 0-9%2.")
    after: list[Line] = Field([], max_length=100, description="Jobs to wait for: a code, or afterany: and a code.")
    requeue: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> JobAsked:
        """Refuse what would be ambiguous: a template brings command, files, devices and time itself."""
        own = bool(self.argv or self.files or self.devices or self.time_limit_seconds)
        if own and self.template:
            raise ValueError("a template brings argv, files, devices and time_limit_seconds itself")
        if not self.template and (not self.argv or self.time_limit_seconds is None):
            raise ValueError("name a template, or give argv and time_limit_seconds")
        return self


class JobShown(BaseModel):
    """A job: what was asked, what became of it, what it used."""

    code: str
    name: str
    award: str
    organisation: str
    site: str
    submitted_by: str
    command: str
    files: list[str]
    devices: dict[str, int]
    time_limit_seconds: int
    template: str | None
    array: str | None
    after: list[str]
    state: str
    why: str | None = Field(description="Why it waits, or ended as it did.")
    submitted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seconds: int | None
    exit_code: int | None
    cpu_milliseconds: int | None
    peak_memory_bytes: int | None
    cancel_requested_at: datetime | None
    usage_recorded_at: datetime | None
    usage_held_because: str | None


class Cost(BaseModel):
    """What it would cost at most, in minor units of `currency`, and who pays."""

    currency: str
    list_price: int
    scheme: int
    own: int
    complete: bool = Field(description="False where a part has no price.")


class EstimateShown(BaseModel):
    """The worst case, when the job runs for all its time limit."""

    award: str
    site: str
    cost: Cost | None = Field(description="Null for a leased award: it costs nothing on top.")
    device_seconds: int
    quota_left: int
    starts: datetime | None = Field(description="When it would start by what is known now.")
    not_known_because: str | None
    findings: list[ProblemFinding]
    stands_against: int = Field(description="How many of the findings are not met.")


class OfJobs(Piece):
    """A list of jobs, narrowed."""

    award: str = Field("", max_length=32, description="Only of this award.")
    open: bool = Field(False, description="Only jobs that are not over.")


class TailAsked(Given):
    """Which part of an output."""

    stream: Stream = Stream.STDOUT
    offset: int | None = Field(None, ge=0, le=2**50, description="From this byte on; without it, the end.")
    limit: int = Field(TAIL_BYTES, ge=1, le=MOST_LOG_BYTES)


class OutputAsked(Given):
    """Which file of a job's folder, and which part of it."""

    name: str = Field(min_length=1, max_length=1000, description="As it is listed, such as run/loss.csv.")
    offset: int = Field(0, ge=0, le=2**50, description="From this byte on.")
    limit: int = Field(MOST_LOG_BYTES, ge=1, le=MOST_LOG_BYTES)


class OutputShown(BaseModel):
    """A file of a job's folder."""

    name: str
    size: int


class Outputs(BaseModel):
    """The files of a job's folder by name."""

    items: list[OutputShown]


@operation(HTTPMethod.GET, "job-templates", Scope.READ, pages=("jobs:new",), commands=("job template list",))
def list_templates(call: Call[Nothing, Nothing]) -> Templates:  # noqa: ARG001 - every handler is called alike
    """List the templates that jobs can be made from."""
    return Templates(
        items=[TemplateBrief(id=one.id, name=one.names.en, about=one.about.en) for one in templates().values()]
    )


@operation(
    HTTPMethod.GET,
    "job-templates/{template}",
    Scope.READ,
    pages=("jobs:template",),
    commands=("job template show",),
)
def read_template(call: Call[Nothing, Nothing], template: str) -> TemplateShown:  # noqa: ARG001 - called alike
    """Show what a template asks for, and the script that it becomes with its defaults."""
    return TemplateShown.model_validate(template_data(template_by_id(template), {}))


def _request(asked: JobAsked) -> JobRequest:
    after = read_after(asked.after)
    if asked.template:
        form = template_by_id(asked.template)
        filled = fill_in(form, form.defaults() | asked.values)
        return templated_request(
            form,
            filled,
            award=asked.award,
            site=asked.site,
            name=asked.name,
            array=asked.array,
            after=after,
            requeue=asked.requeue,
        )
    return JobRequest(
        award=asked.award,
        argv=tuple(asked.argv),
        time_limit_seconds=asked.time_limit_seconds or 0,
        devices=asked.devices,
        files=asked.files,
        name=asked.name,
        site=asked.site,
        array=asked.array,
        after=after,
        requeue=asked.requeue,
    )


@operation(HTTPMethod.POST, "jobs/estimate", Scope.READ, pages=("jobs:template",))
def estimate_job_(call: Call[Nothing, JobAsked]) -> EstimateShown:
    """Tell what a job would cost and when it would start; nothing is written."""
    return _estimate_shown(estimate_job(actor=call.actor, request=_request(call.body), now=call.now))


def _estimate_shown(found: Estimate) -> EstimateShown:
    return EstimateShown(
        award=found.award.code,
        site=found.site.code,
        cost=_cost(found),
        device_seconds=found.device_seconds,
        quota_left=found.quota.left,
        starts=found.starts,
        not_known_because=translate(found.not_known) if found.not_known else None,
        findings=[finding_shown(each) for each in found.findings],
        stands_against=len(found.stopping),
    )


def _cost(found: Estimate) -> Cost | None:
    if found.cost is None:
        return None
    amounts: dict[str, Money] = {name: getattr(found.cost, name) for name in ("list_price", "scheme", "own")}
    minor = {name: amount.minor for name, amount in amounts.items()}
    return Cost(currency=found.cost.list_price.currency, complete=found.cost.complete, **minor)


@operation(
    HTTPMethod.POST,
    "jobs",
    Scope.JOBS,
    effect=Effect.TOGETHER,
    status=HTTPStatus.CREATED,
    pages=("jobs:template",),
    commands=("job submit",),
)
def submit_job(call: Call[Nothing, JobAsked]) -> JobShown:
    """Submit a job. It is on file with the answer, and handed to its site right after; then follow it."""
    made = enter_job(actor=call.actor, request=_request(call.body), now=call.now)
    call.afterwards.append(partial(hand_over_entered, made, call.now))
    return JobShown.model_validate(job_data(made))


@operation(HTTPMethod.GET, "jobs", Scope.READ, pages=("jobs:list",), commands=("job list",))
def list_jobs(call: Call[OfJobs, Nothing]) -> Listed[JobShown]:
    """List the jobs that one may see as they were known last, the newest first."""
    found = jobs(call.actor)
    found = found.filter(award__code=call.query.award) if call.query.award else found
    found = found.filter(IS_OPEN) if call.query.open else found
    return piece_of(found, call.query, lambda each: JobShown.model_validate(job_data(each)))


@operation(HTTPMethod.GET, _PATH, Scope.READ, pages=("jobs:show",), commands=("job show", "job wait"))
def read_job(call: Call[Nothing, Nothing], code: str) -> JobShown:
    """Show one job as it stands now: its site is asked, at most every two seconds."""
    bring_up_to_date(call.actor, job_by_code(call.actor, code), call.now)
    return JobShown.model_validate(job_data(job_by_code(call.actor, code)))


@operation(
    HTTPMethod.GET,
    f"{_PATH}/log",
    Scope.READ,
    produces=("application/octet-stream",),
    pages=("jobs:log", "jobs:show"),
    commands=("job log",),
)
def read_log(call: Call[TailAsked, Nothing], code: str) -> File:
    """Hand out what a job wrote, as bytes: from an offset on, or its end."""
    asked = call.query

    def read(offset: int, limit: int) -> bytes:
        return output_of(call.actor, code, asked.stream, offset=offset, limit=limit)

    piece = tail_of(read, asked.limit)[0] if asked.offset is None else read(asked.offset, asked.limit)
    return File(piece, "application/octet-stream", f"{code}.{asked.stream.value}.txt")


@operation(HTTPMethod.GET, f"{_PATH}/files", Scope.READ, pages=("jobs:show",))
def list_outputs(call: Call[Nothing, Nothing], code: str) -> Outputs:
    """List the files of a job's folder, with their bytes; none where its site hands none out."""
    found = outputs_of(job_by_code(call.actor, code))
    return Outputs(items=[OutputShown(name=each.name, size=each.size) for each in found])


@operation(
    HTTPMethod.GET,
    f"{_PATH}/file",
    Scope.READ,
    produces=("application/octet-stream",),
    pages=("jobs:file",),
)
def read_output(call: Call[OutputAsked, Nothing], code: str) -> File:
    """Hand out a file of a job's folder, as bytes: from an offset on; behind its end there are none."""
    asked = call.query
    piece = piece_of_output(job_by_code(call.actor, code), asked.name, offset=asked.offset, limit=asked.limit)
    return File(piece, "application/octet-stream", asked.name.rpartition("/")[2])


@operation(
    HTTPMethod.POST,
    f"{_PATH}/cancel",
    Scope.JOBS,
    effect=Effect.APART,
    pages=("jobs:cancel",),
    commands=("job cancel",),
)
def cancel_job_(call: Call[Nothing, Nothing], code: str) -> JobShown:
    """Stop a job, waiting or running; a running one may take a while."""
    return JobShown.model_validate(job_data(cancel_job(actor=call.actor, code=code, now=call.now)))


@operation(
    HTTPMethod.POST,
    f"{_PATH}/requeue",
    Scope.JOBS,
    effect=Effect.APART,
    pages=("jobs:requeue",),
    commands=("job requeue",),
)
def requeue_job_(call: Call[Nothing, Nothing], code: str) -> JobShown:
    """Run a running job again from its start; what it has used is billed as a run of its own."""
    return JobShown.model_validate(job_data(requeue_job(actor=call.actor, code=code, now=call.now)))
