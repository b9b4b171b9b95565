"""The process that watches over one local job: waits its turn, starts it, stops it, reports.

Started by the local driver as `python -m lionrock.sites.drivers.local_runner FOLDER …`, it detaches
at once and outlives the process that submitted the job. It knows no Django and no database: all
that it is told and all that it tells lies in the job's folder.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from lionrock.sites.drivers.local_folder import Folder
from lionrock.sites.drivers.local_queue import drop_ticket, has_turn
from lionrock.sites.drivers.processes import KEY_VARIABLE, die_with, stop_all
from lionrock.sites.drivers.protocol import JobReport, JobSpec, JobState, Reason

_PAUSE = 0.05
_HEARTBEAT_SECONDS = 1
_NANOSECONDS = 1_000_000_000
_NOT_EXECUTABLE, _NOT_FOUND = 126, 127  # as shells say it


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a job is being stopped: the state and the reason that its report will have."""

    state: JobState
    reason: Reason


CANCELLED = Ending(JobState.CANCELLED, Reason.CANCELLED)
TIMED_OUT = Ending(JobState.TIMEOUT, Reason.TIME_LIMIT)
WROTE_TOO_MUCH = Ending(JobState.FAILED, Reason.OUTPUT_LIMIT)
SITE_STOPPED = Ending(JobState.NODE_FAIL, Reason.SUPERVISOR_STOPPED)


class Runner:
    """Watches over one job from its place in the line to its report."""

    def __init__(self, folder: Folder, *, grace_seconds: int, output_limit_bytes: int) -> None:
        self.folder = folder
        self.spec = folder.spec()
        self.grace_nanoseconds = grace_seconds * _NANOSECONDS
        self.output_limit_bytes = output_limit_bytes
        self.told_to_stop = False

    def hear(self, _signal: int, _frame: FrameType | None) -> None:
        """Note that the machine wants this runner to stop (it is being shut down)."""
        self.told_to_stop = True

    def run(self) -> None:
        """See the job through, write its report, and leave the line."""
        self.folder.begin()
        root = self.folder.path.parent
        ending = self._wait_for_turn(root)
        report = JobReport(ending.state, devices=self.spec.devices, reason=ending.reason) if ending else self._start()
        self._keep(report)
        drop_ticket(root, self.folder)

    def _wait_for_turn(self, root: Path) -> Ending | None:
        while True:
            ending = self._asked_to_end()
            if ending or has_turn(root, self.folder):
                return ending
            time.sleep(_PAUSE)

    def _keep(self, report: JobReport) -> None:
        """Write the report; on a full disk, wait for room rather than lose what the job used."""
        while True:
            try:
                return self.folder.write_report(report)
            except OSError:
                time.sleep(_HEARTBEAT_SECONDS)

    def _asked_to_end(self) -> Ending | None:
        if self.folder.cancel_asked:
            return CANCELLED
        return SITE_STOPPED if self.told_to_stop else None

    def _start(self) -> JobReport:
        started, clock = datetime.now(UTC), time.monotonic_ns()
        self.folder.write_started(started)
        try:
            process = self._launch()
        except OSError as refused:
            return JobReport(
                JobState.FAILED,
                started=started,
                ended=started,
                devices=self.spec.devices,
                exit_code=_NOT_EXECUTABLE if isinstance(refused, PermissionError) else _NOT_FOUND,
                reason=Reason.NOT_STARTED,
                detail=f"{self.spec.argv[0]}: {refused.strerror}",
            )
        ending = self._watch(process, clock)
        return self._collect(process, started, clock, ending)

    def _launch(self) -> subprocess.Popen[bytes]:
        with (self.folder / "stdout").open("ab") as stdout, (self.folder / "stderr").open("ab") as stderr:
            return subprocess.Popen(
                self.spec.argv,
                cwd=self.folder.run,
                env=environment(self.spec, self.folder.run),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                preexec_fn=functools.partial(die_with, os.getpid()),  # noqa: PLW1509 - this process has one thread
            )

    def _watch(self, process: subprocess.Popen[bytes], clock: int) -> Ending | None:
        """Wait for the end of the job's leader; return why it was stopped, None when it ended by itself."""
        limit = clock + self.spec.time_limit_seconds * _NANOSECONDS
        ending: Ending | None = None
        deadline = beaten = 0
        while not _has_ended(process.pid):
            now = time.monotonic_ns()
            if now >= beaten + _HEARTBEAT_SECONDS * _NANOSECONDS:
                self.folder.beat()
                beaten = now
            if ending is None:
                ending = self._reason_to_stop(now >= limit)
                if ending:
                    deadline = now + self.grace_nanoseconds
                    os.killpg(process.pid, signal.SIGTERM)
            elif now >= deadline:
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(_PAUSE)
        return ending

    def _reason_to_stop(self, time_is_up: bool) -> Ending | None:
        if time_is_up:
            return TIMED_OUT
        written = sum((self.folder / stream).stat().st_size for stream in ("stdout", "stderr"))
        return WROTE_TOO_MUCH if written > self.output_limit_bytes else self._asked_to_end()

    def _collect(
        self, process: subprocess.Popen[bytes], started: datetime, clock: int, ending: Ending | None
    ) -> JobReport:
        ended = started + timedelta(microseconds=(time.monotonic_ns() - clock) // 1000)
        _kill_group(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        stop_all(self.spec.key)
        state, reason, detail = _verdict(process.returncode, ending)
        return JobReport(
            state,
            started=started,
            ended=ended,
            devices=self.spec.devices,
            exit_code=process.returncode if process.returncode >= 0 else 128 - process.returncode,
            reason=reason,
            detail=detail,
            cpu_milliseconds=int((used.ru_utime + used.ru_stime) * 1000),
            peak_memory_bytes=used.ru_maxrss * 1024,
        )


def environment(spec: JobSpec, work: Path) -> dict[str, str]:
    """Return the environment of a job: built from nothing, so that none of ours leaks into it.

    The interpreter that runs Lionrock comes first on PATH, so that `python` is there.
    """
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(work),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "JOB_CODE": spec.code,
        "JOB_DEVICES": json.dumps(dict(spec.devices)),
        "JOB_TIME_LIMIT_SECONDS": str(spec.time_limit_seconds),
        KEY_VARIABLE: spec.key,
    }


def _has_ended(process: int) -> bool:
    # WNOWAIT leaves the leader in the table: until it is collected, its number is given to nobody
    # else, and neither is the number of its group.
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _verdict(code: int, ending: Ending | None) -> tuple[JobState, Reason, str]:
    word = signal.Signals(-code).name if code < 0 else ""
    if ending:
        return ending.state, ending.reason, word
    if code < 0:
        return JobState.FAILED, Reason.SIGNAL, word
    return (JobState.FAILED, Reason.EXIT_CODE, "") if code else (JobState.COMPLETED, Reason.NONE, "")


def _detach() -> None:
    """Leave the process that started us, which then need not wait for us nor be waited for."""
    if os.fork():
        os._exit(0)
    os.setsid()
    os.umask(0o077)


def _main(arguments: list[str]) -> None:
    path, grace_seconds, output_limit_bytes = arguments
    _detach()
    runner = Runner(Folder(Path(path)), grace_seconds=int(grace_seconds), output_limit_bytes=int(output_limit_bytes))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, runner.hear)
    runner.run()


if __name__ == "__main__":
    _main(sys.argv[1:])
