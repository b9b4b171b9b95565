"""The folder of one local job: its files, how they are written, and who watches over it.

<root>/JOB-2026-0001/
    spec.json       what to run; written once, before anything else
    run/            the job's own working folder, with the files it came with
    stdout stderr   what the job wrote
    watch.lock      locked by the runner as long as it lives: the system lets go when it dies
    begun           there as soon as the runner is at work
    started         the instant when it was started
    heartbeat       touched every second while the job runs
    cancel          there when somebody asked the job to stop
    report.json     how it ended; once it is there it never changes
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.protocol import JobReport, JobSpec, JobState, Reason


class Folder:
    """The files of one job."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.run = path / "run"
        self.watch = path / "watch.lock"

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def exists(self) -> bool:
        """Tell whether a job was laid down here."""
        return (self / "spec.json").is_file()

    def spec(self) -> JobSpec:
        """Return what to run."""
        raw = _read(self / "spec.json")
        lists = {"argv": tuple(raw["argv"]), "after": tuple((when, handle) for when, handle in raw.get("after", ()))}
        return JobSpec(**(raw | lists))

    def lay_down(self, spec: JobSpec) -> None:
        """Make the folder with all that the job needs; all of it appears at once or not at all."""
        draft = self.path.with_name(f".{self.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        (draft / "run").mkdir(parents=True, mode=0o700)
        for name, text in spec.files.items():
            target = _inside(draft / "run", name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            target.chmod(0o700)
        for stream in ("stdout", "stderr"):
            (draft / stream).touch(mode=0o600)
        _write_json(draft / "spec.json", _spec_as_json(spec))
        draft.rename(self.path)

    @property
    def has_begun(self) -> bool:
        """Tell whether a runner ever took charge; from then on nothing is started twice."""
        return (self / "begun").exists()

    def begin(self) -> None:
        """Note that a runner is in charge."""
        write_text(self / "begun", str(os.getpid()))

    def started(self) -> datetime | None:
        """Return the instant when it was started, or None when it was not."""
        try:
            return datetime.fromisoformat((self / "started").read_text(encoding="ascii"))
        except FileNotFoundError:
            return None

    def write_started(self, instant: datetime) -> None:
        """Note the instant when it is being started."""
        write_text(self / "started", instant.isoformat())

    def report(self) -> JobReport | None:
        """Return how it ended, or None when it has not."""
        if not (self / "report.json").is_file():
            return None
        raw = _read(self / "report.json")
        return JobReport(
            **raw
            | {
                "state": JobState(raw["state"]),
                "reason": Reason(raw["reason"]),
                "started": _instant(raw["started"]),
                "ended": _instant(raw["ended"]),
            }
        )

    def write_report(self, report: JobReport) -> None:
        """Write how it ended, at once and for good."""
        _write_json(
            self / "report.json",
            {
                "state": report.state.value,
                "started": _text(report.started),
                "ended": _text(report.ended),
                "devices": dict(report.devices),
                "exit_code": report.exit_code,
                "reason": report.reason.value,
                "detail": report.detail,
                "cpu_milliseconds": report.cpu_milliseconds,
                "peak_memory_bytes": report.peak_memory_bytes,
            },
        )

    def beat(self) -> None:
        """Note that the job is alive now."""
        (self / "heartbeat").touch(mode=0o600)

    def last_beat(self) -> datetime | None:
        """Return when the job was last known to be alive."""
        try:
            return datetime.fromtimestamp((self / "heartbeat").stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def ask_to_cancel(self) -> None:
        """Leave word that the job is to stop; its runner looks for it."""
        (self / "cancel").touch(mode=0o600)

    @property
    def cancel_asked(self) -> bool:
        """Tell whether somebody asked the job to stop."""
        return (self / "cancel").exists()


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold an exclusive lock on a file, waiting for it; yield the open file's number."""
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield number
    finally:
        os.close(number)


@contextmanager
def locked_if_free(path: Path) -> Iterator[int | None]:
    """Hold an exclusive lock on a file, or yield None at once when somebody else holds it."""
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield number
    finally:
        os.close(number)


def write_text(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, sees all of it or nothing."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(data, indent=1))


def _inside(folder: Path, name: str) -> Path:
    target = folder / name
    if target == folder or ".." in target.parts or not target.is_relative_to(folder):
        raise Invalid(
            "sites.local.file_name",
            message(
                gettext_noop("A job cannot bring a file named “{value}”. Name it relative to the job's folder."),
                value=name,
            ),
        )
    return target


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _spec_as_json(spec: JobSpec) -> dict[str, Any]:
    return asdict(spec)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
