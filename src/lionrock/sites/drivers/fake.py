"""A driver for tests: jobs that behave as written down, on a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.protocol import (
    Capabilities,
    JobReport,
    JobSpec,
    JobState,
    Reason,
    Stream,
    cannot_run_again,
    check_spec,
    key_taken,
    unknown_handle,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a job will do when it has its turn; `loses_node` makes the site fail at its end."""

    seconds: int = 1
    exit_code: int = 0
    stdout: bytes = b""
    stderr: bytes = b""
    loses_node: bool = False


@dataclass(slots=True)
class _Job:
    spec: JobSpec
    plan: Plan
    started: datetime | None = None
    report: JobReport | None = None


@dataclass
class FakeDriver:
    """Runs nothing; `plans` maps a job's code to what it will do, `away` makes the site unreachable."""

    now: datetime
    plans: dict[str, Plan] = field(default_factory=dict)
    away: bool = False
    jobs: dict[str, _Job] = field(default_factory=dict)

    def capabilities(self) -> Capabilities:
        """Return the limits of the fake: an hour, one job at a time."""
        return Capabilities(longest_time_limit_seconds=3600, runs_at_once=1)

    def tick(self, seconds: int) -> None:
        """Let that much time pass."""
        until = self.now + timedelta(seconds=seconds)
        while (job := self._running()) and (end := _end(job, self.now)) <= until:
            self.now = end
            job.report = _outcome(job, self.now)
        self.now = until

    def submit(self, spec: JobSpec) -> str:
        """Take the job; see `Driver.submit`."""
        self._answer()
        check_spec(spec, self.capabilities())
        job = self.jobs.setdefault(spec.key, _Job(spec, self.plans.get(spec.code, Plan())))
        if job.spec != spec:
            raise key_taken(spec)
        self._running()
        return spec.key

    def poll(self, handle: str) -> JobReport:
        """Tell how the job stands on the fake's clock."""
        job = self._job(handle)
        self._running()
        if job.report:
            return job.report
        state = JobState.RUNNING if job.started else JobState.PENDING
        return JobReport(state, started=job.started, devices=job.spec.devices)

    def cancel(self, handle: str) -> None:
        """Stop the job at once."""
        job = self._job(handle)
        if job.report is None:
            job.report = JobReport(
                JobState.CANCELLED,
                started=job.started,
                ended=self.now if job.started else None,
                devices=job.spec.devices,
                reason=Reason.CANCELLED,
            )

    def output(self, handle: str, stream: Stream, *, offset: int, limit: int) -> bytes:
        """Return what the plan says, from the start of the job on."""
        job = self._job(handle)
        self._running()
        if job.started is None:
            return b""
        written = job.plan.stdout if stream is Stream.STDOUT else job.plan.stderr
        return written[offset : offset + limit]

    def requeue(self, handle: str) -> None:
        """Refuse: a plan is played once."""
        self._job(handle)
        raise cannot_run_again(handle)

    def estimated_start(self, job: JobSpec | str) -> datetime | None:
        """Return when it would start if it were the only one: now."""
        if isinstance(job, str):
            return self._job(job).started or self.now
        self._answer()
        check_spec(job, self.capabilities())
        return self.now

    def _answer(self) -> None:
        if self.away:
            raise Unavailable("sites.fake.away", message(gettext_noop("The site does not answer. Try again later.")))

    def _job(self, handle: str) -> _Job:
        self._answer()
        if handle not in self.jobs:
            raise unknown_handle(handle)
        return self.jobs[handle]

    def _running(self) -> _Job | None:
        """Return the job whose turn it is, started now at the latest."""
        waiting = (job for job in self.jobs.values() if job.report is None)
        job = next(waiting, None)
        if job and job.started is None:
            job.started = self.now
        return job


def _end(job: _Job, now: datetime) -> datetime:
    seconds = min(job.plan.seconds, job.spec.time_limit_seconds)
    return (job.started or now) + timedelta(seconds=seconds)


def _outcome(job: _Job, ended: datetime) -> JobReport:
    state, reason, exit_code = _verdict(job)
    return JobReport(
        state,
        started=job.started,
        ended=ended,
        devices=job.spec.devices,
        exit_code=exit_code,
        reason=reason,
        cpu_milliseconds=0,
        peak_memory_bytes=0,
    )


def _verdict(job: _Job) -> tuple[JobState, Reason, int | None]:
    if job.plan.loses_node:
        return JobState.NODE_FAIL, Reason.SUPERVISOR_LOST, None
    if job.plan.seconds > job.spec.time_limit_seconds:
        return JobState.TIMEOUT, Reason.TIME_LIMIT, 143
    if job.plan.exit_code:
        return JobState.FAILED, Reason.EXIT_CODE, job.plan.exit_code
    return JobState.COMPLETED, Reason.NONE, 0
